// @ts-check
/** A graph in its box: made with the first picture, so that nothing empty is drawn before, and not drawn again while that is the same. */

/** @import { Graph, Layout, Plotly, Trace } from "./plotly.js" */
import { plotScale } from "../theme.js";
import { config, resizeWith } from "./plotly.js";

/** @typedef {Record<string, (event: any) => void>} Listeners by the names of Plotly's events */

export class Figure {
  /** @type {Graph | null} */ #graph = null;
  #library;
  #box;
  #config;
  #listeners;
  #shown = "";

  /**
   * @param {Plotly} library
   * @param {HTMLElement} box
   * @param {{listeners?: Listeners, options?: Layout}} [more] options of the graph beside those of all
   */
  constructor(library, box, { listeners = {}, options = {} } = {}) {
    this.#library = library;
    this.#box = box;
    this.#listeners = listeners;
    this.#config = { ...config(), ...options };
  }

  /** @returns {Graph | null} nothing before the first picture */
  get graph() {
    return this.#graph;
  }

  /** @returns {{xaxis: Layout, yaxis: Layout} | null} as Plotly keeps them; nothing before there are any */
  get axes() {
    const { xaxis, yaxis } = this.#graph?._fullLayout ?? {};
    return xaxis && yaxis ? { xaxis, yaxis } : null;
  }

  /**
   * @param {Trace[]} traces
   * @param {Layout} layout
   */
  draw(traces, layout) {
    if (this.#graph) return void this.#library.react(this.#graph, traces, layout, this.#config);
    void this.#library.newPlot(this.#box, traces, layout, this.#config);
    const graph = /** @type {Graph} */ (this.#box);
    this.#graph = graph;
    for (const [name, listener] of Object.entries(this.#listeners)) graph.on(name, listener);
    void resizeWith(this.#box, () => [graph]);
  }

  /**
   * The same, unless just this is drawn already: at rest many ask for the same picture.
   * @param {Trace[]} traces
   * @param {Layout} layout
   */
  show(traces, layout) {
    const asked = JSON.stringify([traces, layout, plotScale()]);
    if (asked === this.#shown) return;
    this.#shown = asked;
    this.draw(traces, layout);
  }

  /**
   * @param {Trace} change
   * @param {number[]} [traces]
   */
  restyle(change, traces) {
    if (this.#graph) void this.#library.restyle(this.#graph, change, traces);
  }
}
