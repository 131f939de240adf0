// @ts-check
/** The setup panel: model, data, start, and each run, all from the catalogue; what is in force at the drawn step is shown. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Complaints } from "./changes.js"
 * @import { Catalogue, Entry, Named, Recipe, RunRecipe } from "./wire.js"
 * @import { Field } from "./fields.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { ChoiceBlock, canBeAskedFor, entryOf, keyOf, problemsOf } from "./choice.js";
import { element, glyph } from "./dom.js";
import { numberField } from "./fields.js";
import { addresses, flattened, withScalars } from "./parameters.js";
import { styleOf } from "./runs.js";
import { inForce } from "./state.js";
import { text } from "./texts.js";
import { uploadForm } from "./upload.js";

const MOST_MODEL_FIELDS = 2;
const MOST_START_FIELDS = 8;
const MOST_RUNS = 8;
const SEED = { type: "integer", default: 0, minimum: 0, maximum: 2 ** 31 - 1 };

export class Setup {
  #store;
  #actions;
  #model;
  #data;
  #start;
  #startFields = element("div");
  /** @type {Field[]} */ #values = [];
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
    const fold = text("setup.fields");
    this.#model = new ChoiceBlock(text("setup.model"), "problem", (change) => this.#changeModel(change), MOST_MODEL_FIELDS);
    this.#data = new ChoiceBlock(text("setup.data"), "problem.dataset", (change) => this.#changeData(change), 0);
    this.#data.append(uploadForm(api, (id) => actions.changeRecipe({ problem: { dataset: { kind: "uploaded", id } } })));
    this.#start = new ChoiceBlock(text("setup.start"), "start", (change) => this.#changeStart(change));
    this.#seed = numberField(text("setup.seed"), SEED, (seed) => actions.changeRecipe({ seed }));
    this.#start.append(element("details", {}, element("summary", {}, fold), this.#startFields, this.#seed.element));
    box.replaceChildren(this.#rest, this.#model.element, this.#data.element, this.#runs, this.#start.element);
    store.subscribe(["catalogue", "recipe", "data", "parameters"], (state) => this.#show(state));
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
    this.#start.show(suiting(catalogue.starts, problem, "starts", recipe.start.kind), recipe.start);
    this.#seed.show(recipe.seed);
    this.#showStartValues(recipe, addresses(parameters, MOST_START_FIELDS + 1));
    this.#showRuns(recipe.runs);
    this.#shown = "";
  }

  /** @param {RunRecipe[]} runs */
  #showRuns(runs) {
    if (runs.map(({ name }) => name).join() === this.#runBlocks.map(({ name }) => name).join()) return;
    this.#runBlocks = runs.map(({ name }, i) => new RunBlock(name, i, runs.length > 1, this.#actions));
    const add = element("button", { type: "button", className: "add" }, text("setup.add_run"));
    add.addEventListener("click", () => void this.#actions.addRun());
    const isFull = runs.length >= (this.#store.state.catalogue?.limits.max_runs ?? MOST_RUNS);
    this.#runs.replaceChildren(...this.#runBlocks.map((block) => block.element), ...(isFull ? [] : [add]));
  }

  /**
   * @param {Recipe} recipe
   * @param {string[]} names
   */
  #showStartValues({ start }, names) {
    const isByValue = start.kind === "values";
    if (!isByValue || names.length > MOST_START_FIELDS) {
      this.#values = [];
      this.#startFields.replaceChildren(...(isByValue ? [element("p", { className: "summary" }, text("setup.start_many"))] : []));
      return;
    }
    if (this.#values.length !== names.length) {
      this.#values = names.map((name) => numberField(name, { type: "number", default: 1 }, (value) => this.#changeStartValue(name, Number(value))));
      this.#startFields.replaceChildren(...this.#values.map((field) => field.element));
    }
    const values = flattened(this.#store.state.parameters, /** @type {Record<string, Named>} */ (start.values));
    this.#values.forEach((field, i) => field.show(values[i]));
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  #changeStartValue(name, value) {
    const { recipe, parameters } = this.#store.state;
    if (!recipe) return;
    const values = withScalars(parameters, /** @type {Record<string, Named>} */ (recipe.start.values), { [name]: value });
    this.#actions.changeRecipe({ start: { values } });
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

  /** @param {Record<string, unknown>} change */
  #changeStart(change) {
    if (change.kind === "values") void this.#actions.startHere();
    else this.#actions.changeRecipe({ start: change });
  }

  /** @param {Complaints} errors each stands where it belongs; those that belong nowhere, on top */
  complain(errors) {
    const blocks = [this.#data, this.#start, this.#model, ...this.#runBlocks];
    const rest = blocks.reduce((left, block) => block.complain(left), errors);
    this.#rest.textContent = rest.map(({ where, problem }) => (where ? `${where}: ${problem}` : problem)).join("\n");
    this.#rest.hidden = !rest.length;
  }
}

let batchFields = 0;

/** Optimizer, schedule, gradient and batch size of one run. */
class RunBlock {
  element;
  /** @type {Entry[]} */ #optimizers = [];
  /** @type {RunRecipe | null} */ #settings = null;
  #optimizer;
  #schedule;
  #gradient;
  #batch;
  #more;

  /**
   * @param {string} name
   * @param {number} index
   * @param {boolean} isNamed where there are several, each says which it is
   * @param {Actions} actions
   */
  constructor(name, index, isNamed, actions) {
    this.name = name;
    const where = `runs[${index}]`;
    this.#optimizer = new ChoiceBlock(text("setup.optimizer"), `${where}.optimizer`, (change) => {
      actions.changeRun(name, { optimizer: change, ...this.#concessions(change) });
    });
    this.#schedule = new ChoiceBlock(text("setup.schedule"), `${where}.schedule`, (change) => actions.changeRun(name, { schedule: change }));
    this.#gradient = new ChoiceBlock(text("setup.gradient"), `${where}.gradient`, ({ kind }) => actions.changeRun(name, { gradient: kind }));
    this.#batch = batchField((size) => actions.changeRun(name, { batch_size: size }));
    this.#more = element("details", {}, element("summary", {}, text("setup.more")), this.#schedule.element, this.#gradient.element);
    this.#optimizer.append(this.#batch.element, this.#more);
    this.element = element("div", { className: "run" }, ...(isNamed ? [runHeading(name, index, actions)] : []), this.#optimizer.element);
  }

  /** @returns {Field | undefined} */
  rateField = () => this.#optimizer.field("learning_rate");

  /**
   * @param {Catalogue} catalogue
   * @param {RunRecipe} settings
   * @param {number} examples
   */
  show({ optimizers, schedules = [], gradients = [] }, settings, examples) {
    this.#optimizers = optimizers;
    this.#settings = settings;
    const goesWith = optimizers.find(({ kind }) => kind === settings.optimizer.kind)?.goes_with ?? {};
    const suits = (/** @type {string[] | undefined} */ kinds) => (/** @type {Entry} */ { kind }) => kinds?.includes(kind) ?? true;
    this.#optimizer.show(optimizers.filter(canBeAskedFor), settings.optimizer);
    const [rates, ways] = [schedules.filter(suits(goesWith.schedules)).filter(canBeAskedFor), gradients.filter(suits(goesWith.gradients))];
    this.#more.hidden = rates.length < 2 && ways.length < 2;
    this.#schedule.element.hidden = rates.length < 2;
    if (settings.schedule) this.#schedule.show(rates, settings.schedule);
    this.#gradient.element.hidden = ways.length < 2;
    if (settings.gradient) this.#gradient.show(ways, { kind: settings.gradient });
    this.#batch.element.hidden = examples < 2 || goesWith.batches === false;
    this.#batch.show(settings.batch_size ?? null, examples);
  }

  /**
   * Another optimizer may not take what this one does: the whole set, a constant rate and backpropagation suit every one.
   * @param {Record<string, unknown>} change
   * @returns {Record<string, unknown>}
   */
  #concessions(change) {
    const { goes_with } = this.#optimizers.find(({ kind }) => kind === change.kind) ?? {};
    const { schedule, gradient, batch_size } = this.#settings ?? {};
    return {
      ...(goes_with?.batches === false && batch_size ? { batch_size: null } : {}),
      ...(schedule && goes_with?.schedules?.includes(schedule.kind) === false ? { schedule: { kind: "constant" } } : {}),
      ...(gradient && goes_with?.gradients?.includes(gradient) === false ? { gradient: "backprop" } : {}),
    };
  }

  /**
   * @param {Complaints} errors
   * @returns {Complaints} those that belong elsewhere
   */
  complain(errors) {
    return [this.#optimizer, this.#schedule, this.#gradient].reduce((left, block) => block.complain(left), errors);
  }
}

/**
 * @param {string} name
 * @param {number} index
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
function runHeading(name, index, actions) {
  const { colour } = styleOf(index);
  const remove = element("button", { type: "button", className: "plain" }, text("setup.remove_run"));
  remove.ariaLabel = `${text("setup.remove_run")}: ${name}`;
  remove.addEventListener("click", () => void actions.removeRun(name));
  return element("div", { className: "run-name" }, glyph({ circle: { cx: 10, cy: 7, r: 6, fill: colour } }), element("h3", {}, name), remove);
}

/**
 * From one example a step to all of them; in between the slider is logarithmic.
 * @param {(size: number | null) => void} changed
 * @returns {{element: HTMLElement, show: (size: number | null, examples: number) => void}}
 */
function batchField(changed) {
  const slider = element("input", { type: "range", min: "0", max: "1000", id: `batch-size-${(batchFields += 1)}` });
  const words = element("output");
  let examples = 1;
  const sizeAt = (/** @type {number} */ part) => Math.round(examples ** (part / 1000));
  const say = (/** @type {number | null} */ size) => {
    words.textContent = size === null || size >= examples ? text("setup.batch_all", { examples }) : text("setup.batch_some", { batch: size, examples });
    slider.ariaValueText = words.textContent;
  };
  slider.addEventListener("input", () => {
    const size = sizeAt(slider.valueAsNumber);
    say(size);
    changed(size >= examples ? null : size);
  });
  return {
    element: element("div", { className: "field" }, element("label", { htmlFor: slider.id }, text("setup.batch")), words, slider),
    show: (size, all) => {
      examples = all;
      say(size);
      if (document.activeElement !== slider) slider.value = String(1000 * (Math.log(size ?? all) / Math.log(all) || 0));
    },
  };
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
