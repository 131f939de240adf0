// @ts-check
/** A goal that play stops at: a loss, or a gradient norm, of the first run that reaches it. */

/**
 * @import { Path } from "../path.js"
 * @import { RunState } from "../wire.js"
 */

/** @typedef {"loss" | "gradient_norm"} GoalKind */
/** @typedef {{kind: GoalKind, value: number}} Goal */

/** @type {GoalKind[]} */
export const GOALS = ["loss", "gradient_norm"];
const COLUMNS = /** @type {const} */ ({ loss: "loss", gradient_norm: "gradientNorm" });

/**
 * @param {unknown} goal of a link
 * @returns {boolean} whether it can be one
 */
export function isGoal(goal) {
  const { kind, value } = /** @type {Partial<Goal>} */ (goal ?? {});
  return GOALS.some((each) => each === kind) && Number.isFinite(value) && (kind === "loss" || Number(value) >= 0);
}

/**
 * @param {Record<string, number>} until as the API has it
 * @param {Pick<RunState, "loss" | "gradient_norm">} run
 * @returns {boolean}
 */
export const isReached = (until, run) => GOALS.some((kind) => kind in until && run[kind] <= until[kind]);

/**
 * @param {Goal} goal
 * @param {Path} path
 * @param {number} index
 * @returns {boolean}
 */
export const holdsAt = ({ kind, value }, { columns }, index) => columns[COLUMNS[kind]][index] <= value;

/**
 * @param {Goal} goal
 * @param {Iterable<Path>} paths
 * @param {number} step the drawn one
 * @returns {number} the first kept step after it at which a path is there; Infinity: none is yet
 */
export function firstAfter(goal, paths, step) {
  const found = [...paths].map((path) => {
    for (let i = path.indexAt(step) + 1; i < path.step.length; i += 1) if (holdsAt(goal, path, i)) return path.step[i];
    return Infinity;
  });
  return Math.min(Infinity, ...found);
}
