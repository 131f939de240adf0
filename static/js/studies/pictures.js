// @ts-check
/** What the cells of a study look like, and what there is to say about each. */

/**
 * @import { CellPicture, Mark } from "../plots/cells.js"
 * @import { BasinsResult, Outcome, SweepResult } from "./wire.js"
 */
import { formatNumber } from "../format.js";
import { HATCHED } from "../plots/cells.js";
import { mixed, shadeAt } from "../plots/scale.js";
import { text } from "../texts.js";

/** Paul Tol's muted scheme, told apart by all kinds of colour vision; runs have other colours. */
const MUTED = ["#332288", "#44aa99", "#ddcc77", "#cc6677", "#88ccee", "#117733", "#aa4499", "#999933", "#882255"];
export const ON_THE_WAY = "#a9adb3";
const PALEST = 0.7; // of the way to white: the slowest start is still told apart
const MOST_MARKED = 9;
const DECADES = 12;
const NEAR = 1e-3;

/** @param {number} place */
export const colourOf = (place) => MUTED[place % MUTED.length];

/** @typedef {{low: number, high: number}} Span what the ends of a colour scale stand for */

/**
 * @param {BasinsResult} result
 * @param {"minimum" | "steps" | "loss"} colour
 * @returns {CellPicture & {span: Span | null}}
 */
export function basinsPicture(result, colour) {
  const { x, y, outcome, minimum, steps, loss, plane } = result;
  const span = colour === "loss" ? spanOf(loss, outcome) : spanOf(steps, outcome, "arrived");
  const cell = (/** @type {number} */ i, /** @type {number} */ j) => {
    const how = outcome[i][j];
    if (how === null) return null;
    if (how === "diverged" || how === "undefined") return HATCHED;
    if (colour === "loss") return shadeAt(partOf(loss[i][j], span));
    if (how === "on the way") return ON_THE_WAY;
    if (colour === "steps") return shadeAt(stepsPart(steps[i][j], span));
    const place = minimum[i][j];
    return place === null ? ON_THE_WAY : mixed(colourOf(place), "#ffffff", PALEST * stepsPart(steps[i][j], span));
  };
  return {
    colours: grid(y.length, x.length, cell),
    x: { title: plane.x_label, ...edges(x), ticks: null },
    y: { title: plane.y_label, ...edges(y), ticks: null },
    marks: minimaMarks(result),
    span: colour === "minimum" ? null : span,
    words: (i, j) => [text("studies.at", { x: plane.x_label, y: plane.y_label, at_x: formatNumber(x[j]), at_y: formatNumber(y[i]) }), startWords(result, i, j)].join(": "),
  };
}

/**
 * @param {BasinsResult} result
 * @param {number} i
 * @param {number} j
 * @returns {string}
 */
function startWords({ outcome, minimum, steps, loss, minima }, i, j) {
  const place = minimum[i][j];
  const values = { steps: steps[i][j] ?? 0, loss: formatNumber(loss[i][j]), number: (place ?? 0) + 1 };
  if (outcome[i][j] !== "arrived") return text(`studies.outcome.${(outcome[i][j] ?? "unknown").replaceAll(" ", "_")}`, values);
  return place === null ? text("studies.outcome.nowhere", values) : text(minima[place].kind === "level" ? "studies.outcome.level" : "studies.outcome.arrived", values);
}

/**
 * @param {BasinsResult} result
 * @returns {Mark[]}
 */
function minimaMarks({ minima }) {
  return minima.slice(0, MOST_MARKED).flatMap(({ x, y }, place) => (x === null || y === null ? [] : [{ x, y, text: String(place + 1) }]));
}

/**
 * @param {SweepResult} result
 * @param {{learning_rate: number, momentum: number | null} | null} present in force now
 * @returns {CellPicture & {span: Span | null}}
 */
