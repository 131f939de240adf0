// @ts-check
/**
 * What is pointed at: a quantity, by pointer or focus, or held by a click until the next. Wherever it appears it lights up,
 * and what it was made of is outlined.
 */

/** @import { Quantity } from "./wire.js" */

const LIT = "lit";
const SOURCE = "source";

export class Pointing {
  /** @type {string | null} */ #pointed = null;
  /** @type {string | null} */ #held = null;
  /** @type {Map<string, Quantity>} */ #known = new Map();
  #bench;

  /** @param {HTMLElement} bench the page's main part: data and curves light up by its `data-lit` */
  constructor(bench) {
    this.#bench = bench;
  }

  /** @param {Map<string, Quantity>} known */
  know(known) {
    this.#known = known;
    if (this.#held && !known.has(this.#held)) this.#held = null;
    if (this.#pointed && !known.has(this.#pointed)) this.#pointed = null;
    this.#show();
  }

  /** After something was drawn anew. */
  refresh() {
    this.#show();
  }

  /**
   * Follows pointer, focus and clicks in a part of the page whose elements name their quantity.
   * @param {HTMLElement} root
   */
  listen(root) {
    const under = (/** @type {EventTarget | null} */ target) => (target instanceof Element ? (target.closest("[data-quantity]")?.getAttribute("data-quantity") ?? null) : null);
    root.addEventListener("pointerover", ({ target }) => this.#point(under(target)));
    root.addEventListener("pointerleave", () => this.#point(null));
    root.addEventListener("focusin", ({ target }) => this.#point(under(target)));
    root.addEventListener("focusout", () => this.#point(null));
    root.addEventListener("click", ({ target }) => this.#hold(under(target)));
    root.addEventListener("keydown", ({ key }) => key === "Escape" && this.#hold(null));
  }

  /** @param {string | null} id */
  #point(id) {
    if (id === this.#pointed) return;
    this.#pointed = id;
    this.#show();
  }

  /** @param {string | null} id once more, and it is let go */
  #hold(id) {
    this.#held = id === this.#held ? null : id;
    this.#show();
  }

  #show() {
    const id = this.#pointed ?? this.#held;
    const sources = new Set(id === null ? [] : this.#known.get(id)?.from);
    this.#bench.dataset.lit = id ?? "";
    for (const part of this.#bench.querySelectorAll("[data-quantity]")) {
      const own = part.getAttribute("data-quantity") ?? "";
      const all = [own, ...(part.getAttribute("data-also")?.split(" ") ?? [])];
      const isLit = id !== null && all.includes(id);
      part.classList.toggle(LIT, isLit);
      part.classList.toggle(SOURCE, !isLit && all.some((each) => sources.has(each)));
      if (part instanceof HTMLButtonElement) part.ariaPressed = String(own === this.#held);
    }
  }
}
