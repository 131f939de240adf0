// @ts-check
/** The setup panel: model, data, start, and each run, all from the catalogue; what is in force at the drawn step is shown. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Complaints } from "./changes.js"
 * @import { Entry, RunRecipe } from "./wire.js"
 * @import { Field } from "./fields.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { ChoiceBlock, canBeAskedFor, entryOf, keyOf, problemsOf } from "./choice.js";
import { RunBlock } from "./compare/run-block.js";
import { StartBlock } from "./compare/start-block.js";
import { takeIncoming } from "./data/incoming.js";
import { element } from "./dom.js";
import { numberField } from "./fields.js";
import { inForce } from "./state.js";
import { text } from "./texts.js";
import { UploadForm } from "./upload.js";

const MOST_MODEL_FIELDS = 2;
const MOST_RUNS = 8;
const SEED = { type: "integer", default: 0, minimum: 0, maximum: 2 ** 31 - 1 };

export class Setup {
  #store;
  #actions;
  #model;
  #data;
  #start;
  #seed;
  #runs = element("div", { id: "runs" });
  /** @type {RunBlock[]} */ #runBlocks = [];
  #rest = element("p", { className: "complaint", hidden: true });
  #shown = "";

  /**
   * @param {HTMLElement} box
   * @param {Store<State>} store
   * @param {Actions} actions
   * @param {import("./api.js").Api} api
   */
  constructor(box, store, actions, api) {
    this.#store = store;
    this.#actions = actions;
    this.#model = new ChoiceBlock(text("setup.model"), "problem", (change) => this.#changeModel(change), MOST_MODEL_FIELDS);
    this.#data = new ChoiceBlock(text("setup.data"), "problem.dataset", (change) => this.#changeData(change), 0);
    const upload = new UploadForm(api, (table) => actions.useTable(table));
    this.#data.append(upload.element);
    takeIncoming(upload);
    this.#seed = numberField(text("setup.seed"), SEED, (seed) => actions.changeRecipe({ seed }));
    const starts = { changed: (/** @type {Record<string, unknown>} */ start) => actions.changeRecipe({ start }), byValue: () => void actions.startHere() };
    this.#start = new StartBlock(text("setup.start"), "start", starts, this.#seed.element);
    box.replaceChildren(this.#rest, this.#model.element, this.#data.element, this.#runs, this.#start.element);
    store.subscribe(["catalogue", "recipe", "data", "parameters", "compare"], (state) => this.#show(state));
  }

  /** @param {number} step the drawn one: at an event, the settings become others */
  showStep(step) {
    const { recipe, catalogue } = this.#store.state;
    if (!recipe || !catalogue) return;
    const settings = recipe.runs.map((run) => inForce(run, step));
    const shown = JSON.stringify(settings);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#runBlocks.forEach((block, i) => block.show(catalogue, settings[i], examplesOf(this.#store.state)));
  }

  /** @returns {{run: string, field: Field}[]} the learning rates of the runs that have one */
  rateFields() {
    const all = this.#runBlocks.map((block) => ({ run: block.name, field: block.rateField() }));
    return all.flatMap(({ run, field }) => (field ? [{ run, field }] : []));
  }

  /** @param {Readonly<State>} state */
  #show({ catalogue, recipe, parameters }) {
    if (!catalogue || !recipe) return;
    const problem = entryOf(catalogue, recipe.problem);
    this.#model.show(problemsOf(catalogue).filter(canBeAskedFor), recipe.problem);
    this.#data.element.hidden = !recipe.problem.dataset;
    if (recipe.problem.dataset) this.#data.show(suiting(catalogue.datasets, problem, "datasets", recipe.problem.dataset.kind), recipe.problem.dataset);
    const starts = (/** @type {string} */ kind) => suiting(catalogue.starts, problem, "starts", kind);
    this.#start.show(starts(recipe.start.kind), recipe.start, parameters);
    this.#seed.show(recipe.seed);
    this.#showRuns(recipe.runs);
    this.#runBlocks.forEach((block, i) => block.showPlace(this.#store.state, recipe.runs[i], starts(recipe.runs[i].start?.kind ?? "values")));
    this.#shown = "";
  }

  /** @param {RunRecipe[]} runs */
  #showRuns(runs) {
    if (runs.map(({ name }) => name).join() === this.#runBlocks.map(({ name }) => name).join()) return;
    this.#runBlocks = runs.map(({ name }, i) => new RunBlock(name, i, this.#actions));
    const add = element("button", { type: "button", className: "add" }, text("setup.add_run"));
    add.addEventListener("click", () => void this.#actions.race.add());
    const isFull = runs.length >= (this.#store.state.catalogue?.limits.max_runs ?? MOST_RUNS);
    this.#runs.replaceChildren(...this.#runBlocks.map((block) => block.element), ...(isFull ? [] : [add]));
  }

  /** @param {Record<string, unknown>} change */
  #changeModel(change) {
    const entry = problemsOf(this.#store.state.catalogue).find((candidate) => keyOf(candidate) === change.kind);
    if (entry) void this.#actions.changeProblem(entry);
    else this.#actions.changeRecipe({ problem: change });
  }

  /** @param {Record<string, unknown>} change */
  #changeData(change) {
    const entry = this.#store.state.catalogue?.datasets.find(({ kind }) => kind === change.kind);
    const scaled = entry?.wants_standardize ? { standardize: true } : {};
    this.#actions.changeRecipe({ problem: { dataset: { ...change, ...scaled } } });
  }

  /** @param {Complaints} errors each stands where it belongs; those that belong nowhere, on top */
  complain(errors) {
    const blocks = [this.#data, this.#start, this.#model, ...this.#runBlocks];
    const rest = blocks.reduce((left, block) => block.complain(left), errors);
    this.#rest.textContent = rest.map(({ where, problem }) => (where ? `${where}: ${problem}` : problem)).join("\n");
    this.#rest.hidden = !rest.length;
  }
}

/**
 * @param {Entry[]} entries
 * @param {Entry | undefined} problem
 * @param {"datasets" | "starts"} family
 * @param {string} kind in force, offered in any case
 * @returns {Entry[]}
 */
function suiting(entries, problem, family, kind) {
  const suits = problem?.goes_with?.[family];
  return entries.filter((entry) => entry.kind === kind || ((suits?.includes(entry.kind) ?? true) && canBeAskedFor(entry)));
}

/**
 * @param {Readonly<State>} state
 * @returns {number} training examples
 */
const examplesOf = ({ data }) => (data ? data.X[0].length - data.test.length : 1);
