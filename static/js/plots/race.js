// @ts-check
/** Seconds for a gradient against weights, both logarithmic, one line each way, drawn on to the network of the first text. */

/**
 * @import { RaceResult } from "../studies/wire.js"
 * @import { Graph, Layout, Plotly, Trace } from "./plotly.js"
 */
import { element } from "../dom.js";
import { palette } from "../theme.js";
import { axis, baseLayout, config, plotly, resizeWith, timed } from "./plotly.js";

const MARGIN = { l: 66, r: 20, t: 10, b: 44 };

/** @typedef {{weights: string, seconds: string, passes: string, differences: string}} RaceTitles */

export class RacePlot {
  element = element("div", { className: "race" });
  #box = element("div", { className: "plot" });
  /** @type {RaceResult | null} */ #result = null;
  /** @type {Promise<{library: Plotly, graph: Graph}> | null} */ #drawn = null;
  #titles;

  /** @param {RaceTitles} titles */
  constructor(titles) {
    this.#titles = titles;
    this.element.append(this.#box);
  }

  /** @param {RaceResult} result */
  async show(result) {
    this.#result = result;
    this.#drawn ??= this.#create();
    const { library, graph } = await this.#drawn;
    if (this.#result === result) timed(() => library.react(graph, traces(result, this.#titles), raceLayout(this.#titles), config()));
  }

  /** @returns {Promise<Graph> | undefined} once there is one */
  get graph() {
    return this.#drawn?.then(({ graph }) => graph);
  }

  /** After a change of theme. */
  recolour() {
    if (this.#result) void this.show(this.#result);
  }

  async #create() {
    const library = await plotly();
    const graph = await library.newPlot(this.#box, [], raceLayout(this.#titles), config());
    await resizeWith(this.#box, () => [graph]);
    return { library, graph };
  }
}

/**
 * @param {RaceTitles} titles
 * @returns {Layout}
 */
function raceLayout({ weights, seconds }) {
  const colours = palette();
  const log = { type: "log", exponentformat: "power", dtick: 1, fixedrange: true };
  return { ...baseLayout(colours, MARGIN), dragmode: false, xaxis: { ...axis(colours, weights), ...log, exponentformat: "SI" }, yaxis: { ...axis(colours, seconds), ...log, exponentformat: "SI", dtick: 2 } };
}

/**
 * @param {RaceResult} result
 * @param {RaceTitles} titles
 * @returns {Trace[]}
 */
function traces({ laps, extrapolation }, { passes, differences }) {
  const { forward, backward } = palette();
  return [
    ...way(laps.map((lap) => [lap.parameters, lap.difference_seconds, lap.measured]), extrapolation && [extrapolation.weights, extrapolation.difference_seconds], { name: differences, colour: forward, symbol: "square" }),
    ...way(laps.map((lap) => [lap.parameters, lap.pass_seconds, true]), extrapolation && [extrapolation.weights, extrapolation.pass_seconds], { name: passes, colour: backward, symbol: "circle" }),
  ];
}

/**
 * @param {[number, number, boolean][]} points weights, seconds, whether measured to the end
 * @param {[number, number] | null} end
 * @param {{name: string, colour: string, symbol: string}} look
 * @returns {Trace[]} what was measured, and what follows from it
 */
function way(points, end, { name, colour, symbol }) {
  const [x, y] = [points.map(([weights]) => weights), points.map(([, seconds]) => seconds)];
  const template = `${name}: %{y:.3s}s<extra></extra>`;
  const measured = { type: "scatter", mode: "lines+markers", x, y, line: { color: colour, width: 2 }, marker: { size: 8, symbol: points.map(([, , whole]) => (whole ? symbol : `${symbol}-open`)) }, hovertemplate: template };
  if (!end || !points.length) return [measured];
  const line = { color: colour, width: 1.5, dash: "dot" };
  const onward = { type: "scatter", mode: "lines+markers", x: [x[x.length - 1], end[0]], y: [y[y.length - 1], end[1]], line, marker: { size: [0, 11], symbol: `${symbol}-open` }, hovertemplate: template };
  return [measured, onward];
}
