// @ts-check
/** The gradient check in numbers: a row a parameter, or of a large model a row for each of its matrices. */

/** @import { CheckedParameter } from "./wire.js" */
import { element } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";

const MOST_ROWS = 64;

/**
 * @param {CheckedParameter[]} rows
 * @returns {Map<string, CheckedParameter[]>} by the name of the matrix, or the number, they stand in
 */
export function groupsOf(rows) {
  /** @type {Map<string, CheckedParameter[]>} */
  const groups = new Map();
  for (const row of rows) {
    const [name] = row.parameter.split("[");
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

/**
 * @param {CheckedParameter[]} rows
 * @param {CheckedParameter} worst
 * @returns {HTMLTableElement}
 */
export function checkTable(rows, worst) {
  const isLong = rows.length > MOST_ROWS;
  const shown = isLong ? [...groupsOf(rows).values()].map(largestError) : rows;
  const counts = isLong ? [...groupsOf(rows).values()].map((own) => own.length) : [];
  const titles = ["parameter", ...(isLong ? ["count"] : []), "backprop", "difference", "error"].map((name) => element("th", { scope: "col" }, text(`check.column_${name}`)));
  const lines = shown.map((row, i) => line(row, counts[i], row === worst));
  const caption = element("caption", {}, text(isLong ? "check.caption_long" : "check.caption"));
  return element("table", {}, caption, element("thead", {}, element("tr", {}, ...titles)), element("tbody", {}, ...lines));
}

const largestError = (/** @type {CheckedParameter[]} */ rows) => rows.reduce((most, row) => (row.error > most.error ? row : most));

/**
 * @param {CheckedParameter} row
 * @param {number | undefined} count
 * @param {boolean} isWorst
 * @returns {HTMLTableRowElement}
 */
function line({ parameter, backprop, difference, error }, count, isWorst) {
  const name = isWorst ? text("check.worst", { parameter }) : parameter;
  const cells = [...(count === undefined ? [] : [String(count)]), ...[backprop, difference, error].map(formatNumber)];
  return element("tr", { className: isWorst ? "worst" : "" }, element("th", { scope: "row" }, name), ...cells.map((words) => element("td", {}, words)));
}
