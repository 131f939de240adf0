// @ts-check
/** Other data under the same run: the recipe is computed again to the step that is drawn, and shown when it is there. */

/**
 * @import { Api } from "../api.js"
 * @import { Recipe, SessionView } from "../wire.js"
 */
import { catchUp } from "../catching-up.js";

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
  await catchUp(view, step, (body) => api.step(id, body));
  return api.session(id);
}
