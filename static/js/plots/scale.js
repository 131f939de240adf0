// @ts-check
/** Heights and colours of the loss surface, linear or logarithmic: the same for map and 3-D. */

/** @import { Surface } from "../wire.js" */

/** Even in lightness (OKLab 0.30 to 0.95) from deep indigo over teal to sand; without colour it reads the same. */
export const COLOUR_SCALE = ["#1e2b53", "#2a4463", "#3b5e72", "#517780", "#6c908f", "#8aa89d", "#acc0ab", "#d1d8b8", "#faefc5"].map(
  (colour, i, all) => /** @type {[number, string]} */ ([i / (all.length - 1), colour]),
);
const LEVELS = 18;
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

/**
 * @param {Surface} surface
 * @param {ScaleKind} kind
 * @returns {LossScale}
 */
export function lossScale(surface, kind) {
  let least = Infinity;
  let most = -Infinity;
  for (const row of surface.loss) {
    for (const loss of row) {
      least = Math.min(least, loss);
      most = Math.max(most, loss);
    }
  }
  const floor = most > 0 ? most * 10 ** -DECADES : 1;
  const height = kind === "log" ? (/** @type {number} */ loss) => Math.log10(Math.max(loss, floor)) : (/** @type {number} */ loss) => loss;
  const [low, high] = [height(least), height(most)];
  const losses = kind === "log" ? logTicks(Math.max(least, floor), most) : linearTicks(least, most);
  const step = (high - low) / LEVELS || 1;
  return { kind, height, low, high, step, ticks: losses.map(height), labels: losses.map(shortNumber) };
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
  if (value && (size >= 1e5 || size < 1e-3)) return value.toExponential(0).replace("e+", "e").replace("-", "−");
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
