// @ts-check
/** The point in hand as numbers: which one, where it is, one more, one less; all that a pointer can do, by keyboard. */

/** @import { TableInHand } from "./table.js" */
import { element, say } from "../dom.js";
import { text } from "../texts.js";
import { exampleOf } from "./inline.js";

export class PointPanel {
  #held;
  #box;
  #number = numberInput(text("data.number"), (value) => this.#held.select(value - 1));
  #count = element("span");
  #places = element("span", { className: "places" });
  /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ #fields = [];
  #shape = "";

  /**
   * @param {HTMLElement} box
   * @param {TableInHand} held
   */
  constructor(box, held) {
    this.#box = box;
    this.#held = held;
    const add = element("button", { type: "button", title: text("data.add"), ariaLabel: text("data.add") }, "+");
    const remove = element("button", { type: "button", title: text("data.remove"), ariaLabel: text("data.remove") }, "−");
    add.addEventListener("click", () => held.table && held.add(beside(held.table, held.selected ?? 0)));
    remove.addEventListener("click", () => held.selected !== null && held.remove(held.selected));
    const row = element("div", { className: "row" }, element("label", {}, `${text("data.point")} `, this.#number), this.#count, this.#places, add, remove);
    box.replaceChildren(element("p", { className: "summary" }, text("data.how")), row);
  }

  show() {
    const { table, selected } = this.#held;
    if (!table || this.#box.hidden) return;
    this.#build(table);
    const count = table.X[0].length;
    this.#number.max = String(count);
    this.#number.min = "1";
    say(this.#count, text("data.of", { count }));
    const example = exampleOf(table, selected ?? 0);
    showIn(this.#number, String((selected ?? 0) + 1));
    this.#fields.forEach((field, i) => showIn(field, String(example[i])));
  }

  /** @param {import("./inline.js").Table} table */
  #build({ x_names, y_names, classes, X }) {
    const names = [...(x_names ?? X.map((_, i) => `x${i + 1}`)), ...(y_names ?? ["y"])];
    const shape = JSON.stringify([names, classes]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    const changed = () => this.#move();
    this.#fields = names.map((name, i) => (classes && i === X.length ? classSelect(name, classes, changed) : numberInput(name, changed)));
    this.#places.replaceChildren(...this.#fields.map((field, i) => element("label", {}, `${names[i]} `, field)));
  }

  #move() {
    const example = this.#fields.map(({ value }) => (value === "" ? NaN : Number(value)));
    this.#held.move(this.#held.selected ?? 0, example);
  }
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} field
 * @param {string} value left alone while one is at it
 */
function showIn(field, value) {
  if (document.activeElement !== field) field.value = value;
}

/**
 * @param {string} label
 * @param {(value: number) => void} changed
 * @returns {HTMLInputElement}
 */
function numberInput(label, changed) {
  const input = element("input", { type: "number", step: "any", ariaLabel: label });
  input.addEventListener("change", () => Number.isFinite(input.valueAsNumber) && changed(input.valueAsNumber));
  return input;
}

/**
 * @param {string} label
 * @param {string[]} classes
 * @param {() => void} changed
 * @returns {HTMLSelectElement}
 */
function classSelect(label, classes, changed) {
  const select = element("select", { ariaLabel: label }, ...classes.map((name, i) => element("option", { value: String(i) }, name)));
  select.addEventListener("change", changed);
  return select;
}

/**
 * @param {import("./inline.js").Table} table
 * @param {number} index
 * @returns {number[]} an example in the middle of the data, of the same class or value
 */
function beside(table, index) {
  const middle = (/** @type {number[]} */ column) => (Math.min(...column) + Math.max(...column)) / 2;
  const example = exampleOf(table, index);
  return [...table.X.map(middle), ...(table.X.length === 1 ? [middle(table.y[0])] : example.slice(table.X.length))];
}
