// @ts-check
/** A strip of bars, one for each of many things; which one is pointed at, by pointer or arrow keys, is told to whoever shows it. */

import { element } from "../dom.js";
import { change, svg } from "./svg.js";

const GAP = 0.15; // of a bar's width

/** @typedef {{from: number, to: number, kind?: string}} Bar between two heights, upwards */

export class Strip {
  element = element("div", { className: "strip", tabIndex: 0, role: "img" });
  /** Called with the place of the bar that is pointed at; -1: none. @type {(place: number) => void} */
  pointed = () => {};
  #picture = svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
  #cursor = element("i", { className: "cursor", hidden: true });
  #count = 0;
  #at = -1;

  constructor() {
    this.element.append(this.#picture, this.#cursor);
    this.element.addEventListener("pointermove", ({ clientX }) => {
      const { left, width } = this.element.getBoundingClientRect();
      this.point(Math.min(this.#count - 1, Math.max(0, Math.floor(((clientX - left) / width) * this.#count))));
    });
    for (const gone of ["pointerleave", "blur"]) this.element.addEventListener(gone, () => this.point(-1));
    this.element.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!move || !this.#count) return;
      event.preventDefault();
      event.stopPropagation(); // the page's own keys step
      this.point((this.#at + move + this.#count) % this.#count);
    });
  }

  /**
   * @param {Bar[]} bars
   * @param {[number, number]} range lowest and highest height
   */
  draw(bars, [low, high]) {
    const kinds = [...new Set(bars.map(({ kind = "" }) => kind))];
    const paths = kinds.map((each) => {
      const own = bars.flatMap(({ from, to, kind = "" }, i) => (kind === each ? [`M${i + GAP} ${high - from}V${(high - to).toFixed(4)}h${1 - 2 * GAP}V${high - from}Z`] : []));
      return svg("path", { class: each, d: own.join("") });
    });
    change(this.#picture, { viewBox: `0 0 ${bars.length} ${(high - low).toFixed(3)}` });
    this.#picture.replaceChildren(...paths);
    this.#count = bars.length;
    this.point(Math.min(this.#at, bars.length - 1));
  }

  /** @param {number} place -1: none */
  point(place) {
    this.#at = place;
    this.#cursor.hidden = place < 0;
    this.#cursor.style.left = `${(100 * place) / this.#count}%`;
    this.#cursor.style.width = `${100 / this.#count}%`;
    this.pointed(place);
  }
}
