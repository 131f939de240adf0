// @ts-check
/** What trails the drawn step: which things, how often, and when they are stale. */

/**
 * @import { Follower } from "./trailing.js"
 * @import { Page } from "./dom.js"
 * @import { Pictures } from "./pictures.js"
 * @import { Session } from "./session.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { countScalars } from "./parameters.js";
import { namesAllParameters } from "./readouts.js";
import { isLineFit } from "./scene.js";

const PREDICTIONS_MS = 800;
const VALUES_MS = 1_500;
const SLICE_MS = 2_000;

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {Session} session
 * @returns {Follower[]}
 */
export function followers(page, store, pictures, session) {
  const state = () => store.state;
  const first = () => state().runs[0]?.name ?? "";
  return [
    {
      interval: PREDICTIONS_MS,
      stale: (step) => outdated(state(), step) !== undefined,
      read: (step) => pictures.readPredictions(outdated(state(), step) ?? first(), step),
    },
    {
      interval: VALUES_MS,
      stale: (step) => state().values[first()]?.step !== step,
      seen: () => isInSight(page.equations) || namesAllParameters(state()),
      read: (step) => pictures.readValues(first(), step),
    },
    {
      interval: SLICE_MS,
      stale: (step) => countScalars(state().parameters) > 2 && state().surface?.step !== step,
      read: (step) => pictures.recut(step),
    },
    {
      interval: SLICE_MS,
      stale: () => countScalars(state().parameters) > 2 && session.paths.get(first())?.plane.id !== state().surface?.value.plane.id,
      read: () => session.project(state().surface?.step ?? 0),
    },
  ];
}

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {string | undefined} the run whose predictions are of the furthest other step, of those that are drawn
 */
function outdated(state, step) {
  const { data, runs, predictions } = state;
  if (!data || isLineFit(state)) return undefined;
  const drawn = data.X.length === 2 || data.classes ? runs.slice(0, 1) : runs;
  const distance = (/** @type {string} */ name) => Math.abs((predictions[name]?.step ?? Infinity) - step);
  const names = drawn.map(({ name }) => name).filter((name) => distance(name) > 0);
  return names.sort((a, b) => distance(b) - distance(a))[0];
}

/**
 * @param {HTMLElement} box
 * @returns {boolean}
 */
function isInSight(box) {
  const { top, bottom, height } = box.getBoundingClientRect();
  return height > 0 && top < innerHeight && bottom > 0;
}
