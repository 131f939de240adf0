// @ts-check
/** A quantity as a row: its equation, its shape, its numbers. */

/**
 * @import { Names } from "../by-hand/names.js"
 * @import { Quantity } from "./wire.js"
 */
import { element } from "../dom.js";
import { text } from "../texts.js";
import { equationElement } from "./equation.js";
import { matrixOf, shapeWords } from "./matrix.js";
import { valuesView } from "./values.js";

export class Row {
  element;
  button;
  #view;

  /**
   * @param {Quantity} quantity
   * @param {Map<string, Quantity>} known all of them by id
   * @param {number[] | null} order of the examples
   * @param {Names | null} [names] of its numbers, where these are parameters
   */
  constructor(quantity, known, order, names = null) {
    this.id = quantity.id;
    this.#view = valuesView(quantity, names);
    this.button = element("button", { type: "button", className: "equation", tabIndex: -1, ariaPressed: "false" }, equationElement(quantity.equation, known));
    this.button.ariaLabel = spoken(quantity, known);
    const shape = quantity.shape.length ? [element("span", { className: "shape" }, shapeWords(quantity.shape))] : [];
    this.element = element("li", { className: `quantity ${quantity.pass}` }, this.button, ...shape, this.#view.element);
    for (const part of [this.element, this.button]) part.setAttribute("data-quantity", quantity.id);
    this.show(quantity, order);
  }

  /**
   * @param {Quantity} quantity the same one with other numbers
   * @param {number[] | null} order
   */
  show({ values, shape }, order) {
    if (values !== null) this.#view.show(matrixOf(values), order && shape[1] === order.length ? order : null);
  }

  /**
   * The next of its numbers, where they are cells or can be typed over.
   * @param {1 | -1} direction
   */
  move(direction) {
    if (this.#view.heat) return this.#view.heat.move(direction);
    const numbers = /** @type {NodeListOf<HTMLElement>} */ (this.#view.element.querySelectorAll("button"));
    const stops = [this.button, ...numbers];
    stops[(stops.findIndex((each) => each === document.activeElement) + direction + stops.length) % stops.length].focus();
  }

  /** @param {string | null} [address] of one of its numbers; null: the equation */
  focus(address) {
    const numbers = [.../** @type {NodeListOf<HTMLElement>} */ (this.#view.element.querySelectorAll("button"))];
    (numbers.find(({ dataset }) => dataset.parameter === address) ?? this.button).focus();
  }

  /** @returns {boolean} whether the cell that is pointed at can be typed over, and so it is */
  typeOver() {
    return this.#view.heat?.typeOver() ?? false;
  }

  /** The pointer or the focus has gone. */
  leave() {
    this.#view.heat?.leave();
  }
}

/**
 * @param {Quantity} quantity
 * @param {Map<string, Quantity>} all
 * @returns {string}
 */
function spoken({ symbol, shape, pass, from }, all) {
  const made = from.map((id) => all.get(id)?.symbol ?? id).join(", ");
  const size = shape.length ? shapeWords(shape) : text("values.number");
  return text(made ? "values.spoken_from" : "values.spoken", { symbol, size, pass: text(`pass.${pass}`), from: made });
}
