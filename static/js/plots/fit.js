// @ts-check
/**
 * The model in data space. One feature: points, the fitted curve of each run, what generated the points. Two features: what
 * the model predicts over the plane, with the points in the colours of what was observed. More: observed against predicted.
 */

/**
 * @import { DataView, Predictions } from "../wire.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Layout, Plotly, Trace } from "./plotly.js"
 */
import { boundaries } from "../insight/boundary.js";
import { palette } from "../theme.js";
import { Figure } from "./figure.js";
import { axis, baseLayout, escaped, plotly, timed } from "./plotly.js";
import { COLOUR_SCALE } from "./scale.js";

const MARGIN = { l: 58, r: 12, t: 8, b: 40 };
const MOST_POINTS = 1_000; // drawn; of more examples every k-th

/** @typedef {Map<string, Predictions>} PredictionsByRun */
/** @typedef {{observed: string, predicted: string}} FitTitles */
/** @typedef {{beneath: Trace[], above: Trace[]}} Extra traces beneath the points and above them */

export class FitPlot {
  /** Called with the example that is clicked: a column of the table. @type {(column: number) => void} */
  picked = () => {};
  /** While a point is in hand the axes stay as they are. */
  held = false;
  /** Called when the axes may be others. */
  drawn = () => {};
  #figure;
  #box;
  #titles;

  /**
   * @param {HTMLElement} box
   * @param {FitTitles} titles
   * @returns {Promise<FitPlot>}
   */
  static async create(box, titles) {
    return new FitPlot(await plotly(), box, titles);
  }

  /**
   * @param {Plotly} library
   * @param {HTMLElement} box
   * @param {FitTitles} titles
   */
  constructor(library, box, titles) {
    this.#box = box;
    this.#titles = titles;
    const pick = (/** @type {import("./plotly.js").ClickEvent} */ { points }) => typeof points?.[0]?.customdata === "number" && this.picked(points[0].customdata);
    this.#figure = new Figure(library, box, { listeners: { plotly_click: pick } });
  }

  /**
   * @param {DataView} data
   * @param {DrawnRun[]} runs
   * @param {PredictionsByRun} predictions
   * @param {Extra} extra
   */
  draw(data, runs, predictions, extra) {
    const kinds = [overOneFeature, overTwoFeatures];
    const picture = (kinds[data.X.length - 1] ?? (data.classes ? classAgainstClass : observedAgainstPredicted))(data, runs, predictions, this.#titles);
    /** @type {Layout} */
    const layout = { ...baseLayout(palette(), MARGIN), dragmode: false, uirevision: "fit", ...picture.layout };
    const points = picture.traces.findIndex(({ type }) => type === "scatter");
    const traces = [...picture.traces.slice(0, points), ...extra.beneath, ...picture.traces.slice(points), ...extra.above];
    const { axes } = this.#figure;
    if (this.held && axes) for (const name of /** @type {const} */ (["xaxis", "yaxis"])) layout[name] = { ...layout[name], range: [...axes[name].range] };
    timed(() => this.#figure.show(traces, layout));
    this.drawn();
  }

  /**
   * @param {{x: number, y: number}} place in the units of the axes
   * @returns {{left: number, top: number} | null} pixels from the corner of the box; null outside of the axes
   */
  pixelOf({ x, y }) {
    const { axes } = this.#figure;
    if (!axes) return null;
    const { xaxis, yaxis } = axes;
    const [across, down] = [xaxis.l2p(x), yaxis.l2p(y)];
    const isInside = across >= 0 && across <= xaxis._length && down >= 0 && down <= yaxis._length;
    return isInside ? { left: xaxis._offset + across, top: yaxis._offset + down } : null;
  }

  /**
   * @param {{clientX: number, clientY: number}} pointer
   * @returns {{x: number, y: number} | null} in the units of the axes, at their ends where it is outside
   */
  placeOf({ clientX, clientY }) {
    const { axes } = this.#figure;
    if (!axes) return null;
    const { xaxis, yaxis } = axes;
    const { left, top } = this.#box.getBoundingClientRect();
    const within = (/** @type {number} */ pixel, /** @type {number} */ length) => Math.min(Math.max(pixel, 0), length);
    return { x: xaxis.p2l(within(clientX - left - xaxis._offset, xaxis._length)), y: yaxis.p2l(within(clientY - top - yaxis._offset, yaxis._length)) };
  }
}

/**
 * @param {DataView} data
 * @returns {{train: number[], test: number[]}} indices to draw
 */
function drawnExamples({ X, test }) {
  const count = X[0].length;
  const every = Math.ceil(count / MOST_POINTS);
  const isTest = new Set(test);
  const drawn = Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
  return { train: drawn.filter((i) => !isTest.has(i)), test: drawn.filter((i) => isTest.has(i)) };
}

/**
 * @param {number[]} across
 * @param {number[]} up
 * @param {boolean} isTest
 * @param {Layout} [marker]
 * @param {number[]} [columns] of the table, where a click picks an example
 * @returns {Trace}
 */
function points(across, up, isTest, marker = {}, columns = undefined) {
  const { data, test } = palette();
  const own = isTest ? { symbol: "diamond-open", color: test, size: 8, line: { width: 1.5 } } : { symbol: "circle", color: data, size: 6, opacity: 0.8 };
  return { type: "scatter", mode: "markers", x: across, y: up, marker: { ...own, ...marker }, customdata: columns, hovertemplate: "%{x:.4g}, %{y:.4g}<extra></extra>" };
}

/**
 * @param {number[]} values
 * @param {number} [margin] part of the range
 * @returns {[number, number]}
 */
function extent(values, margin = 0.06) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || 1) * margin;
  return [low - pad, high + pad];
}

