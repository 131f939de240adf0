// @ts-check
/** What was changed on the way, as marks above the timeline: hover or focus says what, a click goes there. */

/**
 * @import { Catalogue, Recipe } from "../wire.js"
 */
import { element } from "../dom.js";
import { text } from "../texts.js";
import { eventWords } from "./words.js";

const PLACES = 100; // marks nearer than that on the timeline are one
const MOST_WORDS = 6;

/** @typedef {{at: number, words: string[]}} Mark */

export class EventMarks {
  #box;
  #clicked;
  /** @type {Mark[]} */ #events = [];
  #span = 1;

  /**
   * @param {HTMLElement} box
   * @param {(step: number) => void} clicked
   */
  constructor(box, clicked) {
    this.#box = box;
    this.#clicked = clicked;
  }

  /**
   * @param {Recipe | null} recipe
   * @param {Catalogue | null} catalogue
   */
  show(recipe, catalogue) {
    const runs = (catalogue && recipe?.runs) || [];
    const named = runs.length > 1;
    const events = runs.flatMap((run) => (run.events ?? []).map((event) => ({ run, event })));
    this.#events = events
      .map(({ run, event }) => {
        const changes = eventWords(run, event, /** @type {Catalogue} */ (catalogue)) || text("time.some_settings");
        return { at: event.at, words: [named ? text("time.of_run", { run: run.name, changes }) : changes] };
      })
      .sort((a, b) => a.at - b.at);
    this.#place();
  }

  /** @param {number} span steps on the timeline */
  fit(span) {
    this.#span = span;
    this.#place();
  }

  #place() {
    const marks = together(this.#events.filter(({ at }) => at <= this.#span), this.#span / PLACES);
    this.#box.replaceChildren(...marks.map((mark) => this.#mark(mark)));
  }

  /**
   * @param {Mark} mark
   * @returns {HTMLElement}
   */
  #mark({ at, words }) {
    const more = words.length > MOST_WORDS ? [text("time.more", { count: words.length - MOST_WORDS })] : [];
    const title = text("time.mark", { step: at, changes: [...words.slice(0, MOST_WORDS), ...more].join("; ") });
    const button = element("button", { type: "button", title, ariaLabel: title });
    button.style.left = `${(100 * at) / this.#span}%`;
    button.addEventListener("click", () => this.#clicked(at));
    return button;
  }
}

/**
 * @param {Mark[]} events in the order of their steps
 * @param {number} near
 * @returns {Mark[]}
 */
function together(events, near) {
  /** @type {Mark[]} */
  const marks = [];
  for (const { at, words } of events) {
    const last = marks.at(-1);
    if (last && at - last.at < near) last.words.push(...words);
    else marks.push({ at, words: [...words] });
  }
  return marks;
}
