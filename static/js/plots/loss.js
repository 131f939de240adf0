// @ts-check
/** Loss against steps, or against what they cost: a line a run, thinner and dotted for the loss on test data, and a rule at the step that is drawn. */

/**
 * @import { DrawnRun } from "../runs.js"
 * @import { View } from "../state.js"
 * @import { ScaleKind } from "./scale.js"
 * @import { Graph, Layout, Plotly, Trace } from "./plotly.js"
 */
import { drawnColumns } from "../runs.js";
import { palette } from "../theme.js";
import { Figure } from "./figure.js";
import { axis, baseLayout, escaped, plotly, timed } from "./plotly.js";

/** @typedef {Record<"step" | "cost" | "samples" | "loss", string>} LossTitles */
/** @typedef {"step" | "cost" | "samples"} Against */

const MARGIN = { l: 58, r: 12, t: 8, b: 40 };
const NEAR_PIXELS = 6;
const FIRST_STEPS = 10; // shown before there are as many

export class LossCurve {
  #figure;
  #titles;

  /**
   * @param {HTMLElement} box
   * @param {LossTitles} titles
   * @param {(step: number) => void} clicked
   * @returns {Promise<LossCurve>}
   */
  static async create(box, titles, clicked) {
    return new LossCurve(await plotly(), box, titles, clicked);
  }

  /**
   * @param {Plotly} library
   * @param {HTMLElement} box
   * @param {LossTitles} titles
   * @param {(step: number) => void} clicked
   */
  constructor(library, box, titles, clicked) {
    this.#titles = titles;
    const look = (/** @type {import("./plotly.js").ClickEvent} */ { xvals, yvals }) => {
      const { graph } = this.#figure;
      if (graph && xvals && yvals) clicked(stepAt(graph, xvals[0], yvals[0]));
    };
    this.#figure = new Figure(library, box, { listeners: { plotly_click: look } });
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {Pick<View, "lossScale" | "lossAxis" | "goal">} view
   * @param {number} [reached] the furthest step that was seen: those from the drawn one up to it are drawn faint
   */
  draw(runs, { lossScale, lossAxis: against, goal }, reached = 0) {
    const ahead = runs.flatMap((run) => aheadTraces(run, against, reached));
    const traces = [...runs.flatMap((run) => runTraces(run, runs.length > 1, against)), ...ahead];
    const end = Math.max(FIRST_STEPS, ...runs.map(({ point }) => point[against] || 0), ...ahead.map(({ x }) => x.at(-1)));
    timed(() => this.#figure.show(traces, { ...lossLayout(this.#titles, lossScale, against, end), shapes: goalLine(goal) }));
  }
}

/**
 * @param {LossTitles} titles
 * @param {ScaleKind} kind
 * @param {Against} against
 * @param {number} end of the axis
 * @returns {Layout}
 */
function lossLayout(titles, kind, against, end) {
  const colours = palette();
  return {
    ...baseLayout(colours, MARGIN),
    dragmode: false,
    hovermode: "x",
    clickanywhere: true,
    uirevision: "loss",
    xaxis: { ...axis(colours, titles[against]), range: [-0.01 * end, 1.02 * end], showgrid: false, fixedrange: true },
    yaxis: { ...axis(colours, titles.loss), type: kind, rangemode: kind === "linear" ? "tozero" : "normal", nticks: 5, fixedrange: true },
  };
}

/**
 * @param {View["goal"]} goal
 * @returns {Layout[]} a line across, where the goal is a loss
 */
function goalLine(goal) {
  if (goal?.kind !== "loss") return [];
  return [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: goal.value, y1: goal.value, line: { color: palette().soft, width: 1, dash: "dash" } }];
}

/**
 * The step above which x is; of several lines there, of which each has its own against what steps cost, the nearest one's.
 * @param {Graph} graph
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
function stepAt({ data, _fullLayout: { xaxis, yaxis } }, x, y) {
  const found = data.filter(({ customdata }) => customdata?.length).map((line) => {
    const i = nearestIndex(line.x, x);
    return { step: line.customdata[i], across: Math.abs(xaxis.d2p(line.x[i]) - xaxis.d2p(x)), up: Math.abs(yaxis.d2p(line.y[i]) - yaxis.d2p(y)) };
  });
  const least = Math.min(...found.map(({ across }) => across));
  const [nearest] = found.filter(({ across }) => across < least + NEAR_PIXELS).sort((a, b) => a.up - b.up);
  return nearest?.step ?? 0;
}

/**
 * @param {number[]} values
 * @param {number} value
 * @returns {number}
 */
const nearestIndex = (values, value) => values.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(values[best] - value) ? i : best), 0);

/**
 * What comes after the drawn step, where one looks back.
 * @param {DrawnRun} run
 * @param {Against} against
 * @param {number} reached
 * @returns {Trace[]}
 */
function aheadTraces({ path, count, point, style: { colour, dash } }, against, reached) {
  const seen = path.indexAt(reached) + 1;
  if (seen <= count) return [];
  const whole = drawnColumns({ path, count: seen }, against === "step" ? ["loss"] : ["loss", against]);
  const from = whole.step.findIndex((step) => step >= point.step);
  if (from < 0) return [];
  const [step, loss, x] = [whole.step, whole.loss, whole[against]].map((column) => column.slice(from));
  return [{ type: "scatter", mode: "lines", x, y: loss, customdata: step, opacity: 0.35, hoverinfo: "skip", line: { color: colour, width: 1.5, dash } }];
}

/**
 * @param {DrawnRun} run
 * @param {boolean} isNamed
 * @param {Against} against
 * @returns {Trace[]}
 */
function runTraces(run, isNamed, against) {
  const { path, point } = run;
  const { step, loss, ...spent } = drawnColumns(run, against === "step" ? ["loss"] : ["loss", against]);
  const x = spent[against] ?? step;
  const { colour, dash } = run.style;
  const template = `%{y:.4g}<extra>${isNamed ? escaped(run.name) : ""}</extra>`;
  const seen = path.test.step.filter((at) => at <= point.step);
  const testX = against === "step" ? seen : seen.map((at) => path.columns[against][path.indexAt(at)]);
  return [
    { type: "scatter", mode: "lines", x, y: loss, customdata: step, name: run.name, line: { color: colour, width: 2, dash }, hovertemplate: template },
    { type: "scatter", mode: "markers", x: x.slice(-1), y: loss.slice(-1), cliponaxis: false, hoverinfo: "skip", marker: { size: 8, color: colour } },
    {
      ...{ type: "scatter", mode: "lines", x: testX, y: path.test.loss.slice(0, seen.length), customdata: seen, name: run.name },
      ...{ line: { color: palette().test, width: 1.5, dash: "dot" }, hovertemplate: template },
    },
  ];
}
