// @ts-check
/** Optimizer, schedule, gradient and batch size of one run, below its name. */

/**
 * @import { Actions } from "../actions.js"
 * @import { Catalogue, Entry, RunRecipe } from "../wire.js"
 * @import { Complaints } from "../changes.js"
 * @import { Field } from "../fields.js"
 * @import { State } from "../state.js"
 */
import { ChoiceBlock, canBeAskedFor } from "../choice.js";
import { element } from "../dom.js";
import { text } from "../texts.js";
import { RunHeading } from "./run-heading.js";
import { StartBlock } from "./start-block.js";

let batchFields = 0;

export class RunBlock {
  element;
  #where;
  #heading;
  #start;
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
   * @param {Actions} actions
   */
  constructor(name, index, actions) {
    this.name = name;
    const where = `runs[${index}]`;
    this.#where = where;
    this.#heading = new RunHeading(name, actions.race);
    const starts = { changed: (/** @type {Record<string, unknown>} */ start) => void actions.race.start(name, start), byValue: () => void actions.race.startApart(name) };
    const place = element("button", { type: "button", className: "place" }, text("compare.place"));
    place.addEventListener("click", () => actions.race.awaitStart(name));
    this.#start = new StartBlock(text("compare.start", { run: name }), `${where}.start`, starts);
    this.#start.element.append(place);
    this.#optimizer = new ChoiceBlock(text("setup.optimizer"), `${where}.optimizer`, (change) => {
      actions.changeRun(name, { optimizer: change, ...this.#concessions(change) });
    });
    this.#schedule = new ChoiceBlock(text("setup.schedule"), `${where}.schedule`, (change) => actions.changeRun(name, { schedule: change }));
    this.#gradient = new ChoiceBlock(text("setup.gradient"), `${where}.gradient`, ({ kind }) => actions.changeRun(name, { gradient: kind }));
    this.#batch = batchField((size) => actions.changeRun(name, { batch_size: size }));
    this.#more = element("details", {}, element("summary", {}, text("setup.more")), this.#schedule.element, this.#gradient.element);
    this.#optimizer.append(this.#batch.element, this.#more);
    this.element = element("div", { className: "run" }, this.#heading.element, this.#optimizer.element, this.#start.element);
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
   * Its sign, and its start where it has one of its own.
   * @param {Readonly<State>} state
   * @param {RunRecipe} run
   * @param {Entry[]} starts
   */
  showPlace(state, run, starts) {
    this.#heading.show(state, run);
    this.#start.element.hidden = !run.start;
    if (run.start) this.#start.show(starts, run.start, state.parameters);
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
    const isName = (/** @type {{where: string}} */ { where }) => [`${this.#where}.name`, `${this.#where}.rename`].includes(where);
    this.#heading.complain(errors.filter(isName).map(({ problem }) => problem).join("\n"));
    const blocks = [this.#optimizer, this.#schedule, this.#gradient, this.#start];
    return blocks.reduce((left, block) => block.complain(left), errors.filter((error) => !isName(error)));
  }
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
