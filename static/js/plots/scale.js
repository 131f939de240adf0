// @ts-check
/** Heights and colours of the loss surface, linear or logarithmic: the same for map and 3-D. */

/** @import { Surface } from "../wire.js" */
import { typeset } from "../format.js";

/** Even in lightness (OKLab 0.30 to 0.95) from deep indigo over teal to sand; without colour it reads the same. */
export const COLOUR_SCALE = ["#1e2b53", "#2a4463", "#3b5e72", "#517780", "#6c908f", "#8aa89d", "#acc0ab", "#d1d8b8", "#faefc5"].map(
  (colour, i, all) => /** @type {[number, string]} */ ([i / (all.length - 1), colour]),
);

/**
 * @param {number} part from 0, the lowest, to 1
 * @returns {string} its colour on that scale
 */
export function shadeAt(part) {
  const place = Math.min(1, Math.max(0, part)) * (COLOUR_SCALE.length - 1);
  const low = Math.min(Math.floor(place), COLOUR_SCALE.length - 2);
  return mixed(COLOUR_SCALE[low][1], COLOUR_SCALE[low + 1][1], place - low);
}

/**
 * @param {string} one as #rrggbb
 * @param {string} other
 * @param {number} part of the other
 * @returns {string}
 */
export function mixed(one, other, part) {
  const channel = (/** @type {number} */ i) => {
    const [from, to] = [one, other].map((colour) => parseInt(colour.slice(i, i + 2), 16));
    return Math.round(from + part * (to - from)).toString(16).padStart(2, "0");
  };
  return `#${[1, 3, 5].map(channel).join("")}`;
}

const LEVELS = 18;
const NEAR = 1e-3; // of the range: how far below the lowest loss a logarithm begins where losses are negative
const NARROW = 8; // less between highest and lowest, and steps of 1, 2, 5 are too far apart
const DECADES = 12; // a loss of 0 has no logarithm: what lies further below the highest is drawn at this depth

/** @typedef {"log" | "linear"} ScaleKind */

/**
 * @typedef {object} LossScale
 * @property {ScaleKind} kind
 * @property {(loss: number) => number} height
 * @property {number} low height of the lowest value
 * @property {number} high
 * @property {number} step between two contour lines
 * @property {number[]} ticks heights
 * @property {string[]} labels the losses there
 */

/** Those of the surfaces that are still about. @type {WeakMap<Surface, Partial<Record<ScaleKind, LossScale>>>} */
const scales = new WeakMap();

/**
 * @param {Surface} surface
 * @param {ScaleKind} kind
 * @returns {LossScale} the same object each time
 */
export function lossScale(surface, kind) {
  const known = scales.get(surface) ?? {};
  scales.set(surface, known);
  return (known[kind] ??= scaleOf(surface, kind));
}

/**
 * @param {Surface} surface
 * @param {ScaleKind} kind
 * @returns {LossScale}
 */
function scaleOf(surface, kind) {
  let least = Infinity;
  let most = -Infinity;
  for (const row of surface.loss) {
    for (const loss of row) {
      least = Math.min(least, loss);
      most = Math.max(most, loss);
    }
  }
  const height = kind === "log" ? logHeight(least, most) : (/** @type {number} */ loss) => loss;
  const [low, high] = [height(least), height(most)];
  const losses = kind === "log" ? ticksFor(least, most) : linearTicks(least, most);
  const step = (high - low) / LEVELS || 1;
  return { kind, height, low, high, step, ticks: losses.map(height), labels: losses.map(shortNumber) };
}

/**
 * The logarithm of the loss; where some are negative, that of the loss above a level just below the lowest. The ticks are
 * labelled with losses in any case.
 * @param {number} least
 * @param {number} most
 * @returns {(loss: number) => number}
 */
function logHeight(least, most) {
  const level = least < 0 ? least - (most - least) * NEAR : 0;
  const floor = (most - level) * 10 ** -DECADES || 1;
  return (loss) => Math.log10(Math.max(loss - level, floor));
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {number[]}
 */
function ticksFor(least, most) {
  if (least < 0) return logTicks((most - least) * NEAR, most - least).map((above) => Number((least + above).toPrecision(3)));
  const floor = Math.max(least, most * 10 ** -DECADES);
  return most > NARROW * floor ? logTicks(floor, most) : linearTicks(least, most);
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {number[]} 1, 2, 5 in each decade, or decades alone where there are many
 */
function logTicks(least, most) {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const every = Math.max(1, Math.ceil((last - first) / 8));
  const digits = last - first > 3 ? [1] : [1, 2, 5];
  const ticks = [];
  for (let decade = first; decade <= last; decade += every) ticks.push(...digits.map((digit) => digit * 10 ** decade));
  return ticks.filter((tick) => tick >= least && tick <= most);
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {number[]} five to ten round numbers
 */
function linearTicks(least, most) {
  const rough = (most - least) / 6 || 1;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * decade).find((size) => size >= rough) ?? rough;
  const ticks = [];
  for (let tick = Math.ceil(least / step) * step; tick <= most; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/**
 * @param {number} value
 * @returns {string}
 */
function shortNumber(value) {
  const size = Math.abs(value);
  if (value && (size >= 1e5 || size < 1e-3)) return typeset(value.toExponential(0).replace("e+", "e"));
  return typeset(String(Number(value.toPrecision(4))));
}
