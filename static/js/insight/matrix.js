// @ts-check
/** Values of any shape as rows of numbers. */

/** @import { Values } from "./wire.js" */

/** @typedef {(number | null)[][]} Matrix */

/**
 * @param {Values} values a number, a list, a list of rows
 * @returns {Matrix}
 */
export function matrixOf(values) {
  if (!Array.isArray(values)) return [[values]];
  return Array.isArray(values[0]) ? /** @type {Matrix} */ (values) : [/** @type {(number | null)[]} */ (values)];
}

/**
 * @param {Matrix} matrix
 * @returns {number} the largest size of a number in it
 */
export function largest(matrix) {
  let most = 0;
  for (const row of matrix) for (const value of row) most = Math.max(most, Math.abs(value ?? 0));
  return most;
}

/**
 * @param {number[]} shape
 * @returns {string} "4 × 100"
 */
export const shapeWords = (shape) => (shape.length === 1 ? `1 × ${shape[0]}` : shape.join(" × "));
