// @ts-check
/**
 * The loss surface in three dimensions, with the paths at their true loss. A redraw costs about a tenth of a second on
 * software WebGL, so the pace follows its own measured cost, and nothing is redrawn while a pointer turns it.
 */

/**
 * @import { Surface } from "../wire.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Graph, Layout, Plotly, Trace } from "./plotly.js"
 * @import { LossScale } from "./scale.js"
 */
import { drawnColumns } from "../runs.js";
import { axisTitles } from "../planes/titles.js";
import { palette } from "../theme.js";
import { baseLayout, config, coarsePointer, plotly, resizeWith } from "./plotly.js";
import { COLOUR_SCALE } from "./scale.js";

const SHARE = 0.35; // of the main thread that 3-D may take
const MOST_POINTS = 400;
const EXACT_POINTS = 40;

/** @returns {boolean} */
export function hasWebGL() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // at most 16 live on a page
  return context !== null;
}

export class SurfacePlot {
  /** Whether a lost context was drawn again. @type {() => void} */
  recovered = () => {};
  /** @type {Graph | null} */ #graph = null;
  /** @type {Surface | null} */ #surface = null;
  /** @type {LossScale | null} */ #scale = null;
  /** @type {DrawnRun[]} */ #runs = [];
  #plotly;
  #box;
  #held = false;
  #cost = 100; // milliseconds a redraw
  #drawnAt = -Infinity;

