// @ts-check
/** What each example adds to one entry of the gradient: a strip of bars that add up to it. */

/**
 * @import { Contributions } from "./wire.js"
 * @import { DataView } from "../wire.js"
 */
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { selectBox } from "./controls.js";
import { trainingColumns } from "./order.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 400;
const GAP = 0.15; // of a bar's width

export class Shares {
  element;
  #select;
  #sum = element("p", { className: "label" });
  #bars = document.createElementNS(SVG, "path");
  #picture = document.createElementNS(SVG, "svg");
  #strip = element("div", { className: "strip", tabIndex: 0, role: "img" });
  #cursor = element("i", { className: "cursor", hidden: true });
  #words = element("output", { className: "cell" });
  /** @type {{indices: number[], share: number}[]} */ #shown = [];
  /** @type {DataView | null} */ #data = null;
  #at = -1;

  /**
   * @param {(entry: string) => void} chosen
   * @param {(isOpen: boolean) => void} toggled
   */
  constructor(chosen, toggled) {
    this.#select = selectBox(text("shares.entry"), chosen);
    this.#picture.setAttribute("preserveAspectRatio", "none");
    this.#picture.append(this.#bars);
    this.#strip.append(this.#picture, this.#cursor);
    const body = element("div", {}, element("div", { className: "toolbar" }, this.#select.element, this.#sum), this.#strip, element("p", { className: "legend" }, this.#words));
    this.element = element("details", { className: "shares" }, element("summary", {}, text("shares.title")), body);
    this.element.addEventListener("toggle", () => toggled(this.element.open));
    this.#strip.addEventListener("pointermove", ({ clientX }) => {
      const { left, width } = this.#strip.getBoundingClientRect();
      this.#point(Math.min(this.#shown.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * this.#shown.length))));
    });
    for (const gone of ["pointerleave", "blur"]) this.#strip.addEventListener(gone, () => this.#point(-1));
    this.#strip.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /**
   * @param {string[]} entries
   * @param {string} entry
   */
  offer(entries, entry) {
    this.#select.show(entries, entry);
  }

  /**
   * @param {Contributions} contributions
   * @param {DataView | null} data
   * @param {number[] | null} order of the examples, where they are not drawn as they come
   */
  show({ entry, indices, shares, penalty, gradient }, data, order) {
    const every = Math.ceil(shares.length / MOST_BARS);
    const places = order ?? shares.map((_, i) => i);
    this.#data = data;
    this.#shown = Array.from({ length: Math.ceil(places.length / every) }, (_, k) => {
      const own = places.slice(k * every, (k + 1) * every);
      return { indices: own.map((i) => indices[i]), share: own.reduce((sum, i) => sum + (shares[i] ?? 0), 0) };
    });
    this.#draw();
    const values = { entry, gradient: formatNumber(gradient), count: shares.length, penalty: formatNumber(penalty), every };
    const words = [text(penalty ? "shares.sum_penalty" : "shares.sum", values), ...(every > 1 ? [text("shares.together", values)] : [])].join(" ");
    say(this.#sum, words);
    this.#strip.ariaLabel = `${text("shares.title")}: ${words}`;
    this.#point(Math.min(this.#at, this.#shown.length - 1));
  }

  #draw() {
    const most = Math.max(...this.#shown.map(({ share }) => Math.abs(share)), Number.MIN_VALUE);
    const bars = this.#shown.map(({ share }, i) => `M${i + GAP} 1v${(-share / most).toFixed(4)}h${1 - 2 * GAP}V1Z`);
    this.#picture.setAttribute("viewBox", `0 -0.050 ${this.#shown.length} 2.100`);
    this.#bars.setAttribute("d", bars.join(""));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move || !this.#shown.length) return;
    event.preventDefault();
    event.stopPropagation();
    this.#point((this.#at + move + this.#shown.length) % this.#shown.length);
  }

  /** @param {number} place */
  #point(place) {
    this.#at = place;
    const bar = this.#shown[place];
    this.#cursor.hidden = !bar;
    if (!bar) return say(this.#words, "");
    this.#cursor.style.left = `${(100 * place) / this.#shown.length}%`;
    this.#cursor.style.width = `${100 / this.#shown.length}%`;
    say(this.#words, text(bar.indices.length > 1 ? "shares.bar_of_many" : "shares.bar", { example: this.#exampleWords(bar.indices), share: formatNumber(bar.share) }));
  }

  /**
   * @param {number[]} indices
   * @returns {string} its number, and for few features its point
   */
  #exampleWords(indices) {
    const [i] = indices;
    if (indices.length > 1) return `${i} … ${indices[indices.length - 1]}`;
    if (!this.#data || this.#data.X.length > 2) return String(i);
    const column = trainingColumns(this.#data)[i];
    const at = [...this.#data.X, this.#data.y[0]].map((row) => formatNumber(row[column])).join(", ");
    return `${i} (${at})`;
  }
}
