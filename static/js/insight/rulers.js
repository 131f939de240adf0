// @ts-check
/** The rulers of all runs: put under their sliders, and what is read for them, at a calm rhythm. */

/**
 * @import { Asked } from "./state.js"
 * @import { Field } from "../fields.js"
 * @import { Follower } from "../trailing.js"
 * @import { Pictures } from "../pictures.js"
 * @import { RunRecipe } from "../wire.js"
 * @import { Setup } from "../setup.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { Ruler } from "./ruler.js";
import { asked, isSame, learn, settingsOf } from "./state.js";

const INTERVAL_MS = 6_000;
const DECADES = 6; // that a slider of learning rates has, about

export class Rulers {
  #store;
  #pictures;
  #setup;
  #sight;
  /** @type {WeakMap<Field, Ruler>} */ #rulers = new WeakMap();

  /**
   * @param {Store<State>} store
   * @param {Pictures} pictures
   * @param {Setup} setup
   * @param {{watch: (box: Element) => void, has: (box: Element) => boolean}} sight
   */
  constructor(store, pictures, setup, sight) {
    this.#store = store;
    this.#pictures = pictures;
    this.#setup = setup;
    this.#sight = sight;
  }

  /** @param {number} step the drawn one */
  show(step) {
    const { state } = this.#store;
    for (const { run, field } of this.#setup.rateFields()) {
      const settings = settingsOf(state, run, step);
      if (!settings || !field.scale) continue;
      const known = state.insight.diagnoses[run];
      const isOfToday = isSame(question(state, settings, step), known?.asked, { anyStep: true });
      this.#rulerOf(field).show(isOfToday ? known.value : null, settings);
    }
  }

  /** @returns {Follower} */
  follower() {
    return {
      interval: INTERVAL_MS,
      stale: (step) => this.#stale(step).length > 0,
      read: async (step) => {
        const all = this.#stale(step);
        const isPlaying = this.#store.state.mode === "playing";
        let moved = 0;
        for (const run of isPlaying ? all.slice(0, 1) : all) {
          const before = this.#limit(run);
          await this.#read(run, step);
          moved = Math.max(moved, Math.abs(Math.log10(this.#limit(run) / before)) / DECADES);
        }
        return Number.isNaN(moved) ? 1 : moved;
      },
    };
  }

  /**
   * @param {string} run
   * @returns {number} the limit of its learning rate, NaN where none is known
   */
  #limit(run) {
    return this.#store.state.insight.diagnoses[run]?.value.stability_limit ?? NaN;
  }

  /**
   * @param {Field} field
   * @returns {Ruler}
   */
  #rulerOf(field) {
    const ruler = this.#rulers.get(field) ?? new Ruler(field);
    if (!this.#rulers.has(field)) this.#sight.watch(ruler.element);
    this.#rulers.set(field, ruler);
    return ruler;
  }

  /**
   * @param {number} step
   * @returns {string[]} runs whose ruler is seen and of another moment, the one that waited longest first
   */
  #stale(step) {
    const { state } = this.#store;
    const seen = this.#setup.rateFields().filter(({ field }) => field.scale && this.#sight.has(this.#rulerOf(field).element));
    const stale = seen.filter(({ run }) => {
      const settings = settingsOf(state, run, step);
      const known = state.insight.diagnoses[run];
      return settings && !isSame(question(state, settings, step), known?.asked, { anyStep: known?.value.fixed && !isScheduled(settings) });
    });
    const readAt = (/** @type {string} */ run) => state.insight.diagnoses[run]?.asked.step ?? -1;
    return stale.map(({ run }) => run).sort((a, b) => readAt(a) - readAt(b));
  }

  /**
   * @param {string} run
   * @param {number} step
   */
  async #read(run, step) {
    const { state } = this.#store;
    const settings = settingsOf(state, run, step);
    const key = settings && question(state, settings, step);
    if (!key) return;
    await this.#pictures.read(
      (id) => this.#pictures.api.diagnosis(id, { run, step }),
      ({ value }) => learn(this.#store, { diagnoses: { ...this.#store.state.insight.diagnoses, [run]: { asked: key, value } } }),
    );
  }
}

const isScheduled = (/** @type {RunRecipe} */ { schedule }) => (schedule?.kind ?? "constant") !== "constant";

/**
 * The limit does not depend on the rate itself: while the slider moves, nothing needs to be asked.
 * @param {Readonly<State>} state
 * @param {RunRecipe} settings
 * @param {number} step
 * @returns {Asked | null}
 */
function question(state, settings, step) {
  const optimizer = isScheduled(settings) ? settings.optimizer : { ...settings.optimizer, learning_rate: null };
  return asked(state, { ...settings, optimizer }, step);
}
