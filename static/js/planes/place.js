// @ts-check
/** The parameters of a point on the plane that is drawn. */

/**
 * @import { Pictures } from "../pictures.js"
 * @import { State } from "../state.js"
 */
import { addresses } from "../parameters.js";

/**
 * @param {Pictures} pictures
 * @param {Readonly<State>} state
 * @param {number} x
 * @param {number} y
 * @returns {Promise<Record<string, number> | null>} by address, those that the plane does not leave alone; null without an answer
 */
export async function placeOn(pictures, { surface, parameters }, x, y) {
  if (!surface) return null;
  const { id, x_label, y_label } = surface.value.plane;
  if (surface.kind === "parameters") return { [x_label]: x, [y_label]: y };
  const vectors = await pictures.plane(id);
  if (!vectors) return null;
  const { origin, d1, d2 } = vectors;
  return Object.fromEntries(addresses(parameters, origin.length).map((name, i) => [name, origin[i] + x * d1[i] + y * d2[i]]));
}
