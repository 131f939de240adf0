// @ts-check
/** What the colours of a study mean, in words beside them. */

/**
 * @import { BasinsResult, Minimum, Outcome } from "./wire.js"
 * @import { Span } from "./pictures.js"
 */
import { element } from "../dom.js";
import { formatNumber } from "../format.js";
import { HATCHED } from "../plots/cells.js";
import { shadeAt } from "../plots/scale.js";
import { text } from "../texts.js";
import { colourOf } from "./pictures.js";

const MOST_NAMED = 9;
const SHADES = 24;

/**
 * @param {BasinsResult} result
 * @returns {HTMLElement[]} a line for each minimum, the lowest first
 */
export function minimaKey({ minima, plane }) {
  const named = minima.slice(0, MOST_NAMED).map((minimum, place) => element("li", {}, swatch(colourOf(place)), minimumWords(minimum, place, plane)));
  const more = minima.length - named.length;
  return more > 0 ? [...named, element("li", {}, text("studies.more_minima", { count: more }))] : named;
}

/**
 * @param {Minimum} minimum
 * @param {number} place
 * @param {{x_label: string, y_label: string}} plane
 * @returns {string}
 */
function minimumWords({ kind, known, loss, x, y, cells }, place, { x_label, y_label }) {
  const name = text(`studies.kind.${known && kind !== "saddle" ? known : kind}`);
  const values = { number: place + 1, name, loss: formatNumber(loss), cells };
  if (x === null || y === null) return text("studies.level", values);
  return text("studies.minimum", { ...values, at: text("studies.at", { x: x_label, y: y_label, at_x: formatNumber(x), at_y: formatNumber(y) }) });
}

/**
 * @param {Span | null} span
 * @param {string} title
 * @returns {HTMLElement[]} the ends of a colour scale
 */
export function scaleKey(span, title) {
  if (!span) return [];
  const shades = Array.from({ length: SHADES }, (_, i) => swatch(shadeAt(i / (SHADES - 1))));
  const bar = element("span", { className: "bar-of-shades" }, ...shades);
  return [element("li", {}, `${title} ${formatNumber(span.low)} `, bar, ` ${formatNumber(span.high)}`)];
}

/**
 * @param {Outcome[][]} outcome
 * @param {string[]} others outcomes with a colour of their own here
 * @returns {HTMLElement[]} of those that occur
 */
export function outcomeKey(outcome, others) {
  const counts = new Map();
  for (const row of outcome) for (const how of row) counts.set(how, (counts.get(how) ?? 0) + 1);
  const shown = ["on the way", "diverged", "undefined"].filter((how) => others.includes(how) && counts.has(how));
  return shown.map((how) => element("li", {}, swatch(how === "on the way" ? "#a9adb3" : HATCHED), text(`studies.key.${how.replaceAll(" ", "_")}`, { cells: counts.get(how) })));
}

/** @returns {HTMLElement[]} the two ways to a gradient, in the colours of their passes */
export function waysKey() {
  const ways = { differences: "forward", passes: "backward" };
  return Object.entries(ways).map(([name, pass]) => element("li", {}, element("i", { className: `swatch ${pass}`, ariaHidden: "true" }), text(`studies.race.${name}`)));
}

/**
 * @param {string} colour
 * @returns {HTMLElement}
 */
function swatch(colour) {
  const box = element("i", { className: colour === HATCHED ? "swatch hatched" : "swatch", ariaHidden: "true" });
  if (colour !== HATCHED) box.style.background = colour;
  return box;
}
