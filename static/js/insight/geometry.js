// @ts-check
/** Where units stand in the drawing of a network. */

export const UNIT = 40; // a side, in pixels
const ROW = 76;
const LEAST_STEP = 84; // between two layers; a deeper network is wider than its box, which scrolls
const MARGIN = { x: 48, top: 28, bottom: 24 };
const MOST_UNITS = 8; // drawn of a layer

/** @typedef {{x: number, y: number}} Place the middle of a unit */

/**
 * @typedef {object} Plan
 * @property {number} width
 * @property {number} height
 * @property {Place[][]} places of the drawn units, layer by layer, inputs first
 * @property {number[]} hidden how many units of each layer are not drawn
 */

/**
 * @param {number[]} widths units of each layer, inputs first
 * @param {number} room for the drawing, in pixels
 * @returns {Plan}
 */
export function planOf(widths, room) {
  const drawn = widths.map((units) => Math.min(units, MOST_UNITS));
  const inside = ROW * Math.max(...drawn);
  const step = Math.max(LEAST_STEP, (room - 2 * MARGIN.x) / (widths.length - 1));
  const places = drawn.map((units, layer) =>
    Array.from({ length: units }, (_, i) => ({ x: MARGIN.x + layer * step, y: MARGIN.top + inside / 2 + (i - (units - 1) / 2) * ROW })),
  );
  const width = 2 * MARGIN.x + step * (widths.length - 1);
  return { width, height: MARGIN.top + inside + MARGIN.bottom, places, hidden: widths.map((units, i) => units - drawn[i]) };
}
