// @ts-check
/** How often a run has been through its examples, counted as the server counts: batches are consecutive, the last may be short. */

/**
 * @import { RunRecipe } from "./wire.js"
 * @import { State } from "./state.js"
 */
import { inForce } from "./state.js";

/** @typedef {{epoch: number, offset: number}} Place whole passes, and examples seen of the next one */

/**
 * @param {RunRecipe} run
 * @param {number} examples
 * @param {number} step
 * @returns {number} epochs, with the part of the one under way
 */
export function epochAt(run, examples, step) {
  const events = (run.events ?? []).filter(({ at }) => at < step);
  const ends = [...events.map(({ at }) => at), step];
  /** @type {Place} */
  let place = { epoch: 0, offset: 0 };
  [0, ...events.map(({ at }) => at)].forEach((from, i) => {
    const isByHand = events.some(({ at, set }) => at === from && set.parameters); // a step of its own, without examples
    const steps = ends[i] - from - (isByHand && ends[i] > from ? 1 : 0);
    place = moved(place, steps, inForce(run, from).batch_size ?? examples, examples);
  });
  return place.epoch + place.offset / examples;
}

/**
 * @param {Place} place
 * @param {number} steps
 * @param {number} size of a batch
 * @param {number} examples
 * @returns {Place}
 */
function moved({ epoch, offset }, steps, size, examples) {
  if (size >= examples) return { epoch: epoch + steps, offset };
  const first = Math.ceil((examples - offset) / size);
  if (steps < first) return { epoch, offset: offset + steps * size };
  const each = Math.ceil(examples / size);
  return { epoch: epoch + 1 + Math.floor((steps - first) / each), offset: ((steps - first) % each) * size };
}

/**
 * @param {Readonly<State>} state
 * @returns {number} training examples, 0 where there are none
 */
export const trainingCount = ({ data }) => (data ? data.X[0].length - data.test.length : 0);

/**
 * @param {Readonly<State>} state
 * @param {string} name of a run
 * @param {number} step
 * @returns {boolean} whether the next step sees some of the examples only
 */
export function takesBatches(state, name, step) {
  const run = state.recipe?.runs.find((each) => each.name === name);
  const size = run && inForce(run, step).batch_size;
  return typeof size === "number" && size < trainingCount(state);
}
