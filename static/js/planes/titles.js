// @ts-check
/** What stands at the axes of the map. */

/**
 * @import { Kind } from "./query.js"
 * @import { Surface } from "../wire.js"
 */
import { text } from "../texts.js";

const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumSignificantDigits: 3 });

const FROM_TO = /^(.+) → (.+)$/;
const TOWARDS = /^towards (.+)$/;
const POINTS = ["start", "current", "optimum", "truth"];

/**
 * Planes are kept and shared, and so have English labels; here they are read in the language of the page.
 * @param {Surface} surface
 * @param {Kind} kind
 * @returns {Surface}
 */
export function inOwnWords(surface, kind) {
  const { x_label, y_label } = surface.plane;
  const titled = (/** @type {string} */ x, /** @type {string} */ y) => ({ ...surface, plane: { ...surface.plane, x_label: x, y_label: y } });
  if (kind === "random" || kind === "pca") return titled(text(`plane.${kind}.x`), text(`plane.${kind}.y`));
  const [, first, second] = kind === "points" ? (FROM_TO.exec(x_label) ?? []) : [];
  const [, third] = TOWARDS.exec(y_label) ?? [];
  if (!first || !third) return surface;
  return titled(text("plane.points.x", { first: pointName(first), second: pointName(second) }), text("plane.points.y", { third: pointName(third) }));
}

/**
 * @param {string} point a word of the API, else a run and perhaps a step
 * @returns {string}
 */
const pointName = (point) => (POINTS.includes(point) ? text(`plane.points.${point}`) : point);

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
