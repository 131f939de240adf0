// @ts-check
/** Loss against steps: a line a run, thinner and dotted for the loss on test data, and a rule at the step that is drawn. */

/**
 * @import { DrawnRun } from "../runs.js"
 * @import { ScaleKind } from "./scale.js"
 * @import { Graph, Layout, Plotly, Trace } from "./plotly.js"
 */
import { drawnColumns } from "../runs.js";
import { palette } from "../theme.js";
import { axis, baseLayout, config, escaped, plotly, resizeWith, timed } from "./plotly.js";

const MARGIN = { l: 58, r: 12, t: 8, b: 40 };
const FIRST_STEPS = 10; // shown before there are as many

export class LossCurve {
  #plotly;
  #graph;
  #titles;

  /**
   * @param {HTMLElement} box
   * @param {{step: string, loss: string}} titles
   * @param {(step: number) => void} clicked
   * @returns {Promise<LossCurve>}
   */
  static async create(box, titles, clicked) {
    const library = await plotly();
    const graph = await library.newPlot(box, [], lossLayout(titles, "linear", FIRST_STEPS), config());
    graph.on("plotly_click", ({ points }) => points?.length && clicked(points[0].x));
    await resizeWith(box, () => [graph]);
    return new LossCurve(library, graph, titles);
  }

  /**
   * @param {Plotly} library
   * @param {Graph} graph
   * @param {{step: string, loss: string}} titles
   */
  constructor(library, graph, titles) {
    this.#plotly = library;
    this.#graph = graph;
    this.#titles = titles;
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {ScaleKind} kind
   */
  draw(runs, kind) {
    const traces = runs.flatMap((run) => runTraces(run, runs.length > 1));
    const end = Math.max(FIRST_STEPS, ...runs.map(({ point }) => point.step));
    timed(() => this.#plotly.react(this.#graph, traces, lossLayout(this.#titles, kind, end), config()));
  }
}

/**
 * @param {{step: string, loss: string}} titles
 * @param {ScaleKind} kind
 * @param {number} end the last step on the axis
 * @returns {Layout}
 */
function lossLayout(titles, kind, end) {
  const colours = palette();
  return {
    ...baseLayout(colours, MARGIN),
    dragmode: false,
    hovermode: "x",
    uirevision: "loss",
    xaxis: { ...axis(colours, titles.step), range: [-0.01 * end, 1.02 * end], showgrid: false, fixedrange: true },
    yaxis: { ...axis(colours, titles.loss), type: kind, rangemode: kind === "linear" ? "tozero" : "normal", nticks: 5, fixedrange: true },
  };
}

/**
 * @param {DrawnRun} run
 * @param {boolean} isNamed
 * @returns {Trace[]}
 */
function runTraces(run, isNamed) {
  const { step, loss } = drawnColumns(run, ["loss"]);
  const { colour, dash } = run.style;
  const template = `%{y:.4g}<extra>${isNamed ? escaped(run.name) : ""}</extra>`;
  const { test } = run.path;
  const seen = test.step.filter((at) => at <= run.point.step).length;
  return [
    { type: "scatter", mode: "lines", x: step, y: loss, name: run.name, line: { color: colour, width: 2, dash }, hovertemplate: template },
    { type: "scatter", mode: "markers", x: step.slice(-1), y: loss.slice(-1), cliponaxis: false, hoverinfo: "skip", marker: { size: 8, color: colour } },
    {
      ...{ type: "scatter", mode: "lines", x: test.step.slice(0, seen), y: test.loss.slice(0, seen), name: run.name },
      ...{ line: { color: palette().test, width: 1.5, dash: "dot" }, hovertemplate: template },
    },
  ];
}
