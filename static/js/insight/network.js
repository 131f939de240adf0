// @ts-check
/**
 * The network drawn: units in columns, weights as lines, positive ones drawn through and negative ones dashed, as thick as
 * they are large; in each unit its activation for one example and what it makes of the inputs. Arrow keys move from unit to
 * unit. While a pass is swept through, what it has not reached is faint, and units it came back to show their Ψ. On a wall all
 * of it is larger, as plots are.
 */

/**
 * @import { Net } from "./layers.js"
 * @import { Stage } from "./sweep.js"
 * @import { UnitParts } from "./network-parts.js"
 * @import { Units } from "./wire.js"
 */
import { element } from "../dom.js";
import { text } from "../texts.js";
import { plotScale } from "../theme.js";
import { planOf } from "./geometry.js";
import { paintLines, paintUnits } from "./network-paint.js";
import { linesOf, reachOf, restsOf, unitsOf } from "./network-parts.js";
import { lineWords, unitWords } from "./network-words.js";
import { change, svg } from "./svg.js";

/**
 * @typedef {object} Shown
 * @property {Net} net
 * @property {"weights" | "gradients"} lines
 * @property {number} example its column
 * @property {Units | null} units
 * @property {number[]} features of the example on the raw scale
 * @property {string[]} names of the inputs
 * @property {string[]} answers names of the outputs
 * @property {Stage | null} stage of a sweep; null: all of it
 */

/** @typedef {{layer: number, unit: number, from: number | null}} At inputs are layer 0, lines that of the units they feed, from 0 */

export class NetworkDrawing {
  element = element("div", { className: "network-drawing", tabIndex: -1 });
  /** Called with what is pointed at. @type {(words: string, at: At | null) => void} */
  pointed = () => {};
  #svg = svg("svg", { role: "group", class: "network" });
  /** @type {SVGLineElement[][][]} by layer, unit, unit before */ #lines = [];
  /** @type {SVGGElement[]} */ #lineGroups = [];
  /** @type {UnitParts[][]} inputs first */ #units = [];
  /** @type {Shown | null} */ #shown = null;
  /** @type {At | null} */ #at = null;
  #built = "";
  #width = 0;
  #size;

  /** @param {"full" | "small"} [size] small: without numbers, no stop of the Tab key */
  constructor(size = "full") {
    this.#size = size;
    this.#svg.classList.add(size);
    this.element.append(this.#svg);
    if (size === "full") this.#svg.ariaLabel = text("network.drawing");
    else this.#svg.ariaHidden = "true"; // it says nothing that the equations do not
    new ResizeObserver(() => {
      this.#width = this.element.clientWidth;
      this.redraw();
    }).observe(this.element);
    for (const come of ["pointerover", "focusin"]) this.#svg.addEventListener(come, ({ target }) => this.#point(target));
    for (const go of ["pointerleave", "focusout"]) this.#svg.addEventListener(go, () => this.#point(null));
    this.#svg.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /**
   * @param {Shown} shown
   * @returns {boolean} whether it was built anew
   */
  show(shown) {
    this.#shown = shown;
    if (!this.#width) return false;
    const { net, names, answers } = shown;
    const widths = [net.inputs.length, ...net.layers.map(({ weights }) => weights.length)];
    const built = JSON.stringify([widths, this.#width, plotScale(), names, answers, net.inputsId]);
    const isNew = built !== this.#built;
    if (isNew) this.#build(widths, shown);
    this.#built = built;
    this.#lines.forEach((lines, layer) => paintLines(this.#lineGroups[layer], lines, layer, shown));
    this.#units.forEach((units, layer) => paintUnits(units, layer, shown));
    this.pointed(this.#words(), this.#at);
    return isNew;
  }

  /**
   * The same in another width, for a file; it is on the page as long as it is looked at, since style sheets give it its look.
   * @template T
   * @param {number} width pixels
   * @param {(drawing: SVGSVGElement) => T} look
   * @returns {T | null} null where nothing is drawn
   */
  portrait(width, look) {
    if (!this.#shown) return null;
    const copy = new NetworkDrawing(this.#size);
    copy.#width = width;
    copy.#svg.classList.add("still");
    this.element.append(copy.#svg);
    copy.show(this.#shown);
    const found = look(copy.#svg);
    copy.#svg.remove();
    return found;
  }

  /** As large as the look of the page wants it now. */
  redraw() {
    if (this.#shown && this.#width) this.show(this.#shown);
  }

  /**
   * @param {number[]} widths
   * @param {Shown} shown
   */
  #build(widths, shown) {
    const scale = plotScale();
    const plan = planOf(widths, this.#width / scale, this.#size);
    change(this.#svg, { viewBox: `0 0 ${plan.width} ${plan.height}`, width: scale * plan.width, height: scale * plan.height });
    this.#lines = linesOf(plan);
    this.#lineGroups = this.#lines.map((units) => svg("g", { class: "lines" }, ...units.flat(2).flatMap((line) => [reachOf(line), line])));
    this.#units = unitsOf(plan, shown);
    const groups = this.#units.map((units) => svg("g", { class: "units" }, ...units.map(({ group }) => group)));
    this.#svg.replaceChildren(...this.#lineGroups, ...groups, ...restsOf(plan));
    const { inputsId, layers } = shown.net;
    groups.forEach((group, layer) => name(group, layer ? layers[layer - 1].activationsId : inputsId, layer ? layers[layer - 1].places.units : []));
    this.#lineGroups.forEach((group, layer) => name(group, layers[layer].weightsId, layers[layer].places.lines));
    if (this.#size === "full") this.#units[0][0].group.setAttribute("tabindex", "0");
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const part = target instanceof Element ? target.closest("[data-unit]") : null;
    const number = (/** @type {string} */ name) => Number(part?.getAttribute(name));
    this.#at = part ? { layer: number("data-layer"), unit: number("data-unit"), from: part.hasAttribute("data-from") ? number("data-from") : null } : null;
    for (const each of this.#svg.querySelectorAll(".at")) each.classList.remove("at");
    part?.classList.add("at");
    this.pointed(this.#words(), this.#at);
  }

  /** @returns {string} */
  #words() {
    if (!this.#at || !this.#shown) return "";
    const { layer, unit, from } = this.#at;
    return from === null ? unitWords(this.#shown, layer, unit) : lineWords(this.#shown, layer, unit, from);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] });
    const move = moves[event.key];
    if (!move || !this.#at) return;
    event.preventDefault();
    event.stopPropagation(); // the page's own keys step
    const layer = Math.min(Math.max(0, this.#at.layer + move[0]), this.#units.length - 1);
    const unit = Math.min(Math.max(0, this.#at.unit + move[1]), this.#units[layer].length - 1);
    for (const { group } of this.#units.flat()) group.setAttribute("tabindex", "-1");
    const { group } = this.#units[layer][unit];
    group.setAttribute("tabindex", "0");
    group.focus();
  }
}

/**
 * @param {SVGGElement} group
 * @param {string} quantity that it shows
 * @param {string[]} others that are seen in the same place
 */
function name(group, quantity, others) {
  group.setAttribute("data-quantity", quantity);
  group.setAttribute("data-also", others.join(" "));
}
