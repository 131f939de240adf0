// @ts-check
/** Other data under the same run: the recipe is computed again to the step that is drawn, and shown when it is there. */

/**
 * @import { Api } from "../api.js"
 * @import { Recipe, SessionView } from "../wire.js"
 */

const STEPS_AT_ONCE = 10_000;

/**
 * @param {Api} api
 * @param {string} id
 * @param {Recipe} recipe
 * @param {number} step
 * @returns {Promise<SessionView>}
 */
export async function exchanged(api, id, recipe, step) {
  const view = await api.replaceRecipe(id, recipe, { step });
  if (view.step >= step) return view;
  for (let at = view.step; at < step; ) {
    const delta = await api.step(id, { steps: Math.min(STEPS_AT_ONCE, step - at), from_step: at, lineage: view.lineage, max_points: 2 });
    if (!delta.steps_taken) break;
    at = delta.step;
  }
  return api.session(id);
}
