// @ts-check
/** Which plane the map shows: two parameters, random directions, principal components of the path, or three points. */

/**
 * @import { Query } from "../api.js"
 * @import { State } from "../state.js"
 */

/** @typedef {"parameters" | "random" | "pca" | "points"} Kind */
/** @typedef {"current" | "start" | "optimum"} Center the point that fixes the parameters off the plane */

export const KINDS = /** @type {const} */ (["parameters", "random", "pca", "points"]);
export const CENTERS = /** @type {const} */ (["current", "start", "optimum"]);
export const NORMALIZATIONS = /** @type {const} */ (["none", "filter", "layer"]);
const FEWEST_STEPS = 3; // before them a path spans no plane

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {Kind} the plane that is asked for, as soon as there is one
 */
export function kindAt({ view, parameters }, step) {
  const isWhole = parameters.length === 2 && parameters.every(({ shape }) => !shape.length);
  const spansNone = (view.plane === "pca" || view.plane === "points") && step < FEWEST_STEPS;
  return isWhole || spansNone ? "parameters" : view.plane;
}

/**
 * @param {Readonly<State>} state
 * @param {Kind} kind
 * @param {number} step
 * @returns {Query}
 */
export function planeQuery(state, kind, step) {
  const { view, runs } = state;
  const asked = { plane: kind, run: runs[0]?.name };
  if (kind === "points") return { ...asked, points: threePoints(state, step) };
  const { center } = view;
  if (kind === "random") return { ...asked, center, seed: view.seed, normalize: view.normalize };
  if (kind === "pca") return { ...asked, center };
  return { ...asked, center, x: view.x ?? undefined, y: view.y ?? undefined };
}

/**
 * The start and the ends of two runs; of one run the start, where it is, and the optimum, or else where it was half-way.
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {string}
 */
function threePoints({ runs, surface }, step) {
  const [first, second] = runs;
  if (second) return ["start", first.name, second.name].join();
  if (surface?.value.optimum) return "start,current,optimum";
  return `start,${first.name}@${Math.floor(step / 2)},current`;
}
