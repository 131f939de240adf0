// @ts-check
/** The equations of the step taken next, pass by pass, each symbol with its numbers. One tab stop: ↑ ↓ between equations, ← → between numbers. */

/**
 * @import { Anatomy, Pass, Quantity } from "./wire.js"
 * @import { ParameterShape } from "../wire.js"
 */
import { namesOf } from "../by-hand/names.js";
import { element, mathElement } from "../dom.js";
import { text } from "../texts.js";
import { Row } from "./row.js";

/** @type {Pass[]} */
const PASSES = ["forward", "backward", "update"];

export class EquationsView {
  element = element("div", { className: "passes" });
  #definitions = element("p", { className: "definitions" });
  /** @type {Map<Pass, HTMLElement>} */ #lists = new Map();
  /** @type {Row[]} */ #rows = [];
  #shape = "";

  constructor() {
    for (const pass of PASSES) {
      const heading = element("h3", { className: pass }, text(`pass.${pass}`));
      const list = element("ol", { className: "quantities", ariaLabel: text(`pass.${pass}`) });
      this.#lists.set(pass, list);
      this.element.append(element("section", { className: `pass ${pass}` }, heading, ...(pass === "forward" ? [this.#definitions] : []), list));
    }
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("focusout", () => this.#rowOf(document.activeElement) ?? this.#rows.forEach((row) => row.leave()));
  }

  /**
   * @param {Anatomy} anatomy
   * @param {Map<string, Quantity>} known its quantities by id
   * @param {number[] | null} order of the examples
   * @param {ParameterShape[]} parameters which can be typed over
   * @returns {boolean} whether the equations are others than before
   */
  show({ quantities, definitions }, known, order, parameters) {
    const shape = JSON.stringify([definitions, parameters, quantities.map(({ id, shape, equation, values }) => [id, shape, equation, values === null])]);
    const isNew = shape !== this.#shape;
    this.#shape = shape;
    if (isNew) this.#build(quantities, definitions, (quantity) => new Row(quantity, known, order, namesOf(quantity, parameters)));
    else quantities.forEach((quantity, i) => this.#rows[i].show(quantity, order));
    return isNew;
  }

  /**
   * @param {Quantity[]} quantities
   * @param {Anatomy["definitions"]} definitions
   * @param {(quantity: Quantity) => Row} makeRow
   */
  #build(quantities, definitions, makeRow) {
    const held = this.#rowOf(document.activeElement)?.id;
    const address = document.activeElement?.getAttribute("data-parameter");
    this.#rows = quantities.map(makeRow);
    this.#definitions.replaceChildren(...definitions.map(({ mathml }) => mathElement(mathml)));
    for (const [pass, list] of this.#lists) {
      const rows = this.#rows.filter((_, i) => quantities[i].pass === pass);
      list.replaceChildren(...rows.map((row) => row.element));
      if (list.parentElement) list.parentElement.hidden = !rows.length;
      if (rows.length) rows[0].button.tabIndex = 0;
    }
    this.#rows.find(({ id }) => id === held)?.focus(address);
  }

  /**
   * @param {Element | null} inside
   * @returns {Row | undefined}
   */
  #rowOf(inside) {
    return this.#rows.find((row) => row.element.contains(inside));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const row = this.#rowOf(document.activeElement);
    if (event.key === "Enter" && row?.typeOver()) return event.preventDefault();
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const turn = /** @type {Record<string, 1 | -1>} */ ({ ArrowRight: 1, ArrowLeft: -1 })[event.key];
    if (!row || (!move && !turn)) return;
    event.preventDefault();
    event.stopPropagation(); // the page's own keys step
    if (turn) return row.move(turn);
    row.leave();
    const siblings = [.../** @type {HTMLElement} */ (row.element.parentElement).querySelectorAll("button.equation")];
    const next = siblings[siblings.indexOf(row.button) + (move ?? 0)];
    if (!(next instanceof HTMLElement)) return;
    row.button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
