// @ts-check
/** Reading the anatomy of the step taken next, and what units make of the inputs, for whichever view is in sight. */

/**
 * @import { Asked, Looks } from "./state.js"
 * @import { Follower } from "../trailing.js"
 * @import { Pictures } from "../pictures.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { takesBatches } from "../epochs.js";
import { countScalars } from "../parameters.js";
import { asked, isSame, learn, settingsOf } from "./state.js";

const INTERVAL_MS = 3_000;
const SLOW = { speed: 2, interval: 450 }; // so few steps a second can be followed one by one
const UNITS_MS = 4_000;
const CHECK_MS = 3_000;
const MOST_WHILE_PLAYING = 64; // parameters: the differences of more are worked out at rest
const UNITS_POINTS = 25;
const DIGITS = 4;

/** @typedef {Pick<Looks, "notation" | "entry">} Wanted */

/**
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {(step: number) => Wanted | null} wanted null: nobody looks
 * @returns {Follower}
 */
export function anatomyFollower(store, pictures, wanted) {
  return {
    get interval() {
      return store.state.view.speed <= SLOW.speed ? SLOW.interval : INTERVAL_MS;
    },
    stale: (step) => {
      const want = wanted(step);
      return want !== null && !isSame(question(store.state, want, step), store.state.insight.anatomy?.asked);
    },
    read: async (step) => {
      const want = wanted(step);
      const key = want && question(store.state, want, step);
      if (!key) return;
      const query = { run: shownRun(store.state), step, digits: DIGITS, notation: notationOf(store.state, want), entry: want.entry ?? undefined };
      await pictures.read(
        (id) => pictures.api.anatomy(id, query),
        ({ value }) => learn(store, { anatomy: { asked: key, value } }),
      );
    },
  };
}

/**
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {() => boolean} isSeen
 * @returns {Follower}
 */
export function unitsFollower(store, pictures, isSeen) {
  const key = (/** @type {number} */ step) => plainQuestion(store.state, step);
  return {
    interval: UNITS_MS,
    stale: (step) => isSeen() && (store.state.data?.X.length ?? Infinity) <= 2 && !isSame(key(step), store.state.insight.units?.asked),
    read: async (step) => {
      const now = key(step);
      if (!now) return;
      const query = { run: shownRun(store.state), step, resolution: UNITS_POINTS, digits: DIGITS };
      await pictures.read((id) => pictures.api.units(id, query), ({ value }) => learn(store, { units: { asked: now, value } }));
    },
  };
}

/**
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {() => boolean} isSeen
 * @returns {Follower}
 */
export function checkFollower(store, pictures, isSeen) {
  const key = (/** @type {number} */ step) => plainQuestion(store.state, step);
  return {
    interval: CHECK_MS,
    stale: (step) => isSeen() && !isSame(key(step), store.state.insight.check?.asked),
    seen: () => countScalars(store.state.parameters) <= MOST_WHILE_PLAYING,
    read: async (step) => {
      const now = key(step);
      if (!now) return;
      await pictures.read((id) => pictures.api.gradientCheck(id, { run: shownRun(store.state), step }), ({ value }) => learn(store, { check: { asked: now, value } }));
    },
  };
}

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {boolean} whether the examples of the next step can be seen in the data
 */
export function showsBatch(state, step) {
  const canBeSeen = state.mode === "paused" || state.view.speed <= SLOW.speed;
  return canBeSeen && (state.data?.X.length ?? Infinity) <= 2 && takesBatches(state, shownRun(state), step);
}

/**
 * @param {Readonly<State>} state
 * @returns {string} the run that is looked into
 */
export function shownRun({ runs, insight }) {
  return runs.find(({ name }) => name === insight.looks.run)?.name ?? runs[0]?.name ?? "";
}

/**
 * @param {Readonly<State>} state
 * @param {Pick<Looks, "notation">} looks
 * @returns {"folded" | "apart"} that of the model's own text unless another was chosen
 */
export function notationOf({ recipe }, { notation }) {
  return notation ?? (recipe?.problem.kind === "network" ? "folded" : "apart");
}

/**
 * @param {Readonly<State>} state
 * @param {Wanted} want
 * @param {number} step
 * @returns {Asked | null}
 */
function question(state, want, step) {
  const key = plainQuestion(state, step);
  return key ? { ...key, settings: [key.settings, notationOf(state, want), want.entry].join() } : null;
}

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {Asked | null}
 */
function plainQuestion(state, step) {
  const settings = settingsOf(state, shownRun(state), step);
  return settings ? asked(state, settings, step) : null;
}
