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
import { Strip } from "./strip.js";

const MOST_BARS = 400;
const MOST_HEIGHT = 1.05; // the longest bar has 1

export class Shares {
  element;
  #select;
  #sum = element("p", { className: "label" });
  #strip = new Strip();
  #words = element("output", { className: "cell" });
  /** @type {{indices: number[], share: number}[]} */ #shown = [];
  /** @type {DataView | null} */ #data = null;

  /**
   * @param {(entry: string) => void} chosen
   * @param {(isOpen: boolean) => void} toggled
   */
  constructor(chosen, toggled) {
    this.#select = selectBox(text("shares.entry"), chosen);
    const body = element("div", {}, element("div", { className: "toolbar" }, this.#select.element, this.#sum), this.#strip.element, element("p", { className: "legend" }, this.#words));
    this.element = element("details", { className: "shares" }, element("summary", {}, text("shares.title")), body);
    this.element.addEventListener("toggle", () => toggled(this.element.open));
    this.#strip.pointed = (place) => say(this.#words, this.#wordsFor(this.#shown[place]));
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
    const most = Math.max(...this.#shown.map(({ share }) => Math.abs(share)), Number.MIN_VALUE);
    this.#strip.draw(this.#shown.map(({ share }) => ({ from: 0, to: share / most })), [-MOST_HEIGHT, MOST_HEIGHT]);
    const values = { entry, gradient: formatNumber(gradient), count: shares.length, penalty: formatNumber(penalty), every };
    const words = [text(penalty ? "shares.sum_penalty" : "shares.sum", values), ...(every > 1 ? [text("shares.together", values)] : [])].join(" ");
    say(this.#sum, words);
    this.#strip.element.ariaLabel = `${text("shares.title")}: ${words}`;
  }

  /**
   * @param {{indices: number[], share: number} | undefined} bar
   * @returns {string}
   */
  #wordsFor(bar) {
    if (!bar) return "";
    return text(bar.indices.length > 1 ? "shares.bar_of_many" : "shares.bar", { example: this.#exampleWords(bar.indices), share: formatNumber(bar.share) });
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
