// @ts-check
/** What trails the drawn step: which things, how often, and when they are stale. */

/**
 * @import { Follower } from "./trailing.js"
 * @import { Page } from "./dom.js"
 * @import { Pictures } from "./pictures.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { countScalars } from "./parameters.js";
import { isLineFit } from "./scene.js";

const PREDICTIONS_MS = 700;
const VALUES_MS = 1_500;
const SLICE_MS = 1_500;

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @returns {Follower[]}
 */
export function followers(page, store, pictures) {
  const state = () => store.state;
  const everyRun = (/** @type {(run: string) => Promise<void>} */ read) => async () => {
    for (const { name } of state().runs) await read(name);
  };
  const first = () => state().runs[0]?.name ?? "";
  return [
    {
      interval: PREDICTIONS_MS,
      stale: (step) => !isLineFit(state()) && state().predictions[first()]?.step !== step,
      read: (step) => everyRun((run) => pictures.readPredictions(run, step))(),
    },
    {
      interval: VALUES_MS,
      stale: (step) => !page.equations.hidden && state().values[first()]?.step !== step,
      read: (step) => pictures.readValues(first(), step),
    },
    {
      interval: SLICE_MS,
      stale: (step) => countScalars(state().parameters) > 2 && state().surface?.step !== step,
      read: (step) => pictures.recut(step),
    },
  ];
}
