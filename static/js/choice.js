// @ts-check
/** One kind out of a family of the catalogue, with its fields: a data set, an optimizer, a start. */

/**
 * @import { Choice, Entry } from "./wire.js"
 * @import { Field } from "./fields.js"
 */
import { element, mathElement } from "./dom.js";
import { hasControl, makeField } from "./fields.js";

/** Fields that all data sets share come after their own. */
const LAST = ["test_fraction", "standardize", "seed"];

/**
 * @param {Entry} entry
 * @returns {boolean} whether a form can ask for all that the kind needs
 */
export function canBeAskedFor({ schema }) {
  const { properties = {}, required = [] } = schema;
  return required.every((name) => properties[name]?.const !== undefined || properties[name]?.default !== undefined || hasControl(properties[name] ?? {}));
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
  #complaint;
  #fold;
  #changed;
  #kind = "";
  /** @type {Entry[]} */ #entries = [];
  /** @type {Map<string, Field>} */ #fields = new Map();

  /**
   * @param {string} title
   * @param {string} where path of the choice in a recipe, as complaints name it
   * @param {(change: Record<string, unknown>) => void} changed a new kind, or some of its fields
   * @param {string} [fold] what to call the fields where they are folded away at first
   */
  constructor(title, where, changed, fold) {
    this.where = where;
    this.#changed = changed;
    this.#select = element("select", { ariaLabel: title });
    this.#summary = element("p", { className: "summary" });
    this.#box = element("div");
    this.#fold = fold ? element("details", {}, element("summary", {}, fold), this.#box) : this.#box;
    this.#complaint = element("p", { className: "complaint", hidden: true });
    this.element = element("div", { className: "block" }, element("h3", {}, title), this.#select, this.#complaint, this.#summary, this.#fold);
    this.#select.addEventListener("change", () => changed({ kind: this.#select.value }));
  }

  /**
   * @param {Entry[]} entries those to choose from
   * @param {Choice} choice the one in force
   */
  show(entries, choice) {
    if (entries.map(({ kind }) => kind).join() !== this.#entries.map(({ kind }) => kind).join()) {
      this.#select.replaceChildren(...entries.map(({ kind, title }) => element("option", { value: kind }, title)));
      this.#kind = "";
    }
    this.#entries = entries;
    this.#select.value = choice.kind;
    if (choice.kind !== this.#kind) this.#build(choice.kind);
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
    this.#complaint.textContent = rest.map(({ where, problem }) => `${where}: ${problem}`).join("\n");
    this.#complaint.hidden = !rest.length;
    return errors.filter((error) => !isMine(error));
  }

  /** @param {HTMLElement[]} extra below the fields */
  append(...extra) {
    this.element.append(...extra);
  }

  /** @param {string} kind */
  #build(kind) {
    const entry = this.#entries.find((candidate) => candidate.kind === kind);
    this.#kind = kind;
    this.#fields.clear();
    this.#summary.textContent = entry?.summary ?? "";
    this.#summary.title = entry?.reference ?? "";
    const fields = Object.entries(entry?.schema.properties ?? {}).filter(([, schema]) => hasControl(schema));
    fields.sort(([a], [b]) => LAST.indexOf(a) - LAST.indexOf(b));
    for (const [name, schema] of fields) this.#fields.set(name, makeField(name, schema, (value) => this.#changed({ [name]: value })));
    this.#box.replaceChildren(...[...this.#fields.values()].map((field) => field.element));
    this.#fold.hidden = !this.#fields.size;
  }
}

/**
 * @param {{where: string, problem: string}[]} errors
 * @param {string} path
 * @returns {string}
 */
const wordsAbout = (errors, path) => errors.filter(({ where }) => where === path || where.startsWith(`${path}[`)).map(({ problem }) => problem).join("\n");

/**
 * @param {Entry} entry
 * @returns {HTMLElement} its formulas as a list
 */
export function formulaList(entry) {
  return element("ul", {}, ...formulasOf(entry).map((markup) => element("li", {}, mathElement(markup))));
}