  /**
   * @param {HTMLElement} box
   * @returns {Promise<SurfacePlot>}
   */
  static async create(box) {
    const plot = new SurfacePlot(await plotly(), box);
    await resizeWith(box, () => (plot.#graph ? [plot.#graph] : []));
    return plot;
  }

  /**
   * @param {Plotly} library
   * @param {HTMLElement} box
   */
  constructor(library, box) {
    this.#plotly = library;
    this.#box = box;
    box.addEventListener("pointerdown", () => this.#hold(true), { capture: true });
    addEventListener("pointerup", () => this.#hold(false));
    addEventListener("pointercancel", () => this.#hold(false));
    box.addEventListener("webglcontextlost", () => void this.#recover(), { capture: true });
    this.rotatable = !coarsePointer();
  }

  /** @returns {boolean} whether a finger turns it; else it scrolls the page */
  get rotatable() {
    return !this.#box.classList.contains("still");
  }

  /** @param {boolean} rotatable */
  set rotatable(rotatable) {
    this.#box.classList.toggle("still", !rotatable);
  }

  /**
   * @param {Surface} surface
   * @param {LossScale} scale
   * @param {DrawnRun[]} runs
   */
  async setSurface(surface, scale, runs) {
    this.#surface = surface;
    this.#scale = scale;
    this.#runs = runs;
    await this.#draw();
  }

  /** After a change of theme. */
  async recolour() {
    await this.#draw();
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {boolean} [atOnce] at rest: however long ago the last one was
   */
  setPaths(runs, atOnce = false) {
    this.#runs = runs;
    const now = performance.now();
    if (!this.#graph || this.#held || (!atOnce && now - this.#drawnAt < this.#cost / SHARE)) return;
    const lines = pathTraces(runs, this.#scale, this.#surface);
    const first = this.#graph.data.length - lines.length;
    const change = { x: lines.map(({ x }) => x), y: lines.map(({ y }) => y), z: lines.map(({ z }) => z) };
    void this.#plotly.restyle(this.#graph, change, lines.map((_, i) => first + i));
    this.#measure(now);
  }

  /** @param {number} start the next frame comes when the drawing is done: on software WebGL that is where the time goes */
  #measure(start) {
    this.#drawnAt = start;
    requestAnimationFrame(() => setTimeout(() => {
      this.#cost = 0.7 * this.#cost + 0.3 * (performance.now() - start);
      this.#drawnAt = performance.now();
    }));
  }

  /** @param {boolean} held */
  #hold(held) {
    if (this.#held && !held) this.#drawnAt = performance.now();
    this.#held = held;
  }

  /** @param {Layout} [saved] camera of a scene that was lost */
  async #draw(saved) {
    if (!this.#surface || !this.#scale) return;
    const lines = pathTraces(this.#runs, this.#scale, this.#surface);
    const traces = [surfaceTrace(this.#surface, this.#scale), ...landmarks(this.#surface, this.#scale), ...lines];
    const camera = this.#graph?._fullLayout.scene.camera ?? saved ?? firstCamera(this.#surface, this.#runs);
    const layout = sceneLayout(this.#surface, this.#scale, camera);
    if (this.#graph) await this.#plotly.react(this.#graph, traces, layout, config());
    else await this.#create(traces, layout);
  }

  /**
   * Plotly notes the camera in the layout a scene began with, which `react` has long replaced: it is noted in the new one too.
   * @param {Trace[]} traces
   * @param {Layout} layout
   */
  async #create(traces, layout) {
    const graph = await this.#plotly.newPlot(this.#box, traces, layout, config());
    graph.on("plotly_relayout", (change) => {
      if (change["scene.camera"]) graph.layout.scene.camera = change["scene.camera"];
    });
    this.#graph = graph;
  }

  /** Plotly stays blank and silent after a lost context. */
  async #recover() {
    if (!this.#graph) return;
    const { camera, _scene } = this.#graph._fullLayout.scene;
    this.#plotly.purge(this.#box);
    // Plotly's own recovery waits frame by frame for the context of the scene just purged: it finds one, and nothing to do.
    Object.assign(_scene, { glplot: { gl: { isContextLost: () => false } }, initializeGLPlot: () => true, plot: () => {} });
    this.#graph = null;
    await this.#draw(camera);
    this.recovered();
  }
}

/**
 * @param {Surface} surface
 * @param {LossScale} scale
 * @returns {Trace}
 */
function surfaceTrace({ x, y, loss, plane }, scale) {
  return {
    type: "surface",
    x,
    y,
    z: loss.map((row) => row.map(scale.height)),
    customdata: loss,
    cmin: scale.low,
    cmax: scale.high,
    colorscale: COLOUR_SCALE,
    showscale: false,
    opacity: 0.82, // the mesh spans its cells with chords that may lie above the path
    lighting: { ambient: 0.75, diffuse: 0.5, specular: 0.05, roughness: 0.9 },
    contours: { z: { show: true, start: scale.low, end: scale.high, size: 2 * scale.step, color: "#f4f1e4", width: 1 } },
    hovertemplate: `${plane.x_label} %{x:.4g}<br>${plane.y_label} %{y:.4g}<br>L %{customdata:.4g}<extra></extra>`,
  };
}

/**
 * @param {DrawnRun[]} runs
 * @param {LossScale | null} scale
 * @param {Surface | null} surface
 * @returns {Trace[]} a run: line, start, head, and the gap between the head and the slice beneath it
 */
function pathTraces(runs, scale, surface) {
  if (!scale || !surface) return [];
  return runs.flatMap((run) => {
    const { x, y, loss } = inside(drawnColumns(run, ["x", "y", "loss"], MOST_POINTS, EXACT_POINTS), surface);
    const z = loss.map(scale.height);
    const { colour } = run.style;
    const { point } = run;
    const ends = (/** @type {number} */ from, /** @type {number | undefined} */ to) => ({ x: x.slice(from, to), y: y.slice(from, to), z: z.slice(from, to) });
    const isOff = point.offPlane > 0 && x.length > 0;
    const gap = isOff ? { x: [point.x, point.x], y: [point.y, point.y], z: [point.loss, point.sliceLoss].map(scale.height) } : { x: [], y: [], z: [] };
    return [
      { type: "scatter3d", mode: "lines", x, y, z, hoverinfo: "skip", line: { color: colour, width: 7 } },
      { type: "scatter3d", mode: "markers", ...ends(0, 1), hoverinfo: "skip", marker: { size: 4, color: "#ffffff", line: { color: "#101420", width: 2 } } },
      { type: "scatter3d", mode: "markers", ...ends(-1, undefined), hoverinfo: "skip", marker: { size: 7, color: colour, line: { color: "#ffffff", width: 2 } } },
      { type: "scatter3d", mode: "lines", ...gap, hoverinfo: "skip", line: { color: palette().ink, width: 2, dash: "dot" } },
    ];
  });
}

/**
 * What lies outside the window would stretch the axes.
 * @param {Record<string, number[]>} columns
 * @param {Surface} surface
 * @returns {Record<string, number[]>}
 */
function inside(columns, { x, y }) {
  const kept = columns.x.map((across, i) => {
    const up = columns.y[i];
    return across >= x[0] && across <= x[x.length - 1] && up >= y[0] && up <= y[y.length - 1];
  });
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.filter((_, i) => kept[i])]));
}

/**
 * @param {Surface} surface
 * @param {LossScale} scale
 * @returns {Trace[]} optimum and truth, the truth at the height of the slice
 */
function landmarks({ optimum, truth, x, y, loss }, scale) {
  const marks = [];
  if (optimum?.loss !== undefined) marks.push({ place: optimum, z: optimum.loss, symbol: "x" });
  if (truth) marks.push({ place: truth, z: loss[nearest(y, truth.y)][nearest(x, truth.x)], symbol: "cross" });
  return marks.map(({ place, z, symbol }) => ({
    ...{ type: "scatter3d", mode: "markers", x: [place.x], y: [place.y], z: [scale.height(z)], hoverinfo: "skip" },
    marker: { symbol, size: 4, color: "#101420", line: { color: "#ffffff", width: 1 } },
  }));
}

/**
 * @param {number[]} grid
 * @param {number} value
 * @returns {number}
 */
function nearest(grid, value) {
  const cell = Math.round(((value - grid[0]) / (grid[grid.length - 1] - grid[0])) * (grid.length - 1));
  return Math.min(Math.max(0, cell), grid.length - 1);
}

/**
 * From the side of the start, so that the way down lies in front.
 * @param {Surface} surface
 * @param {DrawnRun[]} runs
 * @returns {Layout}
 */
function firstCamera({ x, y }, [run]) {
  const part = (/** @type {number[]} */ grid, /** @type {number} */ value) => (value - grid[0]) / (grid[grid.length - 1] - grid[0]) - 0.5;
  const [across, up] = run ? [part(x, run.path.columns.x[0]), part(y, run.path.columns.y[0])] : [0, 0];
  const length = Math.hypot(across, up);
  const angle = length > 0.01 && Number.isFinite(length) ? Math.atan2(up, across) : -Math.PI / 3;
  return { eye: { x: 1.3 * Math.cos(angle + 0.7), y: 1.3 * Math.sin(angle + 0.7), z: 1.55 }, center: { x: 0, y: 0, z: -0.16 } };
}

/**
 * @param {Surface} surface
 * @param {LossScale} scale
 * @param {Layout} camera
 * @returns {Layout}
 */
function sceneLayout({ plane, x, y }, scale, camera) {
  const colours = palette();
  const [across, up] = axisTitles(plane, true);
  const side = (/** @type {string} */ title) => ({
    ...{ title: { text: title, font: { size: 13, color: colours.ink } }, gridcolor: colours.rule, zeroline: false, showspikes: false },
    ...{ showbackground: false, nticks: 6, tickfont: { size: 11 } },
  });
  return {
    ...baseLayout(colours, { l: 0, r: 0, t: 0, b: 0 }),
    scene: {
      dragmode: "turntable",
      aspectmode: "manual",
      aspectratio: { x: 1.15, y: 1.15, z: 0.7 },
      camera,
      xaxis: { ...side(across), range: [x[0], x[x.length - 1]] },
      yaxis: { ...side(up), range: [y[0], y[y.length - 1]] },
      zaxis: { ...side("L"), tickvals: scale.ticks, ticktext: scale.labels },
    },
  };
}
