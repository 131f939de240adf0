// @ts-check
/**
 * The network drawn: units in columns, weights as lines, positive ones drawn through and negative ones dashed, as thick as
 * they are large; in each unit its activation for one example and what it makes of the inputs. Arrow keys move from unit to unit.
 */

/**
 * @import { Net } from "./layers.js"
 * @import { Plan } from "./geometry.js"
 * @import { Units } from "./wire.js"
 */
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { UNIT, planOf } from "./geometry.js";
import { largest } from "./matrix.js";
import { change, svg } from "./svg.js";
import { UnitPicture } from "./unit-picture.js";

const THICKEST = 6;
const THINNEST = 0.4;
const LONGEST_NAME = 14;

/**
 * @typedef {object} Shown
 * @property {Net} net
 * @property {"weights" | "gradients"} lines
 * @property {number} example its column
 * @property {Units | null} units
 * @property {number[]} features of the example on the raw scale
 * @property {string[]} names of the inputs
 * @property {string[]} answers names of the outputs
 */

/** @typedef {{group: SVGGElement, value: SVGTextElement, body: SVGRectElement, picture: UnitPicture, unit: number}} UnitParts */

export class NetworkDrawing {
  element = element("div", { className: "network-drawing" });
  /** Called with what is pointed at, in words; "" for nothing. @type {(words: string) => void} */
  pointed = () => {};
  #svg = svg("svg", { role: "group", class: "network" });
  /** @type {SVGLineElement[][][]} by layer, unit, unit before */ #lines = [];
  /** @type {SVGGElement[]} */ #lineGroups = [];
  /** @type {UnitParts[][]} inputs first */ #units = [];
  /** @type {Plan | null} */ #plan = null;
  /** @type {Shown | null} */ #shown = null;
  /** @type {{layer: number, unit: number, from: number | null} | null} */ #at = null;
  #built = "";
  #width = 0;

