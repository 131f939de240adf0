// @ts-check
/** The numbers of a quantity: one as it is, a few in brackets, many as a heat map. */

/**
 * @import { Names } from "../by-hand/names.js"
 * @import { Matrix } from "./matrix.js"
 * @import { Quantity } from "./wire.js"
 */
import { typedButton } from "../by-hand/button.js";
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { HeatMap } from "./heat.js";
import { matrixOf, shapeWords } from "./matrix.js";

const MOST_ROWS = 5;
const MOST_COLUMNS = 5;

/**
 * @typedef {object} ValuesView
 * @property {HTMLElement} element
 * @property {(matrix: Matrix, columns: number[] | null) => void} show columns: the order of examples, where they are columns
 * @property {HeatMap} [heat]
 */

/**
 * @param {Quantity} quantity
 * @param {Names | null} names of its numbers, where these are parameters
 * @returns {ValuesView}
 */
export function valuesView({ symbol, shape, values }, names) {
  if (values === null) return { element: element("p", { className: "label" }, text("values.too_many")), show: () => {} };
  const matrix = matrixOf(values);
  if (!shape.length) return scalar(names);
  return matrix.length <= MOST_ROWS && matrix[0].length <= MOST_COLUMNS ? brackets(matrix, symbol, names) : heatView(symbol, shape, names);
}

/**
 * @param {Names | null} names
 * @returns {ValuesView}
 */
function scalar(names) {
  const cell = names ? typedButton(names(0, 0), -1) : element("span");
  return { element: element("span", { className: "scalar" }, cell), show: ([[value]]) => say(cell, formatNumber(value)) };
}

/**
 * @param {Matrix} matrix
 * @param {string} symbol
 * @param {Names | null} names
 * @returns {ValuesView}
 */
function brackets(matrix, symbol, names) {
  const cells = matrix.map((row, i) => row.map((_, j) => (names ? typedButton(names(i, j), -1) : element("span"))));
  const box = element("div", { className: "brackets", role: "group", ariaLabel: symbol }, ...cells.flat());
  box.style.gridTemplateColumns = `repeat(${matrix[0].length}, auto)`;
  return { element: box, show: (next) => next.forEach((row, i) => row.forEach((value, j) => say(cells[i][j], formatNumber(value)))) };
}

/**
 * @param {string} symbol
 * @param {number[]} shape
 * @param {Names | null} names
 * @returns {ValuesView}
 */
function heatView(symbol, shape, names) {
  const heat = new HeatMap(symbol, names);
  heat.element.title = shapeWords(shape);
  return { element: heat.element, show: (matrix, columns) => heat.show(matrix, columns), heat };
}