/** @typedef {{traces: Trace[], layout: Layout}} Picture */
/** @typedef {(data: DataView, runs: DrawnRun[], predictions: PredictionsByRun, titles: FitTitles) => Picture} Draw */

/** @type {Draw} */
function overOneFeature(data, runs, predictions) {
  const { train, test } = drawnExamples(data);
  const [xs, ys] = [data.X[0], data.y[0]];
  const of = (/** @type {number[]} */ column, /** @type {number[]} */ indices) => indices.map((i) => column[i]);
  const shown = [...train, ...test];
  const [across, up] = [extent(of(xs, shown)), extent(of(ys, shown), 0.12)];
  const curves = runs.flatMap((run) => {
    const { x, y } = predictions.get(run.name) ?? {};
    return x && y ? [line(x, outputs(y)[0], { color: run.style.colour, dash: run.style.dash, width: 2.5 })] : [];
  });
  const colours = palette();
  return {
    traces: [points(of(xs, train), of(ys, train), false, {}, train), points(of(xs, test), of(ys, test), true), ...truthLine(data, across), ...curves],
    layout: {
      xaxis: { ...axis(colours, data.x_names?.[0] ?? "x"), range: across, fixedrange: true },
      yaxis: { ...axis(colours, data.y_names?.[0] ?? "y"), range: up, fixedrange: true },
    },
  };
}

/**
 * @param {number[]} x
 * @param {number[]} y
 * @param {Layout} style
 * @returns {Trace}
 */
const line = (x, y, style) => ({ type: "scatter", mode: "lines", x, y, line: style, hoverinfo: "skip" });

/**
 * @param {DataView} data
 * @param {[number, number]} across
 * @returns {Trace[]} the line or curve that generated the data
 */
function truthLine({ truth }, across) {
  const style = { color: palette().ink, width: 1.25, dash: "6px,4px" };
  if (truth?.x && truth.y) return [line(truth.x, truth.y, style)];
  if (truth?.w === undefined || truth.b === undefined) return [];
  const [w] = [truth.w].flat(2);
  const b = truth.b;
  return [line(across, across.map((x) => w * x + b), style)];
}

/**
 * @template T
 * @param {T[] | T[][]} rows one output may come as a plain list
 * @returns {T[][]}
 */
const outputs = (rows) => /** @type {T[][]} */ (Array.isArray(rows[0]) ? rows : [rows]);

