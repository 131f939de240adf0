// @ts-check
/** A grid of coloured cells with axes: exact squares, since an interpolated colour would be that of no run. */

/** @import { Graph, Layout, Plotly, Trace } from "./plotly.js" */
import { element } from "../dom.js";
import { palette } from "../theme.js";
import { axis, baseLayout, config, plotly, resizeWith, timed } from "./plotly.js";

/** The colour of a cell without a number. */
export const HATCHED = "hatched";

const MARGIN = { l: 58, r: 14, t: 8, b: 44 };
const SIDE = 720; // pixels of the picture, about
const STRIPES = 5;

/**
 * @typedef {object} CellAxis
 * @property {string} title
 * @property {number} low outer edge of the first cell
 * @property {number} high
 * @property {{at: number, label: string}[] | null} ticks null: Plotly's own
 */

/** @typedef {{x: number, y: number, text: string}} Mark */

/**
 * @typedef {object} CellPicture
 * @property {(string | null)[][]} colours a row for each y, from below
 * @property {CellAxis} x
 * @property {CellAxis} y
 * @property {Mark[]} marks
 * @property {(row: number, column: number) => string} words
 */

/** @typedef {[number, number]} Cell row and column */

export class CellMap {
  element = element("div", { className: "cell-map" });
  /** Called with the cell that is pointed at, by pointer or key. @type {(words: string) => void} */
  pointed = () => {};
  /** @type {(row: number, column: number) => void} */
  chosen = () => {};
  #box = element("div", { className: "plot" });
  #cursor = element("i", { className: "cursor", hidden: true });
  #cells = element("div", { className: "cells-over", tabIndex: 0, role: "group" });
  /** @type {CellPicture | null} */ #picture = null;
  /** @type {Cell | null} */ #at = null;
  /** @type {Promise<{library: Plotly, graph: Graph}> | null} */ #drawn = null;

