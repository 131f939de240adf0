// @ts-check
/** Undo and redo: earlier recipes are kept with the step that was drawn, and a way back is a way to one of them. */

/**
 * @import { Recipe } from "../wire.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { text } from "../texts.js";
import { differenceWords, same } from "./words.js";

const MOST = 100;
const ONE_GESTURE_MS = 1_500; // a slider that moves is one change

/**
 * @typedef {object} Moment
 * @property {Recipe} recipe
 * @property {number} step the one that was drawn
 */

/** @typedef {{before: Moment, after: Moment, gesture: string, at: number}} Change */

/**
 * @typedef {object} Ways what can be undone and done again, in words; null: nothing
 * @property {string | null} undo
 * @property {string | null} redo
 */

export class History {
  /** @type {Change[]} */ #done = [];
  /** @type {Change[]} */ #undone = [];
  #store;
  #now;

  /**
   * @param {Store<State>} store
   * @param {() => number} [now] milliseconds
   */
  constructor(store, now = () => performance.now()) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * @param {Moment | null} before
   * @param {Moment | null} after
   * @param {string} [gesture] changes of one gesture that follow each other at once are undone together
   */
  note(before, after, gesture = "") {
    if (!before || !after || (before.step === after.step && same(before.recipe, after.recipe))) return;
    const last = this.#done.at(-1);
    const at = this.#now();
    const goesOn = gesture !== "" && last?.gesture === gesture && at - last.at < ONE_GESTURE_MS && same(last.after.recipe, before.recipe);
    if (goesOn) Object.assign(last, { after, at });
    else this.#done.push({ before, after, gesture, at });
    this.#undone = [];
    this.#done.splice(0, this.#done.length - MOST);
    this.#tell();
  }

  /**
   * @param {Moment} now where one is, to come back to
   * @returns {Moment | null} where to go
   */
  undo(now) {
    const change = this.#done.pop();
    if (!change) return null;
    if (same(change.after.recipe, now.recipe)) change.after = now;
    this.#undone.push(change);
    this.#tell();
    return change.before;
  }

  /** @returns {Moment | null} where to go */
  redo() {
    const change = this.#undone.pop();
    if (!change) return null;
    this.#done.push({ ...change, at: -Infinity });
    this.#tell();
    return change.after;
  }

  #tell() {
    this.#store.set({ ways: { undo: this.#words(this.#done.at(-1)), redo: this.#words(this.#undone.at(-1)) } });
  }

  /**
   * @param {Change | undefined} change
   * @returns {string | null}
   */
  #words(change) {
    const { catalogue } = this.#store.state;
    if (!change || !catalogue) return null;
    const { before, after, gesture } = change;
    if (gesture === "reset") return text("time.reset", { step: before.step });
    return differenceWords(before.recipe, after.recipe, catalogue) ?? text("time.reset", { step: before.step });
  }
}
