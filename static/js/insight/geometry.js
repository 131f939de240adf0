// @ts-check
/** Where units stand in the drawing of a network. */

export const UNIT = 40; // a side, in pixels
const MOST_UNITS = 8; // drawn of a layer

/**
 * @typedef {object} Size in pixels
 * @property {number} unit a side
 * @property {number} row from unit to unit
 * @property {number} step between two layers, at least: a deeper network is wider than its box, which scrolls
 * @property {{x: number, top: number, bottom: number}} margin
 */

/** @type {Record<"full" | "small", Size>} small: a map beside the equations, without numbers */
const SIZES = {
  full: { unit: UNIT, row: 76, step: 84, margin: { x: 48, top: 28, bottom: 24 } },
  small: { unit: 14, row: 19, step: 40, margin: { x: 12, top: 4, bottom: 4 } },
};

/** @typedef {{x: number, y: number}} Place the middle of a unit */

/**
 * @typedef {object} Plan
 * @property {number} width
 * @property {number} height
 * @property {Place[][]} places of the drawn units, layer by layer, inputs first
 * @property {number[]} hidden how many units of each layer are not drawn
 * @property {number} unit a side of one
 */

/**
 * @param {number[]} widths units of each layer, inputs first
 * @param {number} room for the drawing, in pixels
 * @param {"full" | "small"} size
 * @returns {Plan}
 */
export function planOf(widths, room, size) {
  const { unit, row, step: least, margin } = SIZES[size];
  const drawn = widths.map((units) => Math.min(units, MOST_UNITS));
  const inside = row * Math.max(...drawn);
  const step = Math.max(least, (room - 2 * margin.x) / (widths.length - 1));
  const places = drawn.map((units, layer) =>
    Array.from({ length: units }, (_, i) => ({ x: margin.x + layer * step, y: margin.top + inside / 2 + (i - (units - 1) / 2) * row })),
  );
  const width = 2 * margin.x + step * (widths.length - 1);
  return { width, height: margin.top + inside + margin.bottom, places, hidden: widths.map((units, i) => units - drawn[i]), unit };
}
