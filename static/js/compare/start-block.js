// @ts-check
/** Where runs start: a way to draw the values, or the values themselves; of all runs, or of one that starts elsewhere. */

/**
 * @import { Choice, Entry, Named, ParameterShape } from "../wire.js"
 * @import { Complaints } from "../changes.js"
 * @import { Field } from "../fields.js"
 */
import { ChoiceBlock } from "../choice.js";
import { element } from "../dom.js";
import { numberField } from "../fields.js";
import { addresses, flattened, withScalars } from "../parameters.js";
import { text } from "../texts.js";

const MOST_FIELDS = 8;

/**
 * @typedef {object} StartEvents
 * @property {(start: Record<string, unknown>) => void} changed
 * @property {() => void} byValue the values that are there are asked for, to be changed one by one
 */

export class StartBlock {
  element;
  #choice;
  #events;
  #fields = element("div");
  /** @type {Field[]} */ #values = [];
  #names = ""; // of the parameters that have a field each
  /** @type {{start: Choice, parameters: ParameterShape[]} | null} */ #shown = null;

  /**
   * @param {string} title
   * @param {string} where
   * @param {StartEvents} events
   * @param {HTMLElement[]} extra below the fields
   */
  constructor(title, where, events, ...extra) {
    this.#events = events;
    this.#choice = new ChoiceBlock(title, where, (change) => (change.kind === "values" ? events.byValue() : events.changed(change)));
    this.#choice.append(element("details", {}, element("summary", {}, text("setup.fields")), this.#fields, ...extra));
    this.element = this.#choice.element;
  }

  /**
   * @param {Entry[]} entries
   * @param {Choice} start
   * @param {ParameterShape[]} parameters
   */
  show(entries, start, parameters) {
    this.#shown = { start, parameters };
    this.#choice.show(entries, start);
    const names = addresses(parameters, MOST_FIELDS + 1);
    const isByValue = start.kind === "values";
    if (!isByValue || names.length > MOST_FIELDS) {
      this.#values = [];
      this.#names = "";
      this.#fields.replaceChildren(...(isByValue ? [element("p", { className: "summary" }, text("setup.start_many"))] : []));
      return;
    }
    if (names.join() !== this.#names) {
      this.#names = names.join();
      this.#values = names.map((name) => numberField(name, { type: "number", default: 1 }, (value) => this.#change(name, Number(value))));
      this.#fields.replaceChildren(...this.#values.map((field) => field.element));
    }
    const values = flattened(parameters, /** @type {Record<string, Named>} */ (start.values));
    this.#values.forEach((field, i) => field.show(values[i]));
  }

  /**
   * @param {Complaints} errors
   * @returns {Complaints} those that belong elsewhere
   */
  complain(errors) {
    return this.#choice.complain(errors);
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  #change(name, value) {
    if (!this.#shown) return;
    const { start, parameters } = this.#shown;
    this.#events.changed({ values: withScalars(parameters, /** @type {Record<string, Named>} */ (start.values), { [name]: value }) });
  }
}
