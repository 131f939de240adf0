// @ts-check
/** What a unit makes of the inputs, in a small square: a curve along one feature, a map over the plane of two. */

/** @import { Units } from "./wire.js" */
import { paint } from "./heat.js";
import { UNIT } from "./geometry.js";
import { change, svg } from "./svg.js";

const PAD = 3;

export class UnitPicture {
  element = svg("g", { class: "picture" });
  #image = svg("image", { width: UNIT, height: UNIT, preserveAspectRatio: "none" });
  #curve = svg("path", { class: "curve" });
  #dot = svg("circle", { class: "dot", r: 2.5 });
  #canvas = document.createElement("canvas");

  constructor() {
    this.element.append(this.#image, this.#curve, this.#dot);
  }

  /**
   * @param {Units} units
   * @param {number} layer from 0 for the first after the inputs
   * @param {number} unit
   * @param {number} most the size that has the end of the scale
   */
  show({ x, y, layers }, layer, unit, most) {
    const values = layers[layer][unit];
    if (y) {
      paint(this.#canvas, /** @type {(number | null)[][]} */ (values).toReversed(), most);
      this.#image.setAttribute("href", this.#canvas.toDataURL());
    } else {
      const points = /** @type {(number | null)[]} */ (values).map((value, i) => `${across(x[i], x)} ${up(value ?? 0, most)}`);
      this.#curve.setAttribute("d", `M${points.join("L")}`);
    }
  }

  /**
   * @param {Units} units
   * @param {number[]} example its features, on the raw scale
   * @param {number | null} activation
   * @param {number} most
   */
  mark({ x, y }, example, activation, most) {
    change(this.#dot, { cx: across(example[0], x), cy: y ? UNIT - across(example[1], y) : up(activation ?? 0, most) });
  }
}

/**
 * @param {number} value
 * @param {number[]} axis
 * @returns {number} pixels from the beginning
 */
const across = (value, axis) => Number((((value - axis[0]) / (axis[axis.length - 1] - axis[0])) * UNIT).toFixed(2));

/**
 * @param {number} value
 * @param {number} most
 * @returns {number} pixels from the top; 0 is in the middle
 */
const up = (value, most) => Number((UNIT / 2 - (value / (most || 1)) * (UNIT / 2 - PAD)).toFixed(2));
