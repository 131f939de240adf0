// @ts-check
/**
 * The learning-rate ruler: under the slider, on the slider's own scale, where steps go straight down, where they swing
 * across the valley, and where they grow. Each stretch has its own line, not only its own colour, and stands in words.
 */

/**
 * @import { Diagnosis } from "./wire.js"
 * @import { Field } from "../fields.js"
 * @import { RunRecipe } from "../wire.js"
 */
import { element, say } from "../dom.js";
import { rounded } from "../format.js";
import { forReading, text } from "../texts.js";

/** @typedef {"smooth" | "oscillates" | "stable" | "diverges"} Zone */

/** @type {Zone[]} */
const ZONES = ["smooth", "stable", "oscillates", "diverges"];

const SHORT = 8; // characters: of a longer formula the words take four lines

let made = 0;

export class Ruler {
  element;
  #field;
  #band = element("div", { className: "band", ariaHidden: "true" });
  #zones = element("p", { className: "zones", ariaHidden: "true" });
  #words = element("p", { className: "words" });
  #needle = element("i", { className: "needle" });
  /** @type {Map<Zone, {stretch: HTMLElement, name: HTMLElement}>} */ #parts = new Map();
  /** @type {Diagnosis | null} */ #diagnosis = null;
  /** What a schedule makes of the rate for the next step. @type {number | null} */ #scheduled = null;
  #shown = "";

  /** @param {Field} field of a learning rate, with a slider */
  constructor(field) {
    this.#field = field;
    for (const zone of ZONES) {
      const parts = { stretch: element("i", { className: zone }), name: element("span", {}, element("i", { className: zone }), text(`ruler.${zone}`)) };
      this.#parts.set(zone, parts);
      this.#band.append(parts.stretch);
      this.#zones.append(parts.name);
    }
    this.#band.append(this.#needle);
    this.#words.id = `ruler-${(made += 1)}`;
    this.element = element("div", { className: "ruler" }, this.#band, this.#zones, this.#words);
    field.slider?.setAttribute("aria-describedby", this.#words.id);
    field.slider?.after(this.element);
    const moved = () => field.number && this.#tell(field.number.valueAsNumber);
    field.slider?.addEventListener("input", moved);
    field.number?.addEventListener("change", moved);
  }

  /**
   * @param {Diagnosis | null} diagnosis null: nothing is known yet
   * @param {RunRecipe} settings in force at the drawn step
   */
  show(diagnosis, { optimizer, schedule }) {
    const rate = Number(optimizer.learning_rate);
    const isScheduled = (schedule?.kind ?? "constant") !== "constant";
    const shown = JSON.stringify([diagnosis, rate, isScheduled]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#diagnosis = diagnosis;
    this.#scheduled = isScheduled && diagnosis ? diagnosis.learning_rate : null;
    this.#place();
    this.#tell(rate);
  }

  #place() {
    const { stability_limit: limit = null, smooth_limit: smooth = null } = this.#diagnosis ?? {};
    const [first, second] = [smooth ?? limit, limit].map((edge) => (edge === null ? 0 : this.#part(edge)));
    const calm = smooth === null ? "stable" : "smooth";
    const ends = /** @type {Record<Zone, number[]>} */ ({ [calm]: [0, first], oscillates: [first, second], diverges: [second, 1] });
    for (const [zone, { stretch, name }] of this.#parts) {
      const [from, to] = (limit !== null && ends[zone]) || [0, 0];
      stretch.style.left = `${100 * from}%`;
      stretch.style.width = `${100 * (to - from)}%`;
      name.hidden = !ends[zone] || (zone === "oscillates" && smooth === null);
    }
    this.element.classList.toggle("unknown", limit === null);
    this.element.classList.toggle("long", (this.#diagnosis?.stability_formula?.length ?? 0) > SHORT);
  }

  /** @param {number} rate that is set */
  #tell(rate) {
    const used = this.#scheduled ?? rate;
    const zone = this.#diagnosis && zoneOf(this.#diagnosis, used);
    for (const [each, { name }] of this.#parts) name.classList.toggle("here", each === zone);
    this.#needle.hidden = this.#scheduled === null;
    this.#needle.style.left = `${100 * this.#part(used)}%`;
    const spoken = this.#scheduled === null ? formatRate(rate) : text("ruler.scheduled", { rate: formatRate(used) });
    say(this.#words, this.#diagnosis ? wordsFor(this.#diagnosis, spoken, zone) : "");
  }

  /**
   * @param {number} rate
   * @returns {number} its place on the slider, 0 to 1
   */
  #part(rate) {
    return this.#field.scale?.part(rate) ?? 0;
  }
}

const formatRate = (/** @type {number} */ rate) => forReading(rounded(rate, 4));

/** Never torn in two at the end of a line. */
const whole = (/** @type {string | null} */ formula) => (formula ?? "").replaceAll(" ", "\u00a0");

/**
 * @param {Diagnosis} diagnosis
 * @param {number} rate
 * @returns {Zone | null}
 */
function zoneOf({ stability_limit: limit, smooth_limit: smooth }, rate) {
  if (limit === null || Number.isNaN(rate)) return null;
  if (rate > limit) return "diverges";
  if (smooth === null) return "stable";
  return rate > smooth ? "oscillates" : "smooth";
}

/**
 * @param {Diagnosis} diagnosis
 * @param {string} rate
 * @param {Zone | null} zone
 * @returns {string}
 */
function wordsFor({ eigenvalue, stability_limit, stability_formula, smooth_limit, smooth_formula }, rate, zone) {
  if (stability_formula === null) return text("ruler.words.no_theory");
  const [limit, smooth] = [stability_limit, smooth_limit].map((value) => forReading(rounded(value ?? NaN)));
  const values = { rate, formula: whole(stability_formula), limit, smooth_formula: whole(smooth_formula), smooth };
  if (zone) return text(`ruler.words.${zone}`, values);
  return text(eigenvalue !== null && eigenvalue <= 0 ? "ruler.words.no_curvature" : "ruler.words.no_value", values);
}
