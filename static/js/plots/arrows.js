// @ts-check
/** The field of descent as arrows: the negative gradient in the plane. A longer arrow is a steeper place, by its cube root. */

/**
 * @import { Field } from "../wire.js"
 * @import { Trace } from "./plotly.js"
 */

const FULL = 0.85; // of a cell, for the longest
const HEAD = 0.35; // of its arrow, at most so long
const MOST_HEAD_PX = 6;
const SPREAD = 0.45; // radians between shaft and head

/**
 * @param {Field} field
 * @param {number} width of the plot in px
 * @param {number} height
 * @returns {Trace[]} light below dark, so that they are seen on every colour
 */
export function arrowTraces({ x, y, u, v }, width, height) {
  const across = width / (x[x.length - 1] - x[0]);
  const up = height / (y[y.length - 1] - y[0]);
  const longest = FULL * Math.min(width / x.length, height / y.length);
  const steepest = Math.max(...u.flatMap((row, j) => row.map((value, i) => Math.hypot(value ?? 0, v[j][i] ?? 0))));
  /** @type {{x: (number | null)[], y: (number | null)[]}} */
  const line = { x: [], y: [] };
  /** @param {[number, number][]} points in px, from the lower left */
  const draw = (points) => {
    line.x.push(...points.map(([px]) => x[0] + px / across), null);
    line.y.push(...points.map(([, py]) => y[0] + py / up), null);
  };
  u.forEach((row, j) =>
    row.forEach((value, i) => {
      const [dx, dy] = [value, v[j][i]];
      if (dx === null || dy === null || !(Math.hypot(dx, dy) > 0)) return;
      const length = longest * Math.cbrt(Math.hypot(dx, dy) / steepest);
      arrow((x[i] - x[0]) * across, (y[j] - y[0]) * up, Math.atan2(dy * up, dx * across), length).forEach(draw);
    }),
  );
  const stroke = (/** @type {string} */ color, /** @type {number} */ size) => ({
    ...{ type: "scatter", mode: "lines", hoverinfo: "skip", connectgaps: false, ...line },
    line: { color, width: size, simplify: false },
  });
  return [stroke("rgba(255,255,255,0.55)", 2.5), stroke("rgba(16,20,32,0.85)", 1.1)];
}

/**
 * @param {number} x of its middle, px
 * @param {number} y
 * @param {number} angle
 * @param {number} length
 * @returns {[number, number][][]} shaft and head
 */
function arrow(x, y, angle, length) {
  const at = (/** @type {number} */ distance, /** @type {number} */ turn, from = [x, y]) =>
    /** @type {[number, number]} */ ([from[0] + distance * Math.cos(angle + turn), from[1] + distance * Math.sin(angle + turn)]);
  const tip = at(length / 2, 0);
  const head = -Math.min(HEAD * length, MOST_HEAD_PX);
  return [
    [at(-length / 2, 0), tip],
    [at(head, SPREAD, tip), tip, at(head, -SPREAD, tip)],
  ];
}
