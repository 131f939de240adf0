// @ts-check
/** What the page knows: a recipe, the session that computes it, and a view. */

/**
 * @import { Catalogue, DataView, Digest, Field, Line, ParameterShape, ParameterValues, Predictions, Recipe, RunRecipe, RunState, Surface } from "./wire.js"
 */
import { ALL_SHOWN } from "./compare/comparison.js";
import { noInsight } from "./insight/state.js";
import { noStudies } from "./studies/state.js";
import { CENTERS, KINDS, NORMALIZATIONS } from "./planes/query.js";
import { HIDEABLE, LOCKABLE } from "./share/parts.js";
import { Store } from "./store.js";
import { isGoal } from "./time/goal.js";

/**
 * @typedef {object} View how one looks at it; no number depends on it
 * @property {number} speed steps a second
 * @property {"map" | "surface" | "line"} stage which picture of the loss surface
 * @property {"log" | "linear"} surfaceScale
 * @property {"log" | "linear"} lossScale
 * @property {"step" | "cost" | "samples"} lossAxis what the loss is drawn against
 * @property {import("./time/goal.js").Goal | null} goal where play stops; null: where it is stopped
 * @property {string | null} x parameter on the map's x axis; null: the first
 * @property {string | null} y null: the second
 * @property {import("./planes/query.js").Kind} plane that is cut, where there are more than two parameters
 * @property {number} seed of random directions
 * @property {"none" | "filter" | "layer"} normalize random directions
 * @property {import("./planes/query.js").Center} center of the plane
 * @property {boolean} arrows whether the field of descent is drawn
 * @property {boolean} projector whether it is made for a wall: large type, thick lines, controls tucked away
 * @property {string[] | null} hide parts of the page; null: those that suit the place
 * @property {string[]} lock what cannot be changed
 */

/**
 * @template T
 * @typedef {{step: number, lineage: number, value: T}} Dated a value and the step it belongs to
 */

/** @typedef {{now: {run: string, line: Line | null}[], optimum: Line | null}} Lines from the start of each run that is shown, where there are such points */
/** @typedef {Dated<Surface> & {kind: import("./planes/query.js").Kind, center: import("./planes/query.js").Center}} Cut */

/**
 * @typedef {object} State
 * @property {Catalogue | null} catalogue
 * @property {Recipe | null} recipe
 * @property {{id: string, view_id: string, version: number, lineage: number} | null} session
 * @property {ParameterShape[]} parameters
 * @property {RunState[]} runs as the last answer has them: at the last computed step
 * @property {import("./player.js").Mode} mode
 * @property {View} view
 * @property {Cut | null} surface through the point of that step, or through its center
 * @property {{of: Surface, value: Field} | null} field of descent over a surface
 * @property {Dated<Lines> | null} lines of the loss from the start, straight to the drawn point and to the optimum
 * @property {DataView | null} data
 * @property {Dated<Digest> | null} digest
 * @property {Record<string, Dated<Predictions>>} predictions by run
 * @property {Record<string, Dated<ParameterValues>>} values by run
 * @property {import("./insight/state.js").Insight} insight
 * @property {Readonly<import("./compare/comparison.js").Comparison>} compare which runs are shown, and how they look
 * @property {import("./time/history.js").Ways} ways what can be undone and done again
 * @property {import("./studies/state.js").Studies} studies
 * @property {string | null} trouble in words, while the server does not answer
 */

export const SLOWEST = 1 / 3; // steps a second
export const FASTEST = 5_000;

/** What the loss can be drawn against. @type {View["lossAxis"][]} */
export const LOSS_AXES = ["step", "cost", "samples"];

/** @type {View} */
const FIRST_VIEW = { speed: 40, stage: "map", surfaceScale: "log", lossScale: "linear", lossAxis: "step", goal: null, x: null, y: null, plane: "parameters", seed: 0, normalize: "none", center: "current", arrows: false, projector: false, hide: null, lock: [] };
const CALM_SPEED = 2; // for those who asked for reduced motion

/** @type {(names: readonly string[]) => (value: unknown) => boolean} */
const allOf = (names) => (value) => Array.isArray(value) && value.every((name) => names.includes(name));
const scale = (/** @type {unknown} */ value) => value === "log" || value === "linear";
const flag = (/** @type {unknown} */ value) => typeof value === "boolean";
const parameter = (/** @type {unknown} */ value) => value === null || typeof value === "string";

/** What a view can be, whoever made the link. @type {Record<keyof View, (value: unknown) => boolean>} */
const POSSIBLE = {
  speed: (value) => typeof value === "number" && value >= SLOWEST && value <= FASTEST,
  stage: (value) => value === "map" || value === "surface" || value === "line",
  surfaceScale: scale,
  lossScale: scale,
  lossAxis: (value) => LOSS_AXES.includes(/** @type {any} */ (value)),
  goal: (value) => value === null || isGoal(value),
  x: parameter,
  y: parameter,
  plane: (value) => KINDS.some((kind) => kind === value),
  seed: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31,
  normalize: (value) => NORMALIZATIONS.some((way) => way === value),
  center: (value) => CENTERS.some((center) => center === value),
  arrows: flag,
  projector: flag,
  hide: (value) => value === null || allOf(HIDEABLE)(value),
  lock: allOf(LOCKABLE),
};

/**
 * @param {Partial<View>} [asked] by a link: what cannot be is left out
 * @returns {View}
 */
export function viewFrom(asked = {}) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const view = { ...FIRST_VIEW, ...(isCalm ? { speed: CALM_SPEED } : {}) };
  const fits = (/** @type {[string, unknown]} */ [key, value]) => Object.hasOwn(POSSIBLE, key) && POSSIBLE[/** @type {keyof View} */ (key)](value);
  return { ...view, ...Object.fromEntries(Object.entries(asked).filter(fits)) };
}

/** @returns {Store<State>} */
export function createStore() {
  return new Store(
    /** @type {State} */ ({
      catalogue: null,
      recipe: null,
      session: null,
      parameters: [],
      runs: [],
      mode: "paused",
      view: FIRST_VIEW,
      surface: null,
      field: null,
      lines: null,
      data: null,
      digest: null,
      predictions: {},
      values: {},
      insight: noInsight(),
      studies: noStudies(),
      compare: ALL_SHOWN,
      ways: { undo: null, redo: null },
      trouble: null,
    }),
  );
}

/**
 * The server's rule for a change: objects merge, a new kind replaces its object, everything else is replaced.
 * @template T
 * @param {T} old
 * @param {unknown} change
 * @returns {T}
 */
export function merged(old, change) {
  if (!isObject(old) || !isObject(change)) return /** @type {T} */ (change);
  if (change.kind !== undefined && change.kind !== old.kind) return /** @type {T} */ (change);
  /** @type {Record<string, unknown>} */
  const result = { ...old };
  for (const [key, value] of Object.entries(change)) result[key] = key in result ? merged(result[key], value) : value;
  return /** @type {T} */ (result);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What is in force for a run at a step: its own settings, and its events before.
 * @param {RunRecipe} run
 * @param {number} step
 * @returns {RunRecipe}
 */
export function inForce(run, step) {
  const past = (run.events ?? []).filter((event) => event.at <= step);
  return past.reduce((settings, event) => merged(settings, event.set), run);
}
