// @ts-check
/** Numbers at the drawn step, a row a run; they change every frame, so only the text of cells that differ is touched. */

/**
 * @import { DrawnRun } from "./runs.js"
 * @import { State } from "./state.js"
 */
import { typedButton } from "./by-hand/button.js";
import { lineSign } from "./compare/sign.js";
import { element, say } from "./dom.js";
import { epochAt, takesBatches, trainingCount } from "./epochs.js";
import { formatNumber, typeset } from "./format.js";
import { addresses, countScalars } from "./parameters.js";
import { text } from "./texts.js";

const MOST_PARAMETERS = 3;

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string | HTMLElement} title
 * @property {(run: DrawnRun, state: Readonly<State>) => string} value
 * @property {string} [hint] what the title stands for
 * @property {boolean} [isParameter] then its key is the address
 */

export class Readouts {
  #box;
  /** @type {Column[]} */ #columns = [];
  /** @type {HTMLElement[][]} */ #cells = [];
  #shape = "";
  #isTyped;

  /**
   * @param {HTMLElement} box
   * @param {{isTyped?: boolean}} [how] whether parameters can be typed over
   */
  constructor(box, { isTyped = false } = {}) {
    this.#box = box;
    this.#isTyped = isTyped;
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {Readonly<State>} state
   */
  show(runs, state) {
    const columns = columnsFor(state);
    const shape = JSON.stringify([runs.map(({ name }) => name), columns.map(({ key }) => key)]);
    if (shape !== this.#shape) this.#build(runs, columns);
    this.#shape = shape;
    runs.forEach((run, row) => this.#columns.forEach((column, k) => say(this.#cells[row][k], column.value(run, state))));
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {Column[]} columns
   */
  #build(runs, columns) {
    this.#columns = columns;
    const named = runs.length > 1;
    const titles = columns.map(({ title, hint = "" }) => element("th", { scope: "col", title: hint }, title));
    const head = element("tr", {}, ...(named ? [element("th", { scope: "col" }, text("readout.run"))] : []), ...titles);
    this.#cells = runs.map(() => columns.map(({ key, isParameter }) => (isParameter && this.#isTyped ? typedButton(key) : element("span"))));
    const rows = runs.map((run, row) => element("tr", {}, ...(named ? [nameCell(run)] : []), ...this.#cells[row].map((cell) => element("td", {}, cell))));
    rows.forEach((each, row) => (each.dataset.run = runs[row].name));
    this.#box.replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
    this.#box.tabIndex = this.#box.scrollWidth > this.#box.clientWidth ? 0 : -1; // what scrolls is reached by keyboard
  }
}

/**
 * @param {DrawnRun} run
 * @returns {HTMLElement}
 */
function nameCell({ name, style }) {
  return element("th", { scope: "row", className: "signed" }, lineSign(style, 3.5), name);
}

/**
 * @param {Readonly<State>} state
 * @returns {Column[]}
 */
function columnsFor(state) {
  const { runs, parameters, surface } = state;
  /** @type {Column[]} */
  const columns = [
    { key: "loss", title: text("readout.loss"), value: ({ point }) => formatNumber(point.loss) },
    { key: "gradient", title: text("readout.gradient_norm"), value: ({ point }) => formatNumber(point.gradientNorm) },
  ];
  const hasTest = runs.some(({ test_loss }) => typeof test_loss === "number");
  if (hasTest) columns.splice(1, 0, { key: "test", title: text("readout.test_loss"), value: (run) => formatNumber(testLoss(run)) });
  if (runs.some(({ name, step }) => takesBatches(state, name, step))) columns.push({ key: "epoch", title: text("readout.epoch"), value: epoch });
  const plane = surface?.value.plane;
  const onMap = plane ? /** @type {const} */ ([[plane.x_label, "x"], [plane.y_label, "y"]]) : [];
  const names = addresses(parameters);
  for (const [name, axis] of onMap) {
    const isParameter = names.includes(name); // else the name is a long one, which stands at the axis of the map
    columns.push({ key: name, title: isParameter ? name : axis, hint: isParameter ? "" : name, value: ({ point }) => formatNumber(point[axis]), isParameter });
  }
  if (namesAllParameters({ parameters })) {
    const others = names.filter((name) => !onMap.some(([shown]) => shown === name));
    for (const name of others) columns.push({ key: name, title: name, value: (run, state) => formatNumber(parameterOf(run, state, name)), isParameter: true });
  }
  return columns;
}

/**
 * @param {Pick<State, "parameters">} state
 * @returns {boolean} whether there is a place for one that is not on the map
 */
export function namesAllParameters({ parameters }) {
  const count = countScalars(parameters);
  return count > 2 && count <= MOST_PARAMETERS;
}

/**
 * @param {DrawnRun} run
 * @param {Readonly<State>} state
 * @returns {string}
 */
function epoch({ name, point }, state) {
  const settings = state.recipe?.runs.find((each) => each.name === name);
  return settings ? typeset(epochAt(settings, trainingCount(state), point.step).toFixed(2)) : "–";
}

/**
 * @param {DrawnRun} run
 * @returns {number | undefined} the last one at or before the drawn step
 */
function testLoss({ path, point }) {
  const seen = path.test.step.filter((step) => step <= point.step).length;
  return path.test.loss[seen - 1];
}

/**
 * @param {DrawnRun} run
 * @param {Readonly<State>} state
 * @param {string} name
 * @returns {number | undefined} at the last step where all parameters are known
 */
function parameterOf({ name: run }, { values, parameters }, name) {
  const known = values[run]?.value.values;
  if (!known) return undefined;
  return parameters.flatMap(({ name: each }) => [known[each]].flat(2))[addresses(parameters).indexOf(name)];
}
