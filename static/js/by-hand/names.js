// @ts-check
/** Which numbers of a quantity are parameters, and how these are called. */

/**
 * @import { Quantity } from "../insight/wire.js"
 * @import { ParameterShape } from "../wire.js"
 */
import { address } from "../parameters.js";

/** @typedef {(row: number, column: number) => string} Names the address of a parameter by its place in a matrix */

const FOLDED = /^W_bar(\d+)$/;

/**
 * @param {Pick<Quantity, "id" | "shape">} quantity
 * @param {ParameterShape[]} parameters
 * @returns {Names | null} null: it is computed, or given by the data
 */
export function namesOf({ id, shape }, parameters) {
  const own = parameters.find(({ name }) => name === id);
  const columns = shape[1] ?? 1;
  if (own) return (row, column) => address(own, row * columns + column);
  const layer = Number(FOLDED.exec(id)?.[1] ?? NaN);
  const [weights, bias] = parameters.slice(2 * layer, 2 * layer + 2); // W̄ = [W | b]
  if (!weights || !bias) return null;
  return (row, column) => (column < columns - 1 ? address(weights, row * (columns - 1) + column) : address(bias, row));
}
