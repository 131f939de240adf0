// @ts-check
/**
 * The loss surface as a contour map, in two graphs one upon the other: the contours below, which own zoom, hover and click,
 * and the paths above on the same axes, so that a frame redraws a few lines and never the contours.
 */

/**
 * @import { Place, Surface } from "../wire.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Window } from "../pictures.js"
 * @import { Graph, Layout, Plotly, Trace } from "./plotly.js"
 * @import { LossScale } from "./scale.js"
 */
import { drawnColumns } from "../runs.js";
import { palette } from "../theme.js";
import { axis, baseLayout, config, plotly, resizeWith, timed } from "./plotly.js";
import { COLOUR_SCALE } from "./scale.js";

const MARGIN = { l: 52, r: 78, t: 10, b: 44 };
const DARK = "#101420";
const LIGHT = "#ffffff";
const LANDMARKS = 2; // traces below those of the runs

/**
 * @typedef {object} MapEvents
 * @property {(x: number, y: number) => void} clicked
 * @property {(window: Window) => void} zoomed
 */

export class LossMap {
  /** @type {Surface | null} */ surface = null;
  /** @type {LossScale | null} */ #scale = null;
  /** @type {DrawnRun[]} */ #runs = [];
  #plotly;
  #base;
  #above;

  /**
   * @param {HTMLElement} base
   * @param {HTMLElement} above
   * @param {MapEvents} events
   * @returns {Promise<LossMap>}
   */
  static async create(base, above, events) {
    const library = await plotly();
    const bottom = await library.newPlot(base, [], mapLayout("", ""), config());
    const top = await library.newPlot(above, [], overlayLayout(), { ...config(), staticPlot: true });
    const map = new LossMap(library, bottom, top);
    bottom.on("plotly_click", ({ xvals, yvals }) => xvals && yvals && events.clicked(xvals[0], yvals[0]));
    bottom.on("plotly_relayout", (change) => "xaxis.range[0]" in change && events.zoomed(map.window));
    await resizeWith(base, () => [bottom, top]);
    return map;
  }

  /**
   * @param {Plotly} library
   * @param {Graph} base
   * @param {Graph} above
   */
  constructor(library, base, above) {
    this.#plotly = library;
    this.#base = base;
    this.#above = above;
  }

  /** @returns {Window} what the axes show */
  get window() {
    const { xaxis, yaxis } = this.#base._fullLayout;
    return { x: [xaxis.range[0], xaxis.range[1]], y: [yaxis.range[0], yaxis.range[1]] };
  }