  constructor() {
    this.element.append(this.#svg);
    this.#svg.ariaLabel = text("network.drawing");
    new ResizeObserver(() => {
      this.#width = this.element.clientWidth;
      if (this.#shown && this.#width) this.show(this.#shown);
    }).observe(this.element);
    this.#svg.addEventListener("pointerover", ({ target }) => this.#point(target));
    this.#svg.addEventListener("pointerleave", () => this.#point(null));
    this.#svg.addEventListener("focusin", ({ target }) => this.#point(target));
    this.#svg.addEventListener("focusout", () => this.#point(null));
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
    const built = JSON.stringify([widths, this.#width, names, answers]);
    const isNew = built !== this.#built;
    if (isNew) this.#build(planOf(widths, this.#width));
    this.#built = built;
    net.layers.forEach((_, layer) => this.#showLines(layer));
    this.#units.forEach((_, layer) => this.#showUnits(layer));
    this.pointed(this.#words());
    return isNew;
  }

  /** @param {Plan} plan */
  #build(plan) {
    this.#plan = plan;
    change(this.#svg, { viewBox: `0 0 ${this.#width} ${plan.height}`, height: plan.height });
    const { places, hidden } = plan;
    this.#lines = places.slice(1).map((own, layer) => own.map((to, unit) => places[layer].map((from, i) => line(from, to, { layer, unit, from: i }))));
    this.#lineGroups = this.#lines.map((units) => svg("g", { class: "lines" }, ...units.flat(2)));
    this.#units = places.map((own, layer) => own.map((place, unit) => this.#unit(place, layer, unit)));
    const unitGroups = this.#units.map((units) => svg("g", { class: "units" }, ...units.map(({ group }) => group)));
    const rests = places.flatMap((own, layer) => (hidden[layer] ? [note(own[0].x, text("network.more", { units: hidden[layer] }))] : []));
    this.#svg.replaceChildren(...this.#lineGroups, ...unitGroups, ...rests);
    const { net } = /** @type {Shown} */ (this.#shown);
    unitGroups.forEach((group, layer) => group.setAttribute("data-quantity", layer ? net.layers[layer - 1].activationsId : net.inputsId));
    this.#units[0][0]?.group.setAttribute("tabindex", "0");
  }

  /**
   * @param {{x: number, y: number}} place
   * @param {number} layer
   * @param {number} unit
   * @returns {UnitParts}
   */
  #unit({ x, y }, layer, unit) {
    const half = UNIT / 2;
    const body = svg("rect", { class: "body", width: UNIT, height: UNIT, rx: layer ? 4 : half });
    const value = svg("text", { class: "value", x: half, y: UNIT + 13 });
    const picture = new UnitPicture();
    const title = this.#titleOf(layer, unit);
    const name = title ? [svg("text", { class: layer ? "name last" : "name first", x: layer ? UNIT : 0, y: -6 }, shortened(title))] : [];
    const group = svg("g", { class: "unit", transform: `translate(${x - half} ${y - half})`, tabindex: -1, role: "img", "data-layer": layer, "data-unit": unit }, body, picture.element, value, ...name);
    return { group, value, body, picture, unit };
  }

  /**
   * @param {number} layer
   * @param {number} unit
   * @returns {string} of an input or an output
   */
  #titleOf(layer, unit) {
    const { names, answers, net } = /** @type {Shown} */ (this.#shown);
    if (layer === 0) return names[unit] ?? "";
    return layer === net.layers.length ? (answers[unit] ?? "") : "";
  }

  /** @param {number} layer */
  #showLines(layer) {
    const { net, lines } = /** @type {Shown} */ (this.#shown);
    const { weights, weightGradients, weightsId, gradientsId } = net.layers[layer];
    const values = lines === "gradients" ? weightGradients : weights;
    const most = values ? largest(values) : 0;
    this.#lineGroups[layer].setAttribute("data-quantity", lines === "gradients" ? gradientsId : weightsId);
    this.#lineGroups[layer].classList.toggle("gradients", lines === "gradients");
    this.#lines[layer].forEach((units, unit) =>
      units.forEach((each, from) => {
        const value = values?.[unit]?.[from] ?? 0;
        each.classList.toggle("minus", value < 0);
        each.setAttribute("stroke-width", (THINNEST + (THICKEST * Math.abs(value)) / (most || 1)).toFixed(2));
      }),
    );
  }

  /** @param {number} layer inputs are 0 */
  #showUnits(layer) {
    const { net, example, units, features } = /** @type {Shown} */ (this.#shown);
    const activations = layer ? net.layers[layer - 1].activations : net.inputs;
    const known = units && layer && units.layers[layer - 1];
    const most = known ? Math.max(...known.map((each) => largest([each.flat()]))) : largest(activations);
    this.#units[layer].forEach(({ group, value, body, picture, unit }) => {
      const activation = activations[unit]?.[example] ?? null;
      say(/** @type {any} */ (value), formatNumber(activation));
      group.classList.toggle("drawn", Boolean(known));
      body.style.fillOpacity = known ? "0" : String(Math.min(1, Math.abs(activation ?? 0) / (most || 1)) * 0.5);
      if (units && known) {
        picture.show(units, layer - 1, unit, most);
        picture.mark(units, features, activation, most);
      }
      group.ariaLabel = this.#unitWords(layer, unit);
    });
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const part = target instanceof Element ? target.closest("[data-unit]") : null;
    const number = (/** @type {string} */ name) => Number(part?.getAttribute(name));
    this.#at = part ? { layer: number("data-layer"), unit: number("data-unit"), from: part.hasAttribute("data-from") ? number("data-from") : null } : null;
    for (const each of this.#svg.querySelectorAll(".at")) each.classList.remove("at");
    part?.classList.add("at");
    this.pointed(this.#words());
  }

  /** @returns {string} */
  #words() {
    if (!this.#at) return "";
    const { layer, unit, from } = this.#at;
    return from === null ? this.#unitWords(layer, unit) : this.#lineWords(layer, unit, from);
  }

  /**
   * @param {number} layer from 0 for the first after the inputs
   * @param {number} unit
   * @param {number} from
   * @returns {string}
   */
  #lineWords(layer, unit, from) {
    const { weights, weightGradients } = /** @type {Shown} */ (this.#shown).net.layers[layer];
    const values = { layer: layer + 1, unit, from, weight: formatNumber(weights[unit]?.[from]) };
    const gradient = weightGradients?.[unit]?.[from];
    return gradient === undefined ? text("network.line", values) : text("network.line_gradient", { ...values, gradient: formatNumber(gradient) });
  }

  /**
   * @param {number} layer inputs are 0
   * @param {number} unit
   * @returns {string}
   */
  #unitWords(layer, unit) {
    const { net, example, names } = /** @type {Shown} */ (this.#shown);
    if (!layer) return text("network.input", { name: names[unit] ?? unit, value: formatNumber(net.inputs[unit]?.[example]) });
    const { activations, bias } = net.layers[layer - 1];
    return text("network.unit", { layer, unit, value: formatNumber(activations[unit]?.[example]), bias: formatNumber(bias[unit]) });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] });
    const move = moves[event.key];
    if (!move || !this.#at || !this.#plan) return;
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
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {{layer: number, unit: number, from: number}} which
 * @returns {SVGLineElement}
 */
function line(from, to, which) {
  const ends = { x1: from.x + UNIT / 2, y1: from.y, x2: to.x - UNIT / 2, y2: to.y };
  return svg("line", { class: "line", ...ends, "data-layer": which.layer, "data-unit": which.unit, "data-from": which.from });
}

/**
 * @param {string} name
 * @returns {string}
 */
const shortened = (name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

/**
 * @param {number} x
 * @param {string} words
 * @returns {SVGTextElement}
 */
const note = (x, words) => svg("text", { class: "name", x, y: 12 }, words);
