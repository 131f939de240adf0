// @ts-check
/** What of a step shows in the data plot: the examples of its batch, the one that is followed, and what a unit makes of the inputs. */

/**
 * @import { Palette } from "../theme.js"
 * @import { State } from "../state.js"
 * @import { Trace } from "../plots/plotly.js"
 */
import { element, glyph } from "../dom.js";
import { COLOUR_SCALE } from "../plots/scale.js";
import { text } from "../texts.js";
import { palette } from "../theme.js";
import { largest } from "./matrix.js";
import { trainingColumns } from "./order.js";
import { isOfNow } from "./state.js";

/**
 * @typedef {object} Marks
 * @property {Trace[]} beneath the points
 * @property {Trace[]} above them
 * @property {HTMLElement[]} key
 */

/** @type {Marks} */
const NONE = { beneath: [], above: [], key: [] };

/**
 * @param {Readonly<State>} state
 * @param {number} step the drawn one
 * @returns {Marks} for data of one or two features
 */
export function marksOf(state, step) {
  const { data, insight } = state;
  if (!data || data.X.length > 2) return NONE;
  const colours = palette();
  const columns = trainingColumns(data);
  const at = (/** @type {number[]} */ examples) => examples.map((i) => columns[i]).filter((column) => column !== undefined);
  const parts = [];
  const batch = batchAt(state, step);
  if (batch) parts.push({ above: [rings(data, at(batch), { size: 13, width: 2, colour: colours.ink })], key: keyOf(7, 4.5, "network.key_batch") });
  if (insight.chosen !== null) parts.push({ above: [rings(data, at([insight.chosen]), { size: 19, width: 2.5, colour: colours.ink })], key: keyOf(7, 6, "network.key_chosen") });
  const lens = lensTrace(state, colours);
  return {
    beneath: lens ? [lens] : [],
    above: parts.flatMap(({ above }) => above),
    key: parts.map(({ key }) => key),
  };
}

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {number[] | null} the examples that the next step sees, where they are known and not all
 */
export function batchAt(state, step) {
  const { data, insight: { anatomy } } = state;
  if (!anatomy || !data || anatomy.asked.step !== step || !isOfNow(anatomy, state)) return null;
  const { batch } = anatomy.value;
  return batch.length < data.X[0].length - data.test.length ? batch : null;
}

/**
 * @param {NonNullable<State["data"]>} data
 * @param {number[]} columns
 * @param {{size: number, width: number, colour: string}} look
 * @returns {Trace}
 */
function rings({ X, y }, columns, { size, width, colour }) {
  const up = X.length === 2 ? X[1] : y[0];
  const marker = { symbol: "circle-open", size, color: colour, line: { width } };
  return { type: "scatter", mode: "markers", x: columns.map((i) => X[0][i]), y: columns.map((i) => up[i]), marker, hoverinfo: "skip", meta: "mark" };
}

/**
 * @param {Readonly<State>} state
 * @param {Palette} colours
 * @returns {Trace | null} the activation of the unit that is pointed at, over the inputs
 */
function lensTrace(state, colours) {
  const { units, lens } = state.insight;
  const values = lens && units && isOfNow(units, state) && units.value.layers[lens.layer - 1]?.[lens.unit];
  if (!values || !units) return null;
  const { x, y } = units.value;
  if (!y) return { type: "scatter", mode: "lines", x, y: values, line: { color: colours.ink, width: 3, dash: "dot" }, hoverinfo: "skip", meta: "lens" };
  const most = largest(/** @type {(number | null)[][]} */ (values));
  return { type: "heatmap", x, y, z: values, zsmooth: "best", colorscale: COLOUR_SCALE, zmin: -most, zmax: most, showscale: false, hoverinfo: "skip", meta: "lens" };
}

/**
 * @param {number} middle
 * @param {number} radius
 * @param {string} key
 * @returns {HTMLElement}
 */
function keyOf(middle, radius, key) {
  return element("span", {}, glyph({ circle: { cx: 10, cy: middle, r: radius, fill: "none", stroke: "currentColor", "stroke-width": 2 } }), text(key));
}
