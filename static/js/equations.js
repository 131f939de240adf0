// @ts-check
/** The formulas of what was chosen, as the server writes them, and the numbers of the parameters at the drawn step. */

/**
 * @import { Entry } from "./wire.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { entryOf, formulaList, keyOf } from "./choice.js";
import { element, say } from "./dom.js";
import { formatNumber } from "./format.js";
import { addresses, countScalars, flattened } from "./parameters.js";
import { inForce } from "./state.js";
import { text } from "./texts.js";

const MOST_ROWS = 16;

/**
 * @param {HTMLElement} box
 * @param {Store<State>} store
 */
export function showEquations(box, store) {
  const formulas = element("div", { className: "formulas" });
  const numbers = element("div");
  box.replaceChildren(element("div", { className: "formulas" }));
  box.firstElementChild?.replaceWith(formulas);
  let shown = "";
  store.subscribe(["catalogue", "recipe"], ({ catalogue, recipe }) => {
    if (!catalogue || !recipe) return;
    const optimizer = inForce(recipe.runs[0], Infinity).optimizer.kind;
    const kinds = [keyOf(recipe.problem), recipe.problem.dataset?.kind, optimizer].join();
    if (kinds === shown) return;
    shown = kinds;
    const find = (/** @type {Entry[]} */ family, /** @type {string | undefined} */ kind) => family.find((entry) => entry.kind === kind);
    formulas.replaceChildren(
      ...block(text("equations.model"), entryOf(catalogue, recipe.problem)),
      ...block(text("equations.optimizer"), find(catalogue.optimizers, optimizer)),
      ...block(text("equations.data"), find(catalogue.datasets, recipe.problem.dataset?.kind)),
      numbers,
    );
  });
  const table = new ParameterTable(numbers);
  store.subscribe(["values", "parameters"], (state) => table.show(state));
}

/**
 * @param {string} title
 * @param {Entry | undefined} entry
 * @returns {HTMLElement[]}
 */
function block(title, entry) {
  if (!entry) return [];
  const source = element("p", { className: "source" }, text("setup.reference", { reference: entry.reference }));
  return [element("div", {}, element("h3", {}, title), formulaList(entry), source)];
}

class ParameterTable {
  #box;
  #caption = element("caption");
  /** @type {HTMLTableCellElement[][]} */ #cells = [];
  #shape = "";

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
  }

  /** @param {Readonly<State>} state */
  show({ parameters, values, runs }) {
    const known = runs.length ? values[runs[0].name] : undefined;
    if (!known) return;
    const names = addresses(parameters, MOST_ROWS);
    if (names.join() !== this.#shape) this.#build(names, countScalars(parameters) - names.length);
    this.#shape = names.join();
    say(this.#caption, text("equations.now", { step: known.step }));
    const columns = [known.value.values, known.value.gradient].map((named) => flattened(parameters, named));
    names.forEach((_, row) => columns.forEach((column, k) => say(this.#cells[row][k], formatNumber(column[row]))));
  }

  /**
   * @param {string[]} names
   * @param {number} others
   */
  #build(names, others) {
    const titles = ["equations.parameter", "equations.value", "equations.gradient"].map((key) => element("th", { scope: "col" }, text(key)));
    this.#cells = names.map(() => [element("td"), element("td")]);
    const rows = names.map((name, row) => element("tr", {}, element("th", { scope: "row" }, name), ...this.#cells[row]));
    const table = element("table", {}, this.#caption, element("thead", {}, element("tr", {}, ...titles)), element("tbody", {}, ...rows));
    this.#box.replaceChildren(table, ...(others > 0 ? [element("p", { className: "label" }, text("equations.others", { count: others }))] : []));
  }
}
