// @ts-check
/**
 * Parameters typed over where they stand: any element with `data-parameter` (an address), inside one with `data-run`. What
 * is typed is the run's step from the one that was drawn to the next; while the field is open, it is that step again.
 */

/**
 * @import { Actions } from "../actions.js"
 * @import { Player } from "../player.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, say } from "../dom.js";
import { text } from "../texts.js";
import { TYPE_OVER } from "./button.js";
import { nudgeOf, nudged, nudgesOf, typedNumber } from "./nudge.js";

/** @typedef {{target: HTMLElement, run: string, name: string, at: number, before: string, nudge: number}} Place */

export class Typing {
  #parts;
  /** @type {Place | null} */ #place = null;
  /** @type {number | null} */ #wanted = null;
  #isSending = false;
  #name = element("span", { className: "name" });
  #input = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
  #words = element("p", { id: "typing-words", role: "status" });
  #box = element("div", { className: "typing", popover: "manual" }, element("label", {}, this.#name, this.#input), this.#words);

  /** @param {{bench: HTMLElement, store: Store<State>, player: Player, actions: Actions}} parts */
  constructor(parts) {
    this.#parts = parts;
    const { bench, store } = parts;
    document.body.append(this.#box);
    this.#input.setAttribute("aria-describedby", this.#words.id);
    bench.addEventListener("click", ({ target }) => this.#open(target));
    bench.addEventListener(TYPE_OVER, ({ target }) => this.#open(target));
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("input", () => this.#complain(""));
    this.#input.addEventListener("blur", () => this.#leave());
    for (const moved of ["scroll", "resize"]) addEventListener(moved, () => this.#stand(), { capture: true, passive: true });
    store.subscribe(["view"], ({ view }) => bench.classList.toggle("fixed-numbers", view.lock.includes("runs")));
  }

  /** @param {EventTarget | null} clicked */
  #open(clicked) {
    const { store, player } = this.#parts;
    const target = clicked instanceof HTMLElement ? clicked.closest("[data-parameter]") : null;
    const run = target?.closest("[data-run]")?.getAttribute("data-run");
    if (!(target instanceof HTMLElement) || !run || store.state.view.lock.includes("runs")) return;
    player.pause();
    const name = target.dataset.parameter ?? "";
    const before = (target.dataset.value ?? target.textContent ?? "").replace("−", "-");
    this.#place = { target, run, name, at: player.step, before, nudge: nudgeOf(typedNumber(before) || 0) };
    say(this.#name, `${name} =`);
    this.#input.value = before;
    this.#complain("");
    this.#box.showPopover();
    this.#stand();
    this.#input.focus();
    this.#input.select();
  }

  #stand() {
    if (!this.#place) return;
    const { left, top } = this.#place.target.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.#box;
    style.left = `${Math.max(4, Math.min(left - 12, document.documentElement.clientWidth - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(top - 10, innerHeight - offsetHeight - 4))}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const nudges = nudgesOf(event);
    if (nudges) {
      event.preventDefault();
      return this.#nudge(nudges);
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Tab") {
      this.#leave();
    } else if (event.key === "Enter") {
      event.preventDefault();
      void this.#set(true);
    }
  }

  /** @param {number} nudges */
  #nudge(nudges) {
    const value = typedNumber(this.#input.value);
    if (!this.#place || Number.isNaN(value)) return this.#complain(text("byhand.no_number"));
    this.#input.value = String(nudged(value, nudges * this.#place.nudge));
    void this.#set(false);
  }

  /** What was typed counts when one goes elsewhere; what is no number does not. */
  #leave() {
    const value = typedNumber(this.#input.value);
    if (Number.isNaN(value)) this.#close();
    else void this.#set(true);
  }

  /** @param {boolean} isLast whether the field closes when it holds */
  async #set(isLast) {
    const place = this.#place;
    const value = typedNumber(this.#input.value);
    if (!place) return;
    if (Number.isNaN(value)) return this.#complain(text("byhand.no_number"));
    if (this.#input.value === place.before) return isLast ? this.#close() : undefined;
    if (isLast) this.#close();
    place.before = this.#input.value;
    this.#wanted = value;
    if (this.#isSending) return; // whoever sends takes this one next
    this.#isSending = true;
    while (this.#wanted !== null) {
      const next = this.#wanted;
      this.#wanted = null;
      const refusal = await this.#parts.actions.setByHand(place.run, { [place.name]: next }, place.at);
      if (refusal) this.#refused(place, refusal);
    }
    this.#isSending = false;
  }

  /**
   * @param {Place} place
   * @param {string} refusal
   */
  #refused(place, refusal) {
    const typed = this.#input.value;
    if (!this.#place) this.#open(place.target);
    if (this.#place) Object.assign(this.#place, { at: place.at, before: "" });
    this.#input.value = typed;
    this.#complain(refusal);
  }

  /** @param {string} words "": nothing is wrong */
  #complain(words) {
    this.#input.ariaInvalid = String(words !== "");
    this.#words.classList.toggle("complaint", words !== "");
    say(this.#words, words || text("byhand.how"));
    this.#stand();
  }

  #close() {
    if (!this.#place) return;
    const { target } = this.#place;
    this.#place = null;
    const hadFocus = this.#box.contains(document.activeElement);
    this.#box.hidePopover();
    if (hadFocus) (target.closest("button") ?? target.closest("li")?.querySelector("button"))?.focus();
  }
}