export function sweepPicture(result, present) {
  const { learning_rate, momentum, constant, outcome, loss, best } = result;
  const span = spanOf(loss, outcome, "on the way");
  const cell = (/** @type {number} */ i, /** @type {number} */ j) => {
    if (outcome[i][j] === null) return null;
    return outcome[i][j] === "on the way" ? shadeAt(partOf(loss[i][j], span)) : HATCHED;
  };
  const across = learning_rate.map(Math.log10);
  const up = momentum.map((value) => depth(value));
  const at = (/** @type {{learning_rate: number, momentum: number | null} | null} */ setting, /** @type {string} */ sign) =>
    setting ? [{ x: Math.log10(setting.learning_rate), y: depth(setting.momentum), text: sign }] : [];
  return {
    colours: grid(momentum.length, learning_rate.length, cell),
    x: { title: text("studies.learning_rate"), ...edges(across), ticks: decades(learning_rate) },
    y: { title: constant ? text(`studies.constant.${constant}`) : "", ...edges(up), ticks: constant ? memories(momentum) : [] },
    marks: [...at(present, "○"), ...at(best, "✕")],
    span,
    words: (i, j) => [settingWords(result, i, j), text(`studies.swept.${outcome[i][j]?.replaceAll(" ", "_") ?? "unknown"}`, { steps: result.steps[i][j] ?? 0, loss: formatNumber(loss[i][j]) })].join(": "),
  };
}

/**
 * @param {SweepResult} result
 * @param {number} i
 * @param {number} j
 * @returns {string}
 */
export function settingWords({ learning_rate, momentum, constant }, i, j) {
  const rate = `η ${formatNumber(learning_rate[j])}`;
  return constant === null ? rate : `${rate}, ${text(`studies.sign.${constant}`)} ${formatNumber(momentum[i])}`;
}

/**
 * How far a momentum remembers, on a logarithmic scale.
 * @param {number | null} momentum
 * @returns {number}
 */
const depth = (momentum) => -Math.log10(1 - (momentum ?? 0));

/**
 * @param {number[]} rates
 * @returns {{at: number, label: string}[]}
 */
function decades(rates) {
  const [low, high] = [Math.log10(rates[0]), Math.log10(rates[rates.length - 1])];
  const found = [];
  for (let decade = Math.floor(low); decade <= high; decade += 1) found.push(...[1, 3].map((digit) => digit * 10 ** decade));
  return found.filter((rate) => Math.log10(rate) >= low && Math.log10(rate) <= high).map((rate) => ({ at: Math.log10(rate), label: String(Number(rate.toPrecision(1))) }));
}

/**
 * @param {(number | null)[]} momenta
 * @returns {{at: number, label: string}[]}
 */
function memories(momenta) {
  const [low, high] = [depth(momenta[0]), depth(momenta[momenta.length - 1])];
  return [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999].map((value) => ({ at: depth(value), label: String(value) })).filter(({ at }) => at >= low - 1e-9 && at <= high + 1e-9);
}

/**
 * @param {number} rows
 * @param {number} columns
 * @param {(i: number, j: number) => string | null} cell
 * @returns {(string | null)[][]}
 */
const grid = (rows, columns, cell) => Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => cell(i, j)));

/**
 * @param {number[]} centres evenly spaced
 * @returns {{low: number, high: number}} the outer edges of the cells
 */
function edges(centres) {
  const [first, last] = [centres[0], centres[centres.length - 1]];
  const half = centres.length > 1 ? (last - first) / (2 * (centres.length - 1)) : 0.5;
  return { low: first - half, high: last + half };
}

/**
 * @param {(number | null)[][]} values
 * @param {Outcome[][]} outcome
 * @param {Outcome} [wanted] all that did not diverge without it
 * @returns {Span | null}
 */
function spanOf(values, outcome, wanted) {
  let [low, high] = [Infinity, -Infinity];
  values.forEach((row, i) =>
    row.forEach((value, j) => {
      const how = outcome[i][j];
      if (value === null || (wanted ? how !== wanted : how === "diverged" || how === null)) return;
      [low, high] = [Math.min(low, value), Math.max(high, value)];
    }),
  );
  return low <= high ? { low, high } : null;
}

/**
 * @param {number | null} value
 * @param {Span | null} span
 * @returns {number} its part of the way from low to high on a logarithmic scale of so many decades at most
 */
function partOf(value, span) {
  if (value === null || !span || span.low === span.high) return 0;
  const { low, high } = span;
  const base = low < 0 ? low - (high - low) * NEAR : 0; // what is not positive has no logarithm
  const least = Math.max(low - base, (high - base) * 10 ** -DECADES);
  return Math.log(Math.max(value - base, least) / least) / Math.log((high - base) / least);
}

/**
 * @param {number | null} steps of which 0 is one
 * @param {Span | null} span
 * @returns {number}
 */
const stepsPart = (steps, span) => partOf(steps === null ? null : steps + 1, span && { low: span.low + 1, high: span.high + 1 });
