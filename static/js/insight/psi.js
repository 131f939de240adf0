// @ts-check
/**
 * The backward pass, one layer at a time: what a layer multiplies is what the layer after it has already computed. Steps back
 * with a button or →; what is used again is marked where it was computed and where it is used, and the numbers are live.
 */

/**
 * @import { Anatomy, Quantity } from "./wire.js"
 * @import { Level, Stage } from "./levels.js"
 */
import { element, say } from "../dom.js";
import { text } from "../texts.js";
import { equationElement } from "./equation.js";
import { levelsOf, stagesOf } from "./levels.js";
import { Row } from "./row.js";
import { writtenOut } from "./written-out.js";

export class PsiView {
  element = element("div", { className: "psi" });
  #words = element("p", { className: "words", ariaLive: "polite" });
  #count = element("span", { className: "label" });
  #back = element("button", { type: "button" }, text("psi.back"));
  #next = element("button", { type: "button", className: "strong" }, text("psi.next"));
  #formula = element("div", { className: "written-out", tabIndex: 0, role: "group", ariaLabel: text("psi.written_out") });
  #levels = element("ol", { className: "levels" });
  /** @type {Row[]} */ #rows = [];
  /** @type {Stage[]} */ #stages = [];
  /** @type {Map<string, Quantity>} */ #known = new Map();
  #stage = 0;
  #shape = "";

  constructor() {
    const bar = element("div", { className: "stepper" }, this.#back, this.#next, this.#count);
    this.element.append(element("div", { className: "lead" }, this.#words, bar), this.#formula, this.#levels);
    this.#back.addEventListener("click", () => this.#go(-1));
    this.#next.addEventListener("click", () => this.#go(1));
    this.element.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation(); // the page's own keys step the run
      this.#go(move);
    });
  }

  /**
   * @param {Anatomy} anatomy
   * @param {Map<string, Quantity>} known its quantities by id
   * @param {number[] | null} order of the examples
   */
  show({ quantities }, known, order) {
    const shape = JSON.stringify(quantities.map(({ id, shape, equation, values }) => [id, shape, equation, values === null]));
    this.#known = known;
    if (shape !== this.#shape) this.#build(levelsOf(quantities), order);
    else for (const row of this.#rows) row.show(/** @type {Quantity} */ (known.get(row.id)), order);
    this.#shape = shape;
  }

  /**
   * @param {Level[]} levels from the last layer to the first
   * @param {number[] | null} order
   */
  #build(levels, order) {
    this.#rows = [];
    this.#stages = stagesOf(levels);
    const list = (/** @type {Quantity[]} */ quantities) => {
      const rows = quantities.map((quantity) => new Row(quantity, this.#known, order));
      this.#rows.push(...rows);
      return element("ol", { className: "quantities" }, ...rows.map((row) => row.element));
    };
    const items = levels.map(({ layer, psi, slope, gradients }) => {
      const title = element("h3", {}, text("psi.layer", { layer }));
      return element("li", { className: "level" }, title, list([...(slope ? [slope] : []), psi]), list(gradients));
    });
    this.#levels.replaceChildren(...items);
    this.#stage = Math.min(this.#stage, this.#stages.length - 1);
    this.#mark();
  }

  /** @param {number} move */
  #go(move) {
    this.#stage = Math.min(Math.max(0, this.#stage + move), this.#stages.length - 1);
    this.#mark();
  }

  /** What is there already, what is being computed, and what of it was there before. */
  #mark() {
    const stage = this.#stages[this.#stage];
    if (!stage) return;
    const reached = new Set(this.#stages.slice(0, this.#stage + 1).flatMap(({ made }) => made));
    const now = new Set(stage.made);
    for (const row of this.#rows) {
      row.element.classList.toggle("future", !reached.has(row.id));
      row.element.classList.toggle("now", now.has(row.id));
      for (const symbol of row.element.querySelectorAll(".symbol")) {
        const isOrigin = row.id === stage.reused && symbol === row.element.querySelector(".symbol");
        symbol.classList.toggle("reused", symbol.getAttribute("data-quantity") === stage.reused && (isOrigin || now.has(row.id)));
      }
    }
    say(this.#words, text(`psi.words.${stage.kind}`, stage.words));
    say(this.#count, text("psi.count", { stage: this.#stage + 1, stages: this.#stages.length }));
    this.#back.ariaDisabled = String(this.#stage === 0);
    this.#next.ariaDisabled = String(this.#stage === this.#stages.length - 1);
    const equation = (/** @type {string} */ id) => equationElement(this.#known.get(id)?.equation ?? "", this.#known);
    this.#formula.replaceChildren(writtenOut(stage.written, equation));
  }
}
