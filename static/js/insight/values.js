// @ts-check
/** The numbers of a quantity: one as it is, a few in brackets, many as a heat map. */

/**
 * @import { Matrix } from "./matrix.js"
 * @import { Quantity } from "./wire.js"
 */
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
 * @returns {ValuesView}
 */
export function valuesView({ symbol, shape, values }) {
  if (values === null) return { element: element("p", { className: "label" }, text("values.too_many")), show: () => {} };
  const matrix = matrixOf(values);
  if (!shape.length) return scalar();
  return matrix.length <= MOST_ROWS && matrix[0].length <= MOST_COLUMNS ? brackets(matrix, symbol) : heatView(symbol, shape);
}

/** @returns {ValuesView} */
function scalar() {
  const box = element("span", { className: "scalar" });
  return { element: box, show: ([[value]]) => say(box, formatNumber(value)) };
}

/**
 * @param {Matrix} matrix
 * @param {string} symbol
 * @returns {ValuesView}
 */
function brackets(matrix, symbol) {
  const cells = matrix.map((row) => row.map(() => element("span")));
  const box = element("div", { className: "brackets", role: "group", ariaLabel: symbol }, ...cells.flat());
  box.style.gridTemplateColumns = `repeat(${matrix[0].length}, auto)`;
  return { element: box, show: (next) => next.forEach((row, i) => row.forEach((value, j) => say(cells[i][j], formatNumber(value)))) };
}

/**
 * @param {string} symbol
 * @param {number[]} shape
 * @returns {ValuesView}
 */
function heatView(symbol, shape) {
  const heat = new HeatMap(symbol);
  heat.element.title = shapeWords(shape);
  return { element: heat.element, show: (matrix, columns) => heat.show(matrix, columns), heat };
}
