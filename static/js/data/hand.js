// @ts-check
/** Points of the fit taken in hand: dragged, added by a double click, removed; by mouse, finger and keys. */

/**
 * @import { FitPlot } from "../plots/fit.js"
 * @import { Example, Table } from "./inline.js"
 * @import { TableInHand } from "./table.js"
 */
import { element } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { exampleOf, handy, rangeOf } from "./inline.js";

const NEAR = { mouse: 10, pen: 16, touch: 24 }; // pixels
const TWICE_MS = 400;
const NEVER = { timeStamp: -Infinity, clientX: 0, clientY: 0 };
const KEY_STEP = 0.01; // of a range; ten times that with Shift

/** @typedef {{x: number, y: number}} Place in the units of the axes */

export class Hand {
  /** Whether fingers move points; else they scroll the page. */
  isOpen = false;
  #box;
  #fit;
  #held;
  #ring = element("div", { className: "ring", tabIndex: 0, role: "button", hidden: true });
  /** @type {{pointer: number, index: number} | null} */ #drag = null;
  #tapped = NEVER;

  /**
   * @param {HTMLElement} box of the fit
   * @param {FitPlot} fit
   * @param {TableInHand} held
   */
  constructor(box, fit, held) {
    this.#box = box;
    this.#fit = fit;
    this.#held = held;
    box.parentElement?.append(this.#ring);
    for (const target of [box, this.#ring]) {
      target.addEventListener("pointerdown", (event) => this.#grasp(event));
      target.addEventListener("pointermove", (event) => this.#move(event));
      target.addEventListener("pointerup", (event) => this.#drop(event));
      target.addEventListener("pointercancel", (event) => this.#drop(event));
    }
    this.#ring.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.show()).observe(box);
  }

  /** The ring stands around the selected point. */
  show() {
    const { table, selected } = this.#held;
    const place = table && selected !== null ? this.#fit.pixelOf(placeOf(table, selected)) : null;
    this.#ring.hidden = place === null;
    if (!table || selected === null || !place) return;
    this.#ring.style.left = `${place.left}px`;
    this.#ring.style.top = `${place.top}px`;
    const [x, y] = exampleOf(table, selected).map(formatNumber);
    this.#ring.ariaLabel = text("data.ring", { number: selected + 1, count: table.X[0].length, x, y });
  }

  /** @param {PointerEvent} event */
  #grasp(event) {
    const index = this.#pointNear(event);
    if (event.button !== 0 || (event.pointerType === "touch" && !this.isOpen)) return;
    if (index === null) return this.#tap(event);
    if (event.pointerType === "touch") event.preventDefault(); // a mouse also picks the example
    this.#drag = { pointer: event.pointerId, index };
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.#fit.held = true;
    this.#held.select(index);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { table } = this.#held;
    if (!this.#drag) return void this.#box.classList.toggle("near", this.#pointNear(event) !== null);
    const place = this.#fit.placeOf(event);
    if (!table || !place || event.pointerId !== this.#drag.pointer) return;
    this.#held.move(this.#drag.index, placed(table, exampleOf(table, this.#drag.index), place));
  }

  /** @param {PointerEvent} event */
  #drop({ pointerId }) {
    if (this.#drag?.pointer !== pointerId) return;
    this.#drag = null;
    this.#fit.held = false;
    this.#held.changed();
    this.#ring.focus({ preventScroll: true });
  }

  /**
   * The second of two is a double click; Plotly keeps the browser's own to itself.
   * @param {PointerEvent} event on no point
   */
  #tap(event) {
    const { timeStamp, clientX, clientY } = event;
    const isSecond = timeStamp - this.#tapped.timeStamp < TWICE_MS && Math.hypot(clientX - this.#tapped.clientX, clientY - this.#tapped.clientY) < NEAR.mouse;
    this.#tapped = isSecond ? NEVER : { timeStamp, clientX, clientY };
    if (isSecond) this.#add(event);
  }

  /** @param {PointerEvent} event */
  #add(event) {
    const { table } = this.#held;
    const place = this.#fit.placeOf(event);
    if (!table || !place) return;
    event.preventDefault();
    const like = this.#nearest(event, Infinity) ?? 0; // the class of its neighbour
    this.#held.add(placed(table, exampleOf(table, like), place));
    this.#ring.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { table, selected } = this.#held;
    if (!table || selected === null) return;
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const example = exampleOf(table, selected);
    const [across, up] = arrows[event.key] ?? [0, 0];
    /** @type {Record<string, () => void>} */
    const keys = {
      PageDown: () => this.#held.select(selected + 1),
      PageUp: () => this.#held.select(selected - 1),
      Delete: () => this.#held.remove(selected),
      Backspace: () => this.#held.remove(selected),
      Insert: () => this.#held.add(this.#nudged(table, example, 1, 1)),
      "+": () => this.#held.add(this.#nudged(table, example, 1, 1)),
      Escape: () => this.#held.select(null),
    };
    const act = arrows[event.key] ? () => this.#held.move(selected, this.#nudged(table, example, ...times(event.shiftKey ? 10 : 1, across, up))) : keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /**
   * @param {Table} table
   * @param {Example} example
   * @param {number} across in steps of the keyboard
   * @param {number} up
   * @returns {Example}
   */
  #nudged(table, example, across, up) {
    const [xs, ys] = [table.X[0], table.X[1] ?? table.y[0]];
    return placed(table, example, { x: example[0] + across * KEY_STEP * (rangeOf(xs) || 1), y: example[1] + up * KEY_STEP * (rangeOf(ys) || 1) });
  }

  /**
   * @param {PointerEvent} event
   * @returns {number | null}
   */
  #pointNear(event) {
    return this.#nearest(event, NEAR[/** @type {keyof typeof NEAR} */ (event.pointerType)] ?? NEAR.mouse);
  }

  /**
   * @param {MouseEvent} event
   * @param {number} reach in pixels
   * @returns {number | null}
   */
  #nearest({ clientX, clientY }, reach) {
    const { table } = this.#held;
    if (!table) return null;
    const { left, top } = this.#box.getBoundingClientRect();
    let best = null;
    let least = reach;
    for (let i = 0; i < table.X[0].length; i += 1) {
      const pixel = this.#fit.pixelOf(placeOf(table, i));
      const distance = pixel ? Math.hypot(pixel.left - (clientX - left), pixel.top - (clientY - top)) : Infinity;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }
}

/**
 * @param {Table} table
 * @param {number} index
 * @returns {Place} two features, or one feature and the target
 */
function placeOf({ X, y }, index) {
  return { x: X[0][index], y: (X[1] ?? y[0])[index] };
}

/**
 * @param {Table} table
 * @param {Example} example
 * @param {Place} place
 * @returns {Example} the same at another place; the target of two features stays
 */
function placed({ X, y, classes }, example, place) {
  const up = classes && !X[1] ? example[1] : handy(place.y, rangeOf(X[1] ?? y[0])); // between two classes there is none
  return [handy(place.x, rangeOf(X[0])), up, ...example.slice(2)];
}

/** @type {(factor: number, across: number, up: number) => [number, number]} */
const times = (factor, across, up) => [factor * across, factor * up];