/** @type {Draw} */
function overTwoFeatures(data, runs, predictions) {
  const { train, test } = drawnExamples(data);
  const [first, second, observed] = [data.X[0], data.X[1], data.y[0]];
  const shown = [...train, ...test];
  const [low, high] = extent(shown.map((i) => observed[i]), 0);
  const { x, y, z } = (runs.length && predictions.get(runs[0].name)) || {};
  const planes = z && /** @type {number[][][]} */ (Array.isArray(/** @type {any} */ (z)[0][0]) ? z : [z]);
  const plane = planes && (planes.length > 1 ? likeliest(planes) : planes[0]);
  const colours = palette();
  const marks = (/** @type {number[]} */ indices, /** @type {boolean} */ isTest) => {
    const marker = { color: indices.map((i) => observed[i]), colorscale: COLOUR_SCALE, cmin: low, cmax: high, opacity: 1 };
    const edge = { symbol: isTest ? "diamond" : "circle", size: 8, line: { color: isTest ? colours.test : colours.ink, width: isTest ? 2 : 1 } };
    return points(indices.map((i) => first[i]), indices.map((i) => second[i]), isTest, { ...marker, ...edge }, isTest ? undefined : indices);
  };
  const colorbar = { thickness: 8, outlinewidth: 0, xpad: 6, nticks: 5, tickfont: { color: colours.soft, size: 11 } };
  const field = { type: "heatmap", x, y, z: plane, zsmooth: "best", colorscale: COLOUR_SCALE, zmin: low, zmax: high, colorbar, hovertemplate: "ŷ %{z:.4g}<extra></extra>" };
  return {
    traces: [...(plane ? [field] : []), ...(planes && x && data.classes ? boundaries(x, /** @type {number[]} */ (y), planes, colours.paper) : []), marks(train, false), marks(test, true)],
    layout: {
      margin: { ...MARGIN, r: 60, autoexpand: false },
      xaxis: { ...axis(colours, data.x_names?.[0] ?? "x₁"), range: x && [x[0], x[x.length - 1]], showgrid: false, fixedrange: true },
      yaxis: { ...axis(colours, data.x_names?.[1] ?? "x₂"), range: y && [y[0], y[y.length - 1]], showgrid: false, fixedrange: true },
    },
  };
}

/**
 * @param {number[][][]} planes a probability for each class
 * @returns {number[][]} the class that has the highest
 */
function likeliest(planes) {
  return planes[0].map((row, i) => row.map((_, j) => planes.reduce((best, plane, k) => (plane[i][j] > planes[best][i][j] ? k : best), 0)));
}

/**
 * Classes of more than two features: how many examples of each class are taken for which.
 * @type {Draw}
 */
function classAgainstClass(data, runs, predictions, titles) {
  const counts = (runs.length && predictions.get(runs[0].name)?.classification?.train.confusion) || [];
  const names = data.classes ?? [];
  const cells = counts.flatMap((row, observed) => row.map((count, predicted) => ({ observed, predicted, count }))).filter(({ count }) => count > 0);
  const colours = palette();
  const most = Math.max(1, ...cells.map(({ count }) => count));
  const marker = { size: cells.map(({ count }) => 14 + 30 * Math.sqrt(count / most)), color: runs[0]?.style.colour, opacity: 0.85 };
  const places = names.map((_, i) => i);
  const classAxis = (/** @type {string} */ title) => ({ ...axis(colours, title), tickvals: places, ticktext: names.map(escaped), range: [-0.6, names.length - 0.4], fixedrange: true });
  return {
    traces: [
      line([-0.5, names.length - 0.5], [-0.5, names.length - 0.5], { color: colours.rule, width: 1 }),
      {
        ...{ type: "scatter", mode: "markers+text", x: cells.map(({ observed }) => observed), y: cells.map(({ predicted }) => predicted), marker },
        ...{ text: cells.map(({ count }) => String(count)), textfont: { color: "#101420", size: 12 }, hoverinfo: "skip" },
      },
    ],
    layout: { margin: { ...MARGIN, l: 84, autoexpand: false }, xaxis: classAxis(titles.observed), yaxis: classAxis(titles.predicted) },
  };
}

/** @type {Draw} */
function observedAgainstPredicted(data, runs, predictions, titles) {
  const { train, test } = drawnExamples(data);
  const observed = data.y[0];
  const drawn = runs.flatMap((run) => {
    const { predicted } = predictions.get(run.name) ?? {};
    const values = predicted && outputs(predicted)[0];
    if (!values) return [];
    return [false, true].map((isTest) => {
      const indices = (isTest ? test : train).filter((i) => i < values.length);
      const marker = { color: isTest ? palette().test : run.style.colour };
      return points(indices.map((i) => observed[i]), indices.map((i) => values[i]), isTest, marker);
    });
  });
  const range = extent(observed);
  const colours = palette();
  return {
    traces: [line(range, range, { color: colours.ink, width: 1, dash: "6px,4px" }), ...drawn],
    layout: {
      xaxis: { ...axis(colours, titles.observed), range, fixedrange: true },
      yaxis: { ...axis(colours, titles.predicted), range, fixedrange: true },
    },
  };
}
