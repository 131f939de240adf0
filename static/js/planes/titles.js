// @ts-check
/** What stands at the axes of the map. */

/**
 * @import { Kind } from "./query.js"
 * @import { Surface } from "../wire.js"
 */
import { text } from "../texts.js";

const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumSignificantDigits: 3 });

/**
 * Planes are kept and shared, and so have English labels; here they are read in the language of the page.
 * @param {Surface} surface
 * @param {Kind} kind
 * @returns {Surface}
 */
export function inOwnWords(surface, kind) {
  if (kind !== "random" && kind !== "pca") return surface;
  return { ...surface, plane: { ...surface.plane, x_label: text(`plane.${kind}.x`), y_label: text(`plane.${kind}.y`) } };
}

/**
 * @param {Surface["plane"]} plane
 * @param {boolean} [isBrief] where a long title would not be seen whole
 * @returns {[string, string]} with the variance that a principal component holds
 */
export function axisTitles({ x_label, y_label, explained_variance }, isBrief = false) {
  if (!explained_variance) return [x_label, y_label];
  const titled = (/** @type {string} */ label, /** @type {number} */ part) =>
    isBrief ? `${label} (${share.format(part)})` : text("planes.share", { label, share: share.format(part) });
  return [titled(x_label, explained_variance[0]), titled(y_label, explained_variance[1])];
}
