// @ts-check
/** One step taken apart into arrows on the map: gradient, velocity, scaling, update, each with its numbers. */

/**
 * @import { Anatomy, Quantity } from "../insight/wire.js"
 * @import { ParameterShape } from "../wire.js"
 */
import { formatNumber } from "../format.js";
import { addresses } from "../parameters.js";
import { text } from "../texts.js";

/** @typedef {[number, number]} Pair of numbers, for the two parameters of the map */

/**
 * @typedef {object} Stage
 * @property {"gradient" | "velocity" | "mean" | "scaling" | "update"} kind
 * @property {Pair} arrow where this alone would lead, in the units of the parameters
 * @property {string} words
 */

const VELOCITIES = /** @type {const} */ ({ v: "velocity", m: "mean" });

/**
 * @param {Anatomy} anatomy
 * @param {ParameterShape[]} parameters
 * @param {[string, string]} labels addresses of the two parameters
 * @returns {Stage[]} none where the numbers are not there
 */
export function stagesOf({ quantities }, parameters, labels) {
  const known = new Map(quantities.map((quantity) => [quantity.id, quantity]));
  const places = labels.map((label) => placeOf(parameters, label));
  /** @type {(id: (name: string) => string) => Pair | null} */
  const pair = (id) => {
    const values = places.map((place) => (place ? valueAt(known.get(id(place.name)), place.index) : null));
    return values.some((value) => value === null) ? null : /** @type {Pair} */ (values);
  };
  const update = pair((name) => `change[${name}]`);
  if (!update) return [];
  const rate = valueAt(known.get("learning_rate"), 0) ?? 1;
  const gradient = pair((name) => `d${name}`);
  const madeOf = known.get(`change[${places[0]?.name}]`)?.from ?? [];
  const letter = /** @type {("v" | "m")[]} */ (["v", "m"]).find((each) => madeOf.some((id) => id.startsWith(`${each}[`)));
  const velocity = letter ? pair((name) => `${letter}[${name}]`) : null;
  const scaling = madeOf.some((id) => id.startsWith("scaling[")) ? pair((name) => `scaling[${name}]`) : null;
  const direction = velocity ?? gradient;
  const down = (/** @type {Pair} */ [x, y]) => /** @type {Pair} */ ([-rate * x, -rate * y]);
  /** @type {Stage[]} */
  const stages = [];
  if (gradient) stages.push({ kind: "gradient", arrow: down(gradient), words: words("gradient", gradient, { rate: formatNumber(rate) }) });
  if (letter && velocity) {
    const before = pair((name) => `${letter}_before[${name}]`) ?? [0, 0];
    stages.push({ kind: VELOCITIES[letter], arrow: down(velocity), words: words(VELOCITIES[letter], velocity, { before: shown(before) }) });
  }
  if (scaling && direction) {
    const scaled = /** @type {Pair} */ (direction.map((value, i) => value / scaling[i]));
    stages.push({ kind: "scaling", arrow: down(scaled), words: words("scaling", scaling, { scaled: shown(scaled) }) });
  }
  stages.push({ kind: "update", arrow: update, words: words("update", update, {}) });
  return stages;
}

/**
 * @param {string} kind
 * @param {Pair} values
 * @param {Record<string, string>} more
 * @returns {string}
 */
const words = (kind, values, more) => text(`time.slow_${kind}`, { values: shown(values), ...more });

/**
 * @param {Pair} pair
 * @returns {string}
 */
const shown = ([x, y]) => `(${formatNumber(x)}, ${formatNumber(y)})`;

/**
 * @param {ParameterShape[]} parameters
 * @param {string} label
 * @returns {{name: string, index: number} | null} where a scalar stands in its array
 */
function placeOf(parameters, label) {
  const parameter = parameters.find(({ name }) => name === label.split("[")[0]);
  const index = parameter ? addresses([parameter], Infinity).indexOf(label) : -1;
  return parameter && index >= 0 ? { name: parameter.name, index } : null;
}

/**
 * @param {Quantity | undefined} quantity
 * @param {number} index row by row
 * @returns {number | null}
 */
const valueAt = (quantity, index) => [quantity?.values ?? null].flat(2)[index] ?? null;
