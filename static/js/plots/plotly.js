// @ts-check
/** The few Plotly calls the page uses, typed, and what all its graphs have in common. */

/** @typedef {Record<string, any>} Trace */
/** @typedef {Record<string, any>} Layout */
/** @typedef {{points?: any[], xvals?: number[], yvals?: number[]}} ClickEvent */

/**
 * @typedef {object} GraphMethods
 * @property {Trace[]} data
 * @property {Layout} layout
 * @property {Layout} _fullLayout
 * @property {(name: string, listener: (event: any) => void) => void} on
 */

/** @typedef {HTMLElement & GraphMethods} Graph an element after newPlot */

/**
 * @typedef {object} Plotly
 * @property {(box: HTMLElement, data: Trace[], layout: Layout, config: Layout) => Promise<Graph>} newPlot
 * @property {(graph: Graph, data: Trace[], layout: Layout, config?: Layout) => Promise<Graph>} react
 * @property {(graph: Graph, change: Trace, traces?: number[]) => Promise<Graph>} restyle
 * @property {(graph: Graph, change: Layout) => Promise<Graph>} relayout
 * @property {(box: HTMLElement) => void} purge
 * @property {(figure: {data: Trace[], layout: Layout}, options: {format: string, width: number, height: number, scale: number}) => Promise<string>} toImage
 * @property {{resize: (graph: Graph) => Promise<void>}} Plots
 */

/** @import { Palette } from "../theme.js" */
import { breath } from "../dom.js";
import { text } from "../texts.js";
import { plotScale } from "../theme.js";
import { enlarged } from "./size.js";

/** How long the main thread draws, by graph: for tests and for the pace of 3-D. */
export const drawing = { frames: 0, milliseconds: 0 };

/** @type {Promise<Plotly> | undefined} */
let loaded;

/** @returns {Promise<Plotly>} when its script, which the page preloads, has run: it begins when this is called first */
export function plotly() {
  loaded ??= new Promise((resolve, reject) => {
    const found = () => /** @type {{Plotly: Plotly}} */ (/** @type {unknown} */ (window)).Plotly;
    const script = document.createElement("script");
    script.src = /** @type {HTMLLinkElement} */ (document.querySelector("link[data-plotly]")).href;
    script.addEventListener("load", async () => (await breath(), resolve(sized(found()))));
    script.addEventListener("error", () => reject(new Error("plotly.min.js did not load")));
    document.head.append(script);
  });
  return loaded;
}

/**
 * @param {Plotly} library
 * @returns {Plotly} the same, with all that it draws as large as the look of the page wants it
 */
function sized(library) {
  /** @type {<T>(part: T) => T} */
  const grown = (part) => enlarged(part, plotScale());
  /** @type {Plotly["newPlot"]} */
  const newPlot = (box, data, layout, config) => library.newPlot(box, grown(data), grown(layout), config);
  /** @type {Plotly["react"]} */
  const react = (graph, data, layout, config) => library.react(graph, grown(data), grown(layout), config);
  return Object.create(library, { newPlot: { value: newPlot }, react: { value: react } });
}

/** @returns {Layout} */
export function config() {
  return {
    displayModeBar: false,
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: false, // each graph has its own ResizeObserver
    scrollZoom: false,
    plotGlPixelRatio: 1,
    doubleClick: false,
  };
}

/** @returns {boolean} a finger: dragging must scroll the page */
export const coarsePointer = () => matchMedia("(pointer: coarse)").matches;

/**
 * @param {Palette} colours
 * @param {Layout} margin
 * @returns {Layout} a fresh one each time: two graphs never share it
 */
export function baseLayout(colours, margin) {
  return {
    autosize: true,
    margin: { ...margin, autoexpand: false },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 12, color: colours.soft },
    hoverlabel: { bgcolor: colours.paper, bordercolor: colours.soft, font: { color: colours.ink, size: 12 } },
    showlegend: false,
    dragmode: coarsePointer() ? false : "zoom",
    hovermode: "closest",
    separators: `${text("language.decimal_mark")} `,
  };
}

/**
 * @param {Palette} colours
 * @param {string} title
 * @returns {Layout}
 */
export function axis(colours, title) {
  return {
    title: { text: escaped(title), standoff: 6, font: { color: colours.ink, size: 13 } },
    gridcolor: colours.rule,
    linecolor: colours.rule,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: colours.rule,
    exponentformat: "e", // superscripts would set style attributes, which the content policy refuses
    nticks: 6,
  };
}

/**
 * @param {string} text by users, never read as Plotly's pseudo-HTML
 * @returns {string}
 */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Keeps graphs as large as their box.
 * @param {HTMLElement} box
 * @param {() => Graph[]} graphs
 */
export async function resizeWith(box, graphs) {
  const { Plots } = await plotly();
  new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = box;
    const others = graphs().filter(({ _fullLayout: drawn }) => Math.abs(drawn.width - width) >= 1 || Math.abs(drawn.height - height) >= 1);
    if (width && height) for (const graph of others) void Plots.resize(graph);
  }).observe(box);
}

/**
 * @param {() => Promise<unknown> | unknown} draw
 * @returns {number} milliseconds of the main thread it took
 */
export function timed(draw) {
  const start = performance.now();
  void draw();
  const taken = performance.now() - start;
  drawing.frames += 1;
  drawing.milliseconds += taken;
  return taken;
}
