// @ts-check
/** A matrix as coloured cells, from minus the largest size over 0 to plus it; the value of a cell on hover and by key. */

/**
 * @import { Names } from "../by-hand/names.js"
 * @import { Matrix } from "./matrix.js"
 */
import { TYPE_OVER } from "../by-hand/button.js";
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { COLOUR_SCALE } from "../plots/scale.js";
import { text } from "../texts.js";
import { largest } from "./matrix.js";

const SHADES = 256;
const NOT_A_NUMBER = [166, 58, 0];

/** @returns {number[][]} red, green, blue from the lowest to the highest */
function makeShades() {
  const stops = COLOUR_SCALE.map(([, colour]) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)));
  return Array.from({ length: SHADES }, (_, shade) => {
    const place = (shade / (SHADES - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    return stops[low].map((channel, k) => Math.round(channel + (place - low) * (stops[low + 1][k] - channel)));
  });
}

const shades = makeShades();

/**
 * @param {HTMLCanvasElement} canvas gets a pixel for each number
 * @param {Matrix} matrix
 * @param {number} most the size that has the end of the scale
 */
export function paint(canvas, matrix, most) {
  const [rows, columns] = [matrix.length, matrix[0]?.length ?? 0];
  if (!rows || !columns) return;
  canvas.width = columns;
  canvas.height = rows;
  const picture = new ImageData(columns, rows);
  matrix.forEach((row, i) =>
    row.forEach((value, j) => {
      const shade = value === null ? NOT_A_NUMBER : shades[Math.round(((value / (most || 1) + 1) / 2) * (SHADES - 1))];
      picture.data.set([...(shade ?? NOT_A_NUMBER), 255], 4 * (i * columns + j));
    }),
  );
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
}

const LEAST_HEIGHT = 16;
const MOST_HEIGHT = 72;
const ROW_HEIGHT = 9;

export class HeatMap {
  element;
  /** Called with the cell that is pointed at. @type {(cell: [number, number] | null) => void} */
  pointed = () => {};
  #canvas = element("canvas", { className: "heat", role: "img" });
  #cursor = element("i", { className: "cursor", hidden: true });
  #low = element("span");
  #high = element("span");
  #cell = element("output", { className: "cell" });
  /** @type {Matrix} */ #matrix = [];
  /** Which columns of the quantity are drawn. @type {number[] | null} */ #columns = null;
  /** @type {[number, number] | null} */ #at = null;
  #symbol;
  #names;

  /**
   * @param {string} symbol
   * @param {Names | null} [names] of its cells, where they can be typed over
   */
  constructor(symbol, names = null) {
    this.#symbol = symbol;
    this.#names = names;
    this.#canvas.classList.toggle("typed", names !== null);
    const scale = element("canvas", { className: "scale", ariaHidden: "true" });
    paint(scale, [Array.from({ length: SHADES }, (_, i) => (2 * i) / (SHADES - 1) - 1)], 1);
    const legend = element("p", { className: "legend" }, this.#low, scale, this.#high, this.#cell);
    this.element = element("div", { className: "heat-map" }, element("div", { className: "cells" }, this.#canvas, this.#cursor), legend);
    this.#canvas.addEventListener("pointermove", (event) => this.#point(this.#cellUnder(event)));
    this.#canvas.addEventListener("pointerleave", () => this.#point(null));
    this.#canvas.addEventListener("click", (event) => {
      this.#point(this.#cellUnder(event));
      this.typeOver();
    });
  }

  /**
   * @param {Matrix} quantity
   * @param {number[] | null} columns in which order its columns are drawn, where that is another
   */
  show(quantity, columns) {
    const matrix = columns ? quantity.map((row) => columns.map((j) => row[j])) : quantity;
    const most = largest(matrix);
    this.#matrix = matrix;
    this.#columns = columns;
    paint(this.#canvas, matrix, most);
    this.#canvas.style.height = `${Math.min(Math.max(LEAST_HEIGHT, matrix.length * ROW_HEIGHT), MOST_HEIGHT)}px`;
    this.#canvas.ariaLabel = text("heat.label", { symbol: this.#symbol, rows: matrix.length, columns: matrix[0]?.length ?? 0, most: formatNumber(most) });
    say(this.#low, formatNumber(-most));
    say(this.#high, formatNumber(most));
    this.#tell();
  }

  /**
   * To the next cell in reading order, from the first.
   * @param {1 | -1} direction
   */
  move(direction) {
    const columns = this.#matrix[0]?.length ?? 0;
    const count = columns * this.#matrix.length;
    const [i, j] = this.#at ?? [0, direction > 0 ? -1 : 0];
    const next = (i * columns + j + direction + count) % count;
    this.#point([Math.floor(next / columns), next % columns]);
  }

  /** @returns {boolean} whether the cell that is pointed at can be typed over, and so it is */
  typeOver() {
    if (!this.#at || !this.#names) return false;
    const [i, j] = this.#at;
    this.#cursor.dataset.parameter = this.#names(i, this.#columns?.[j] ?? j);
    this.#cursor.dataset.value = formatNumber(this.#matrix[i]?.[j]);
    return this.#cursor.dispatchEvent(new Event(TYPE_OVER, { bubbles: true }));
  }

  /** Points at nothing. */
  leave() {
    this.#point(null);
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  #cellUnder({ offsetX, offsetY }) {
    const [rows, columns] = [this.#matrix.length, this.#matrix[0].length];
    const part = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, Math.floor((at / size) * count)));
    return [part(offsetY, this.#canvas.clientHeight, rows), part(offsetX, this.#canvas.clientWidth, columns)];
  }

  /** @param {[number, number] | null} cell */
  #point(cell) {
    this.#at = cell;
    this.#tell();
    this.pointed(cell);
  }

  #tell() {
    this.#cursor.hidden = this.#at === null;
    if (!this.#at) return say(this.#cell, "");
    const [i, j] = this.#at;
    const [rows, columns] = [this.#matrix.length, this.#matrix[0].length];
    const { style } = this.#cursor;
    [style.left, style.width] = [`${(100 * j) / columns}%`, `${100 / columns}%`];
    [style.top, style.height] = [`${(100 * i) / rows}%`, `${100 / rows}%`];
    say(this.#cell, `${this.#symbol}[${i}, ${this.#columns?.[j] ?? j}] = ${formatNumber(this.#matrix[i]?.[j])}`);
  }
}
