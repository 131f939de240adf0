// @ts-check
/**
 * The loss surface as a contour map, in two graphs one upon the other: the contours below, which own zoom, hover and click,
 * and the paths above on the same axes, so that a frame redraws a few lines and never the contours.
 */

/**
 * @import { Field, Surface } from "../wire.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Window } from "../pictures.js"
 * @import { Layout, Plotly, Trace } from "./plotly.js"
 * @import { LossScale } from "./scale.js"
 */
import { painted } from "../dom.js";
import { axisTitles } from "../planes/titles.js";
import { palette, plotScale } from "../theme.js";
import { arrowTraces } from "./arrows.js";
import { overlayTraces, pathChange } from "./paths.js";
import { Figure } from "./figure.js";
import { axis, baseLayout, plotly, timed } from "./plotly.js";
import { COLOUR_SCALE } from "./scale.js";
import { enlarged } from "./size.js";

const SECOND_CLICK_MS = 350; // a tap comes as a touch and again as a click
const LETTER = 7.5; // pixels of width, in the title of an axis
const MARGIN = { l: 52, r: 78, t: 10, b: 44 };

/**
 * @typedef {object} MapEvents
 * @property {(x: number, y: number) => void} clicked
 * @property {(window: Window) => void} zoomed
 */

export class LossMap {
  /** @type {Surface | null} */ surface = null;
  /** @type {LossScale | null} */ #scale = null;
  /** @type {Field | null} */ #field = null;
  /** @type {DrawnRun[]} */ #runs = [];
  #box;
  #base;
  #above;
  #clickedAt = -Infinity;

  /**
   * @param {HTMLElement} base
   * @param {HTMLElement} above
   * @param {MapEvents} events
   * @returns {Promise<LossMap>}
   */
  static async create(base, above, events) {
    return new LossMap(await plotly(), base, above, events);
  }

  /**
   * @param {Plotly} library
   * @param {HTMLElement} base
   * @param {HTMLElement} above
   * @param {MapEvents} events
   */
  constructor(library, base, above, events) {
    this.#box = base;
    this.#base = new Figure(library, base, {
      listeners: {
        plotly_click: (event) => this.#click(event, events.clicked),
        plotly_relayout: (change) => "xaxis.range[0]" in change && events.zoomed(this.window),
      },
    });
    this.#above = new Figure(library, above, { options: { staticPlot: true } });
  }

  /** @returns {Window} what the axes show */
  get window() {
    const { xaxis, yaxis } = this.#axes;
    return { x: [xaxis.range[0], xaxis.range[1]], y: [yaxis.range[0], yaxis.range[1]] };
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]} pixels from the upper left corner of the map's box
   */
  place(x, y) {
    const { xaxis, yaxis } = this.#axes;
    return [xaxis._offset + xaxis.d2p(x), yaxis._offset + yaxis.d2p(y)];
  }

  /** @returns {{left: number, top: number, width: number, height: number}} of the axes in the map's box, in pixels */
  get frame() {
    const { xaxis, yaxis } = this.#axes;
    return { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length };
  }

  /**
   * @param {Surface} surface
   * @param {LossScale} scale
   * @param {Field | null} [field] of descent, drawn as arrows
   */
  setSurface(surface, scale, field = null) {
    if (surface === this.surface && scale === this.#scale && field === this.#field) return;
    this.surface = surface;
    this.#scale = scale;
    this.#field = field;
    this.#draw(surface, scale);
  }

  /** @param {DrawnRun[]} runs */
  setPaths(runs) {
    const sameRuns = runs.length === this.#runs.length && runs.every(({ name, style }, i) => name === this.#runs[i].name && style === this.#runs[i].style);
    this.#runs = runs;
    if (!this.surface) return;
    if (!sameRuns) this.#redrawPaths();
    else if (runs.length) timed(() => this.#above.restyle(...pathChange(runs)));
  }

  /** After a change of theme. */
  recolour() {
    if (this.surface && this.#scale) this.#draw(this.surface, this.#scale);
  }

  get #axes() {
    const { axes } = this.#base;
    if (!axes) throw new Error("there is no map yet");
    return axes;
  }

  /**
   * @param {Surface} surface
   * @param {LossScale} scale
   */
  #draw(surface, scale) {
    const { clientWidth: width, clientHeight: height } = this.#box;
    const { l, r, t, b } = enlarged(MARGIN, plotScale());
    const isBrief = axisTitles(surface.plane)[1].length * LETTER * plotScale() > height - t - b;
    const layout = mapLayout(...axisTitles(surface.plane, isBrief));
    layout.xaxis.range = [surface.x[0], lastOf(surface.x)];
    layout.yaxis.range = [surface.y[0], lastOf(surface.y)];
    const arrows = this.#field ? arrowTraces(this.#field, width - l - r, height - t - b) : [];
    timed(() => this.#base.draw([contour(surface, scale), ...arrows], layout));
    if (this.#above.graph) this.#redrawPaths();
    else void painted().then(() => this.#redrawPaths()); // the first contours need not wait for it
  }

  #redrawPaths() {
    const layout = overlayLayout();
    const { x, y } = this.window;
    layout.xaxis.range = x;
    layout.yaxis.range = y;
    timed(() => this.#above.draw(overlayTraces(this.surface, this.#runs), layout));
  }

  /**
   * @param {import("./plotly.js").ClickEvent} event
   * @param {MapEvents["clicked"]} clicked
   */
  #click({ xvals, yvals }, clicked) {
    if (!xvals || !yvals || performance.now() - this.#clickedAt < SECOND_CLICK_MS) return;
    this.#clickedAt = performance.now();
    clicked(xvals[0], yvals[0]);
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
 * @param {number[]} values
 * @returns {number}
 */
const lastOf = (values) => values[values.length - 1];
