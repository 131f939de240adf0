// @ts-check
/** What a point of a path is, where the map is pointed at there: its step, its own loss, and the gap to the slice that is drawn. */

/**
 * @import { DrawnRun } from "../runs.js"
 * @import { Ground } from "../time/arrows.js"
 * @import { Point } from "../path.js"
 * @import { State } from "../state.js"
 */
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { countScalars } from "../parameters.js";
import { drawnIndices } from "../path.js";
import { text } from "../texts.js";
import { isMeasured } from "./slice.js";

const NEAR_PIXELS = 9;
const MOST_POINTS = 1_000; // as many as are drawn
const ASIDE_PIXELS = 6;
const ROOM_ABOVE = 90; // pixels

/** @typedef {{run: DrawnRun, point: Point, x: number, y: number, away: number}} Hit x, y and away in pixels */

export class PathTip {
  #tip = element("p", { className: "path-tip", hidden: true });
  #box;
  #seen;

  /**
   * @param {HTMLElement} box of the map
   * @param {() => {ground: Ground, runs: DrawnRun[], state: Readonly<State>}} seen what is drawn
   */
  constructor(box, seen) {
    this.#box = box;
    this.#seen = seen;
    box.append(this.#tip);
    box.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.#point(event));
    box.addEventListener("pointerleave", () => this.hide());
  }

  hide() {
    this.#tip.hidden = true;
    this.#box.classList.remove("at-path");
  }

  /** @param {PointerEvent} event */
  #point({ clientX, clientY }) {
    const { ground, runs, state } = this.#seen();
    const { left, top, width } = this.#box.getBoundingClientRect();
    const hit = nearest(runs, ground, clientX - left, clientY - top);
    if (!hit || !state.surface) return this.hide();
    say(this.#tip, words(hit, state, runs.length > 1));
    const { style } = this.#tip;
    const isLeft = hit.x < width / 2;
    style.left = isLeft ? `${hit.x + ASIDE_PIXELS}px` : "auto";
    style.right = isLeft ? "auto" : `${width - hit.x + ASIDE_PIXELS}px`;
    style.top = `${hit.y}px`;
    style.translate = hit.y < ROOM_ABOVE ? "0 1rem" : "0 calc(-100% - 0.5rem)"; // the path stays in sight
    this.#tip.hidden = false;
    this.#box.classList.add("at-path");
  }
}

/**
 * @param {DrawnRun[]} runs
 * @param {Ground} ground
 * @param {number} x pixels
 * @param {number} y
 * @returns {Hit | null} the point of a path that is nearest, where one is near
 */
function nearest(runs, ground, x, y) {
  /** @type {Hit | null} */
  let found = null;
  for (const run of runs) {
    const { columns } = run.path;
    for (const i of drawnIndices(run.count, MOST_POINTS)) {
      const [atX, atY] = ground.place(columns.x[i], columns.y[i]);
      const away = Math.hypot(atX - x, atY - y);
      if (away <= (found?.away ?? NEAR_PIXELS)) found = { run, point: run.path.point(i), x: atX, y: atY, away };
    }
  }
  return found;
}

/**
 * @param {Hit} hit
 * @param {Readonly<State>} state
 * @param {boolean} isNamed whether there are several runs
 * @returns {string}
 */
function words({ run, point }, { surface, parameters }, isNamed) {
  const values = { step: point.step, loss: formatNumber(point.loss) };
  const said = text("stage.path_point", values);
  const named = isNamed ? `${run.name} · ${said}` : said;
  if (countScalars(parameters) <= 2 || !isMeasured({ ...run, point }, surface?.value.plane.id ?? "")) return named;
  const gap = point.loss - point.sliceLoss;
  return [named, text("stage.path_gap", { slice: formatNumber(point.sliceLoss), gap: formatNumber(gap), distance: formatNumber(point.offPlane) })].join("\n");
}
