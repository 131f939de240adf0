// @ts-check
/** One kind out of a family of the catalogue, with its fields: a data set, an optimizer, a start. */

/**
 * @import { Catalogue, Choice, Entry } from "./wire.js"
 * @import { Field } from "./fields.js"
 */
import { element, mathElement } from "./dom.js";
import { hasControl, makeField } from "./fields.js";
import { text } from "./texts.js";

/**
 * @param {{kind: string, name?: unknown}} named an entry of the catalogue, or a choice in a recipe
 * @returns {string} what tells it apart: all classic functions are of one kind
 */
export const keyOf = ({ kind, name }) => (kind === "function" ? String(name) : kind);

/**
 * @param {Catalogue | null} catalogue
 * @returns {Entry[]} all problems: models, a typed formula, classic functions
 */
export const problemsOf = (catalogue) => [...(catalogue?.problems ?? []), ...(catalogue?.functions ?? [])];

/**
 * @param {Catalogue | null} catalogue
 * @param {Choice} problem
 * @returns {Entry | undefined}
 */
export const entryOf = (catalogue, problem) => problemsOf(catalogue).find((entry) => keyOf(entry) === keyOf(problem));

/** Fields that all data sets share come after their own. */
const LAST = ["test_fraction", "standardize", "seed"];

/**
 * @param {Entry} entry
 * @returns {boolean} whether it can be chosen before anything else is said of it
 */
export function canBeAskedFor({ schema }) {
  const { properties = {}, required = [] } = schema;
  return required.every((name) => properties[name]?.const !== undefined || properties[name]?.default !== undefined);
}

/**
 * @param {Entry} entry
 * @returns {string[]} one `<math>` element each
 */
export const formulasOf = (entry) => [entry.mathml].flat();

export class ChoiceBlock {
  element;
  #select;
  #summary;
  #box;
  #body;
  #complaint;
  #fold;
  #mostOpen;
  #changed;
  #key = "";
  /** @type {Entry[]} */ #entries = [];
  /** @type {Map<string, Field>} */ #fields = new Map();

  /**
   * @param {string} title
   * @param {string} where path of the choice in a recipe, as complaints name it
   * @param {(change: Record<string, unknown>) => void} changed a new kind, or some of its fields
   * @param {number} [mostOpen] fields; more than that are folded away at first
   */
  constructor(title, where, changed, mostOpen = Infinity) {
    this.where = where;
    this.#changed = changed;
    this.#select = element("select", { ariaLabel: title });
    this.#summary = element("p", { className: "summary" });
    this.#box = element("div");
    this.#body = element("div");
    this.#fold = element("details", {}, element("summary", {}, text("setup.fields")), this.#box);
    this.#mostOpen = mostOpen;
    this.#complaint = element("p", { className: "complaint", hidden: true });
    this.element = element("div", { className: "block" }, element("h3", {}, title), this.#select, this.#complaint, this.#summary, this.#body, this.#fold);
    this.element.dataset.where = where;
    this.#select.addEventListener("change", () => changed({ kind: this.#select.value }));
  }

  /**
   * @param {Entry[]} entries those to choose from
   * @param {Choice} choice the one in force
   */
  show(entries, choice) {
    if (entries.map(keyOf).join() !== this.#entries.map(keyOf).join()) {
      this.#select.replaceChildren(...options(entries));
      this.#key = "";
    }
    this.#entries = entries;
    this.#select.value = keyOf(choice);
    if (keyOf(choice) !== this.#key) this.#build(keyOf(choice));
    for (const [name, field] of this.#fields) field.show(choice[name]);
    this.complain([]);
  }

  /**
   * @param {{where: string, problem: string}[]} errors those of this choice are shown where they belong
   * @returns {{where: string, problem: string}[]} the others
   */
  complain(errors) {
    const isMine = (/** @type {{where: string}} */ { where }) => where === this.where || where.startsWith(`${this.where}.`);
    const mine = errors.filter(isMine);
    for (const [name, field] of this.#fields) field.complain(wordsAbout(mine, `${this.where}.${name}`));
    const rest = mine.filter(({ where }) => !this.#fields.has(where.slice(this.where.length + 1).split(/[.[]/)[0]));
    this.#complaint.textContent = rest.map(({ where, problem }) => (where === this.where ? problem : `${where}: ${problem}`)).join("\n");
    this.#complaint.hidden = !rest.length;
    return errors.filter((error) => !isMine(error));
  }

  /**
   * @param {string} name
   * @returns {Field | undefined} of the choice in force
   */
  field(name) {
    return this.#fields.get(name);
  }

  /** @param {HTMLElement[]} extra below the fields */
  append(...extra) {
    this.element.append(...extra);
  }

  /** @param {string} key */
  #build(key) {
    const entry = this.#entries.find((candidate) => keyOf(candidate) === key);
    this.#key = key;
    this.#fields.clear();
    this.#summary.textContent = entry?.summary ?? "";
    this.#summary.title = entry?.reference ?? "";
    const fields = Object.entries(entry?.schema.properties ?? {}).filter(([, schema]) => hasControl(schema));
    fields.sort(([a], [b]) => LAST.indexOf(a) - LAST.indexOf(b));
    for (const [name, schema] of fields) this.#fields.set(name, makeField(name, schema, (value) => this.#changed({ [name]: value })));
    this.#box.replaceChildren(...[...this.#fields.values()].map((field) => field.element));
    const isFolded = this.#fields.size > this.#mostOpen;
    this.#fold.hidden = !isFolded;
    (isFolded ? this.#fold : this.#body).append(this.#box);
  }
}

/**
 * @param {Entry[]} entries
 * @returns {HTMLElement[]} options; classic functions are a group of their own
 */
function options(entries) {
  const option = (/** @type {Entry} */ entry) => element("option", { value: keyOf(entry) }, entry.title);
  const functions = entries.filter(({ kind }) => kind === "function").map(option);
  const others = entries.filter(({ kind }) => kind !== "function").map(option);
  return functions.length ? [...others, element("optgroup", { label: text("setup.functions") }, ...functions)] : others;
}

/**
 * @param {{where: string, problem: string}[]} errors
 * @param {string} path
 * @returns {string}
 */
const wordsAbout = (errors, path) => errors.filter(({ where }) => where === path || where.startsWith(`${path}[`)).map(({ problem }) => problem).join("\n");

/**
 * @param {Entry} entry
 * @returns {HTMLElement} its formulas as a list, to be scrolled where one is wider than the page
 */
export function formulaList(entry) {
  const list = element("ul", {}, ...formulasOf(entry).map((markup) => element("li", {}, mathElement(markup))));
  return element("div", { className: "wide", tabIndex: 0, role: "group", ariaLabel: entry.title }, list);
}
