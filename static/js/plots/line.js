// @ts-check
/** The loss straight on from the start: to the point that is drawn, of each run, and to the optimum. Between its ends no run has been. */

/**
 * @import { DrawnRun } from "../runs.js"
 * @import { Lines } from "../state.js"
 * @import { Line } from "../wire.js"
 * @import { ScaleKind } from "./scale.js"
 * @import { Layout, Plotly, Trace } from "./plotly.js"
 */
import { text } from "../texts.js";
import { palette } from "../theme.js";
import { Figure } from "./figure.js";
import { axis, baseLayout, plotly, timed } from "./plotly.js";

const MARGIN = { l: 62, r: 20, t: 48, b: 44 };

export class LinePlot {
  /** @type {{lines: Lines, runs: DrawnRun[], kind: ScaleKind} | null} */ #shown = null;
  #figure;

  /**
   * @param {HTMLElement} box
   * @returns {Promise<LinePlot>}
   */
  static async create(box) {
    return new LinePlot(await plotly(), box);
  }

  /**
   * @param {Plotly} library
   * @param {HTMLElement} box
   */
  constructor(library, box) {
    this.#figure = new Figure(library, box);
  }

  /**
   * @param {Lines} lines
   * @param {DrawnRun[]} runs that are shown
   * @param {ScaleKind} kind of the loss
   */
  show(lines, runs, kind) {
    this.#shown = { lines, runs, kind };
    timed(() => this.#figure.show(traces(lines, runs), layoutOf(isPositive(lines) ? kind : "linear")));
  }

  /** After a change of theme. */
  recolour() {
    if (this.#shown) this.show(this.#shown.lines, this.#shown.runs, this.#shown.kind);
  }
}

/**
 * @param {Lines} lines
 * @returns {boolean} whether all of it has a logarithm
 */
const isPositive = ({ now, optimum }) => [...now.map(({ line }) => line), optimum].every((line) => !line || line.loss.every((loss) => loss === null || loss > 0));

/**
 * @param {Lines} lines
 * @param {DrawnRun[]} runs
 * @returns {Trace[]}
 */
function traces({ now, optimum }, runs) {
  const { ink } = palette();
  const hovertemplate = "t %{x:.2f}<br>L %{y:.4g}<extra></extra>";
  const line = (/** @type {Line | null} */ of, /** @type {string} */ name, /** @type {Layout} */ look, /** @type {string} */ end) => {
    if (!of) return [];
    const marker = { size: of.t.map((_, i) => (i === of.t.length - 1 ? 12 : 0)), symbol: end, color: look.color };
    return [{ type: "scatter", mode: "lines+markers", x: of.t, y: of.loss, name, line: look, marker, hovertemplate }];
  };
  const isAlone = now.length < 2; // several have their names under the plot
  return [
    ...runs.flatMap(({ name, style: { colour: color, dash } }) => {
      const own = now.find(({ run }) => run === name)?.line ?? null;
      return line(own, isAlone ? text("stage.line_now") : name, { color, dash, width: 2.5 }, "circle").map((trace) => ({ ...trace, showlegend: isAlone }));
    }),
    ...line(optimum, text("stage.line_optimum"), { color: ink, width: 2, dash: "dash" }, "x"),
  ];
}

/**
 * @param {ScaleKind} kind
 * @returns {Layout}
 */
function layoutOf(kind) {
  const colours = palette();
  return {
    ...baseLayout(colours, MARGIN),
    dragmode: false,
    showlegend: true,
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", font: { color: colours.ink, size: 12 }, bgcolor: "rgba(0,0,0,0)", itemclick: false, itemdoubleclick: false },
    xaxis: { ...axis(colours, text("stage.line_t")), range: [-0.02, 1.03], showgrid: false, fixedrange: true },
    yaxis: { ...axis(colours, text("loss.axis_loss")), type: kind, tickformat: "~g", rangemode: kind === "linear" ? "tozero" : "normal", fixedrange: true },
  };
}
