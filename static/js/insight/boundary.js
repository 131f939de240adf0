// @ts-check
/** Where a classifier changes its mind: the line between two classes, drawn over the plane of two features. */

/** @import { Trace } from "../plots/plotly.js" */

const HALF = 0.5;

/**
 * @param {number[]} x
 * @param {number[]} y
 * @param {number[][][]} planes one probability, that of class 1, or one for each class
 * @param {string} colour
 * @returns {Trace[]} a line for each class that borders on others
 */
export function boundaries(x, y, planes, colour) {
  const leads = planes.length > 1 ? planes.map((_, k) => lead(planes, k)) : [planes[0].map((row) => row.map((value) => value - HALF))];
  const line = { color: colour, width: 2, smoothing: 1 };
  return leads.map((z) => ({
    ...{ type: "contour", x, y, z, showscale: false, hoverinfo: "skip", line, colorscale: [[0, colour], [1, colour]] },
    contours: { start: 0, end: 0, size: 1, coloring: "none" },
  }));
}

/**
 * @param {number[][][]} planes
 * @param {number} k
 * @returns {number[][]} by how much class k is likelier than the likeliest other
 */
function lead(planes, k) {
  const others = planes.filter((_, other) => other !== k);
  return planes[k].map((row, i) => row.map((value, j) => value - Math.max(...others.map((plane) => plane[i][j]))));
}
