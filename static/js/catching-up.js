// @ts-check
/** A session computed on to a step whose path is not asked for. */

/** @import { Delta, SessionView } from "./wire.js" */

export const STEPS_AT_ONCE = 10_000;

/**
 * @param {SessionView} view where it stands
 * @param {number} goal
 * @param {(body: {steps: number, from_step: number, lineage: number, max_points: number}) => Promise<Delta>} step asks for steps
 */
export async function catchUp(view, goal, step) {
  for (let at = view.step; at < goal; ) {
    const delta = await step({ steps: Math.min(STEPS_AT_ONCE, goal - at), from_step: at, lineage: view.lineage, max_points: 2 });
    if (!delta.steps_taken) return; // every run stands still
    at = delta.step;
  }
}
