// @ts-check
/** How each run looks everywhere, and what of it is drawn at a moment. */

/**
 * @import { Comparison } from "./compare/comparison.js"
 * @import { Path, Point } from "./path.js"
 * @import { RunState } from "./wire.js"
 */
import { drawnIndices } from "./path.js";

/**
 * @typedef {object} Style
 * @property {string} colour
 * @property {string} dash as Plotly has it
 */

/** Okabe and Ito 2008, told apart by all kinds of colour vision; the dash says the same without colour. @type {Style[]} */
const STYLES = [
  { colour: "#d55e00", dash: "solid" },
  { colour: "#56b4e9", dash: "dash" },
  { colour: "#009e73", dash: "dot" },
  { colour: "#e69f00", dash: "dashdot" },
  { colour: "#cc79a7", dash: "longdash" },
  { colour: "#0072b2", dash: "longdashdot" },
  { colour: "#f0e442", dash: "10px,3px" },
  { colour: "#6a6a6a", dash: "3px,3px" },
];

/**
 * @typedef {object} DrawnRun one run at the step that is drawn
 * @property {string} name
 * @property {Style} style
 * @property {Path} path
 * @property {number} count points of the path up to that step
 * @property {Point} point the last of them
 */

/**
 * @param {number} index
 * @returns {Style}
 */
export const styleOf = (index) => STYLES[index % STYLES.length];

/**
 * @param {RunState[]} runs
 * @param {Map<string, Path>} paths
 * @param {number} position
 * @param {Readonly<Comparison>} compare
 * @returns {DrawnRun[]}
 */
export function drawnRuns(runs, paths, position, compare) {
  /** @type {DrawnRun[]} */
  const drawn = [];
  runs.forEach(({ name }) => {
    const path = paths.get(name);
    const index = path?.indexAt(position) ?? -1;
    if (path && index >= 0) drawn.push({ name, style: styleOf(compare.styles[name] ?? 0), path, count: index + 1, point: path.point(index) });
  });
  return drawn;
}

/**
 * The drawn part of some columns of a path; points that one of them does not have are left out, the line goes on past them.
 * @param {Pick<DrawnRun, "path" | "count">} run
 * @param {(keyof Path["columns"])[]} names
 * @param {number} [most] points
 * @param {number} [exact] of them at the end, none left out
 * @returns {Record<string, number[]>} with `step`
 */
export function drawnColumns({ path, count }, names, most, exact) {
  const columns = names.map((name) => path.columns[name]);
  const indices = drawnIndices(count, most, exact).filter((i) => columns.every((column) => !Number.isNaN(column[i])));
  const picked = Object.fromEntries(names.map((name, k) => [name, indices.map((i) => columns[k][i])]));
  return { ...picked, step: indices.map((i) => path.step[i]) };
}
