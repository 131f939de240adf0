// @ts-check
/** A table on the page, and the data set of the kind `inline` that carries it in the recipe. Nothing here is changed in place. */

/** @import { Choice, DataView } from "../wire.js" */

/** @typedef {Pick<DataView, "X" | "y" | "x_names" | "y_names" | "classes">} Table examples in columns */
/** @typedef {number[]} Example its features, then its targets */

const DIGITS = 4; // of the range of a column: finer than a pixel, and short in a link
export const MOST_EXAMPLES = 2_000; // edited by hand

/**
 * @param {Table} table
 * @param {Choice | undefined} dataset the one it takes the place of: it is split and scaled alike
 * @returns {Choice}
 */
export function inlineDataset({ X, y, x_names, y_names, classes }, dataset) {
  const kept = Object.fromEntries(["seed", "test_fraction", "standardize"].flatMap((name) => (dataset && name in dataset ? [[name, dataset[name]]] : [])));
  return { kind: "inline", X, y: y.length === 1 ? y[0] : y, x_names, y_names, ...(classes ? { classes } : {}), ...kept };
}

/**
 * @param {Table} table
 * @returns {boolean} whether its examples are points of the picture, few enough to be taken one by one
 */
export const isEditable = ({ X, y }) => (X.length === 1 || X.length === 2) && y.length === 1 && X[0].length > 0 && X[0].length <= MOST_EXAMPLES;

/**
 * @param {Table} table
 * @param {number} index
 * @returns {Example}
 */
export const exampleOf = ({ X, y }, index) => [...X, ...y].map((column) => column[index]);

/**
 * @template {Table} T
 * @param {T} table
 * @param {(column: number[], place: number) => number[]} change of each column
 * @returns {T}
 */
function mapped(table, change) {
  const { X, y } = table;
  return { ...table, X: X.map(change), y: y.map((column, i) => change(column, X.length + i)) };
}

/**
 * @template {Table} T
 * @param {T} table
 * @param {number} index
 * @param {Example} example
 * @returns {T}
 */
export const withExample = (table, index, example) => mapped(table, (column, place) => column.with(index, example[place]));

/**
 * @template {Table} T
 * @param {T} table
 * @param {Example} example
 * @returns {T} with one more, at the end
 */
export const withMore = (table, example) => mapped(table, (column, place) => [...column, example[place]]);

/**
 * @template {Table} T
 * @param {T} table
 * @param {number} index
 * @returns {T}
 */
export const without = (table, index) => mapped(table, (column) => column.toSpliced(index, 1));

/**
 * @param {number} value
 * @param {number} range of what it is one of
 * @returns {number} with as many digits as a hand can mean
 */
export function handy(value, range) {
  const places = DIGITS - 1 - Math.floor(Math.log10(Math.abs(range) || 1));
  return places > 0 ? Number(value.toFixed(Math.min(places, 20))) : Math.round(value * 10 ** places) / 10 ** places;
}

/**
 * @param {number[]} column
 * @returns {number}
 */
export const rangeOf = (column) => Math.max(...column) - Math.min(...column);
