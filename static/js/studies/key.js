// @ts-check
/** What the colours of a study mean, in words beside them: on the page, and on the picture that is saved. */

/**
 * @import { BasinsResult, Minimum, Outcome } from "./wire.js"
 * @import { Span } from "./pictures.js"
 * @import { Trace } from "../plots/plotly.js"
 */
import { element } from "../dom.js";
import { formatNumber } from "../format.js";
import { HATCHED } from "../plots/cells.js";
import { escaped } from "../plots/plotly.js";
import { COLOUR_SCALE, shadeAt } from "../plots/scale.js";
import { text } from "../texts.js";
import { palette } from "../theme.js";
import { ON_THE_WAY, colourOf } from "./pictures.js";

const MOST_NAMED = 9;
const SHADES = 24;

/** @typedef {{words: string, colour?: string, span?: Span, isRound?: boolean}} Entry a colour and what it means, the ends of a scale, or words alone */

/**
 * @param {BasinsResult} result
 * @returns {Entry[]} one for each minimum, the lowest first
 */
export function minimaKey({ minima, plane }) {
  const named = minima.slice(0, MOST_NAMED).map((minimum, place) => ({ colour: colourOf(place), words: minimumWords(minimum, place, plane) }));
  const more = minima.length - named.length;
  return more > 0 ? [...named, { words: text("studies.more_minima", { count: more }) }] : named;
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
 * @returns {Entry[]} a colour scale
 */
export const scaleKey = (span, title) => (span ? [{ span, words: title }] : []);

/**
 * @param {Outcome[][]} outcome
 * @param {string[]} others outcomes with a colour of their own here
 * @returns {Entry[]} of those that occur
 */
export function outcomeKey(outcome, others) {
  const counts = new Map();
  for (const row of outcome) for (const how of row) counts.set(how, (counts.get(how) ?? 0) + 1);
  const shown = ["on the way", "diverged", "undefined"].filter((how) => others.includes(how) && counts.has(how));
  return shown.map((how) => ({ colour: how === "on the way" ? ON_THE_WAY : HATCHED, words: text(`studies.key.${how.replaceAll(" ", "_")}`, { cells: counts.get(how) }) }));
}

/** @returns {Entry[]} the two ways to a gradient, in the colours of their passes */
export function waysKey() {
  const { forward, backward } = palette();
  return [
    { colour: forward, words: text("studies.race.differences") },
    { colour: backward, words: text("studies.race.passes"), isRound: true },
  ];
}

/**
 * @param {Entry} entry
 * @returns {HTMLElement} a line of the page's key
 */
export function keyLine({ words, colour, span, isRound = false }) {
  if (!span) return element("li", {}, ...(colour ? [swatch(colour, isRound)] : []), words);
  const shades = Array.from({ length: SHADES }, (_, i) => swatch(shadeAt(i / (SHADES - 1))));
  const bar = element("span", { className: "bar-of-shades" }, ...shades);
  return element("li", {}, `${words} ${formatNumber(span.low)} `, bar, ` ${formatNumber(span.high)}`);
}

/**
 * @param {Entry} entry
 * @returns {Trace} without a point: it stands in the legend only, or beside a colour bar
 */
export function keyTrace({ words, colour, span, isRound = false }) {
  const nowhere = { type: "scatter", mode: "markers", x: [null], y: [null], showlegend: !span, name: escaped(words) };
  if (span) {
    const ticks = { tickvals: [0, 1], ticktext: [span.low, span.high].map(formatNumber) };
    const colorbar = { ...ticks, title: { text: escaped(words), side: "right" }, thickness: 12, outlinewidth: 0 };
    return { ...nowhere, marker: { color: [0], cmin: 0, cmax: 1, colorscale: COLOUR_SCALE, showscale: true, colorbar } };
  }
  if (colour === HATCHED) return { ...nowhere, marker: { size: 12, symbol: "square-x-open", color: palette().alert } };
  return { ...nowhere, marker: { size: 12, symbol: isRound ? "circle" : "square", color: colour ?? "rgba(0,0,0,0)" } };
}

/**
 * @param {string} colour
 * @param {boolean} [isRound]
 * @returns {HTMLElement}
 */
function swatch(colour, isRound = false) {
  const box = element("i", { className: ["swatch", ...(colour === HATCHED ? ["hatched"] : []), ...(isRound ? ["round-one"] : [])].join(" "), ariaHidden: "true" });
  if (colour !== HATCHED) box.style.background = colour;
  return box;
}
