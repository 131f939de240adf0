// @ts-check
/** The order in which examples are drawn: with one feature, along it, so that every row reads like a curve. */

/**
 * @import { Anatomy } from "./wire.js"
 * @import { DataView } from "../wire.js"
 */
import { matrixOf } from "./matrix.js";

/**
 * @param {Anatomy} anatomy
 * @returns {number[] | null} places in the batch; null: as they come
 */
export function orderOf({ quantities, batch }) {
  const inputs = quantities.find(({ layer, pass, from }) => layer === 0 && pass === "forward" && !from.length);
  if (!inputs || inputs.values === null || batch.length < 2) return null;
  const [x, ...others] = matrixOf(inputs.values);
  const isOneFeature = others.every((row) => row.every((value) => value === 1));
  return isOneFeature ? x.map((_, i) => i).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0)) : null;
}

/**
 * @param {DataView} data
 * @returns {number[]} columns of the table, by training example
 */
export function trainingColumns({ X, test }) {
  const isTest = new Set(test);
  return X[0].map((_, i) => i).filter((i) => !isTest.has(i));
}