  /**
   * @param {Surface} surface
   * @param {LossScale} scale
   */
  setSurface(surface, scale) {
    this.surface = surface;
    this.#scale = scale;
    const { x_label, y_label } = surface.plane;
    const layout = mapLayout(x_label, y_label);
    const window = { x: [surface.x[0], lastOf(surface.x)], y: [surface.y[0], lastOf(surface.y)] };
    layout.xaxis.range = [...window.x];
    layout.yaxis.range = [...window.y];
    timed(() => this.#plotly.react(this.#base, [contour(surface, scale)], layout));
    this.#redrawPaths();
  }

  /** @param {DrawnRun[]} runs */
  setPaths(runs) {
    const sameRuns = runs.length === this.#runs.length && runs.every(({ name }, i) => name === this.#runs[i].name);
    this.#runs = runs;
    if (!sameRuns) this.#redrawPaths();
    else timed(() => this.#movePaths());
  }

  /** After a change of theme. */
  recolour() {
    if (this.surface && this.#scale) this.setSurface(this.surface, this.#scale);
  }

  #movePaths() {
    const lines = this.#runs.map((run) => drawnColumns(run, ["x", "y"]));
    const across = lines.flatMap(({ x }) => [x, x, x, x.slice(0, 1), x.slice(-1)]);
    const up = lines.flatMap(({ y }) => [y, y, y, y.slice(0, 1), y.slice(-1)]);
    return this.#plotly.restyle(this.#above, { x: across, y: up }, across.map((_, i) => i + LANDMARKS));
  }

  #redrawPaths() {
    const layout = overlayLayout();
    const { x, y } = this.window;
    layout.xaxis.range = x;
    layout.yaxis.range = y;
    const runs = this.#runs.flatMap(runTraces);
    timed(() => this.#plotly.react(this.#above, [...landmarks(this.surface), ...runs], layout));
  }
}

/**
 * @param {string} x
 * @param {string} y
 * @returns {Layout}
 */
function mapLayout(x, y) {
  const colours = palette();
  return {
    ...baseLayout(colours, MARGIN),
    clickanywhere: true,
    xaxis: { ...axis(colours, x), showgrid: false },
    yaxis: { ...axis(colours, y), showgrid: false },
  };
}

/** @returns {Layout} */
function overlayLayout() {
  const hidden = { visible: false, fixedrange: true, autorange: false };
  return { ...baseLayout(palette(), MARGIN), xaxis: { ...hidden, range: [0, 1] }, yaxis: { ...hidden, range: [0, 1] } };
}

/**
 * @param {Surface} surface
 * @param {LossScale} scale
 * @returns {Trace}
 */
function contour({ x, y, loss, plane }, scale) {
  const colours = palette();
  return {
    type: "contour",
    x,
    y,
    z: loss.map((row) => row.map(scale.height)),
    customdata: loss,
    zmin: scale.low,
    zmax: scale.high,
    zauto: false,
    autocontour: false,
    contours: { start: scale.low, end: scale.high, size: scale.step, coloring: "fill" },
    line: { width: 0.5, color: "rgba(255,255,255,0.35)" },
    colorscale: COLOUR_SCALE,
    colorbar: { thickness: 10, outlinewidth: 0, xpad: 8, tickvals: scale.ticks, ticktext: scale.labels, tickfont: { color: colours.soft, size: 11 } },
    hovertemplate: `${plane.x_label} %{x:.4g}<br>${plane.y_label} %{y:.4g}<br>L %{customdata:.4g}<extra></extra>`,
  };
}

/**
 * A line that keeps its contrast on every colour: dark under light under its own.
 * @param {DrawnRun} run
 * @returns {Trace[]}
 */
function runTraces(run) {
  const { x, y } = drawnColumns(run, ["x", "y"]);
  const { colour, dash } = run.style;
  const line = (/** @type {string} */ color, /** @type {number} */ width, dash = "solid") => ({
    ...{ type: "scatter", mode: "lines", x, y, hoverinfo: "skip" },
    line: { color, width, dash, simplify: true },
  });
  const mark = (/** @type {number[]} */ across, /** @type {number[]} */ up, /** @type {Layout} */ marker) => ({
    ...{ type: "scatter", mode: "markers", x: across, y: up, hoverinfo: "skip", marker },
  });
  const start = { symbol: "circle", size: 11, color: LIGHT, line: { color: DARK, width: 2 } };
  const head = { symbol: "circle", size: 15, color: colour, line: { color: LIGHT, width: 2 } };
  return [
    line(DARK, 5.5),
    line(LIGHT, 4),
    line(colour, 2.25, dash),
    mark(x.slice(0, 1), y.slice(0, 1), start),
    mark(x.slice(-1), y.slice(-1), head),
  ];
}

/**
 * @param {Surface | null} surface
 * @returns {Trace[]} the optimum as ✕, the generating truth as +
 */
function landmarks(surface) {
  const mark = (/** @type {Place | null | undefined} */ place, /** @type {string} */ symbol) => ({
    ...{ type: "scatter", mode: "markers", x: place ? [place.x] : [], y: place ? [place.y] : [], hoverinfo: "skip" },
    marker: { symbol, size: 11, color: DARK, line: { color: LIGHT, width: 1.5 } },
  });
  return [mark(surface?.optimum, "x"), mark(surface?.truth, "cross")];
}

/**
 * @param {number[]} values
 * @returns {number}
 */
const lastOf = (values) => values[values.length - 1];
