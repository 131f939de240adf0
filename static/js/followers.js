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

const PREDICTIONS_MS = 700;
const VALUES_MS = 1_500;
const SLICE_MS = 1_500;

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {Session} session
 * @returns {Follower[]}
 */
export function followers(page, store, pictures, session) {
  const state = () => store.state;
  const everyRun = (/** @type {(run: string) => Promise<void>} */ read) => async () => {
    for (const { name } of state().runs) await read(name);
  };
  const first = () => state().runs[0]?.name ?? "";
  return [
    {
      interval: PREDICTIONS_MS,
      stale: (step) => state().data !== null && !isLineFit(state()) && state().predictions[first()]?.step !== step,
      read: (step) => everyRun((run) => pictures.readPredictions(run, step))(),
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
 * @param {HTMLElement} box
 * @returns {boolean}
 */
function isInSight(box) {
  const { top, bottom, height } = box.getBoundingClientRect();
  return height > 0 && top < innerHeight && bottom > 0;
}