  constructor() {
    this.#cells.append(this.#cursor);
    this.element.append(this.#box, this.#cells);
    this.#cells.addEventListener("pointermove", (event) => this.#point(this.#under(event)));
    this.#cells.addEventListener("pointerleave", () => this.#point(null));
    this.#cells.addEventListener("click", (event) => this.#choose(this.#under(event)));
    this.#cells.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {string} label for those who do not see it */
  set label(label) {
    this.#cells.ariaLabel = label;
  }

  /** @param {CellPicture} picture */
  async show(picture) {
    this.#picture = picture;
    this.#drawn ??= this.#create();
    const { library, graph } = await this.#drawn;
    if (this.#picture !== picture) return;
    timed(() => library.react(graph, [marks(picture)], layoutOf(picture), { ...config(), staticPlot: true }));
    this.#showCursor();
  }

  /** @returns {Promise<Graph> | undefined} once there is one */
  get graph() {
    return this.#drawn?.then(({ graph }) => graph);
  }

  /** After a change of theme. */
  recolour() {
    if (this.#picture) void this.show(this.#picture);
  }

  async #create() {
    const library = await plotly();
    const graph = await library.newPlot(this.#box, [], {}, { ...config(), staticPlot: true });
    await resizeWith(this.#box, () => [graph]);
    return { library, graph };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 0], ArrowDown: [-1, 0] }[event.key];
    if (event.key === "Escape") this.#point(null);
    if (event.key === "Enter") this.#choose(this.#at);
    if (!move || !this.#picture) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows step elsewhere
    const [rows, columns] = this.#size;
    const [i, j] = this.#at ?? [Math.floor(rows / 2), Math.floor(columns / 2)];
    this.#point([Math.min(rows - 1, Math.max(0, i + move[0])), Math.min(columns - 1, Math.max(0, j + move[1]))]);
  }

  /** @returns {Cell} */
  get #size() {
    return [this.#picture?.colours.length ?? 0, this.#picture?.colours[0].length ?? 0];
  }

  /**
   * @param {MouseEvent} event
   * @returns {Cell | null}
   */
  #under({ clientX, clientY }) {
    if (!this.#picture) return null;
    const { left, bottom, width, height } = this.#cells.getBoundingClientRect();
    const [rows, columns] = this.#size;
    const part = (/** @type {number} */ at, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, Math.floor(at * count)));
    return [part((bottom - clientY) / height, rows), part((clientX - left) / width, columns)];
  }

  /** @param {Cell | null} cell */
  #choose(cell) {
    if (cell && this.#picture?.colours[cell[0]][cell[1]]) this.chosen(...cell);
  }

  /** @param {Cell | null} cell */
  #point(cell) {
    if (String(cell) === String(this.#at)) return;
    this.#at = cell;
    this.#showCursor();
    this.pointed(cell && this.#picture ? this.#picture.words(...cell) : "");
  }

  #showCursor() {
    this.#cursor.hidden = this.#at === null;
    if (!this.#at || !this.#picture) return;
    const [[i, j], [rows, columns]] = [this.#at, this.#size];
    const { style } = this.#cursor;
    [style.left, style.width] = [`${(100 * j) / columns}%`, `${100 / columns}%`];
    [style.bottom, style.height] = [`${(100 * i) / rows}%`, `${100 / rows}%`];
  }
}

/**
 * @param {CellPicture} picture
 * @returns {Layout}
 */
function layoutOf(picture) {
  const colours = palette();
  const side = (/** @type {CellAxis} */ { title, low, high, ticks }) => ({
    ...axis(colours, title),
    ...(ticks ? { tickvals: ticks.map(({ at }) => at), ticktext: ticks.map(({ label }) => label) } : {}),
    range: [low, high],
    showgrid: false,
    fixedrange: true,
  });
  const { x, y } = picture;
  const place = { xref: "x", yref: "y", x: x.low, y: y.high, sizex: x.high - x.low, sizey: y.high - y.low, sizing: "stretch", layer: "below" };
  return { ...baseLayout(colours, MARGIN), xaxis: side(x), yaxis: side(y), images: [{ source: painted(picture.colours, colours.alert), ...place }] };
}

/**
 * @param {CellPicture} picture
 * @returns {Trace} a white letter with a dark casing is read on every colour
 */
function marks({ marks }) {
  return {
    type: "scatter",
    mode: "markers+text",
    x: marks.map(({ x }) => x),
    y: marks.map(({ y }) => y),
    text: marks.map(({ text }) => text),
    textfont: { color: "#ffffff", size: 12 },
    marker: { size: 17, color: "#1d2530", line: { color: "#ffffff", width: 1.5 } },
    cliponaxis: true,
    hoverinfo: "skip",
  };
}

/**
 * @param {(string | null)[][]} colours
 * @param {string} stripe
 * @returns {string} a picture as a data URL, whose first row is the lowest
 */
function painted(colours, stripe) {
  const [rows, columns] = [colours.length, colours[0].length];
  const [high, wide] = [rows, columns].map((count) => Math.max(4, Math.round(SIDE / count)));
  const canvas = element("canvas", { width: columns * wide, height: rows * high });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  colours.forEach((row, i) =>
    row.forEach((colour, j) => {
      if (colour === null || colour === HATCHED) return;
      pen.fillStyle = colour;
      pen.fillRect(j * wide, (rows - 1 - i) * high, wide, high);
    }),
  );
  pen.beginPath();
  colours.forEach((row, i) => row.forEach((colour, j) => colour === HATCHED && pen.rect(j * wide, (rows - 1 - i) * high, wide, high)));
  pen.clip();
  pen.globalAlpha = 0.55;
  pen.strokeStyle = stripe;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (let at = -canvas.height; at < canvas.width; at += 2 * STRIPES) {
    pen.moveTo(at, canvas.height);
    pen.lineTo(at + canvas.height, 0);
  }
  pen.stroke();
  return canvas.toDataURL();
}
