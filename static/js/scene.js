// @ts-check
/** All pictures at one step. The map moves with every frame; what costs more, or says less at a glance, moves less often. */

/**
 * @import { DataView, Predictions } from "./wire.js"
 * @import { DrawnRun } from "./runs.js"
 * @import { FitPlot } from "./plots/fit.js"
 * @import { LossCurve } from "./plots/loss.js"
 * @import { Page } from "./dom.js"
 * @import { Player } from "./player.js"
 * @import { Readouts } from "./readouts.js"
 * @import { Session } from "./session.js"
 * @import { Setup } from "./setup.js"
 * @import { Stage } from "./stage.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 * @import { Transport } from "./transport.js"
 */
import { isShown } from "./compare/comparison.js";
import { marksOf } from "./insight/marks.js";
import { fitLegend, lossLegend } from "./legends.js";
import { describe } from "./numbers.js";
import { drawnRuns } from "./runs.js";

const LOSS_MS = 100;
const FIT_MS = 66;
const NUMBERS_MS = 50; // faster than that nobody reads

/** How many moments were drawn, for tests. */
export const drawn = { frames: 0 };

/**
 * @typedef {object} Parts
 * @property {Page} page
 * @property {Store<State>} store
 * @property {Session} session
 * @property {Player} player
 * @property {Stage} stage
 * @property {LossCurve} loss
 * @property {FitPlot} fit
 * @property {Readouts} readouts
 * @property {Transport} transport
 * @property {Setup} setup
 */

export class Scene {
  #parts;
  #lossAt = -Infinity;
  #fitAt = -Infinity;
  #numbersAt = -Infinity;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {DrawnRun[]} those that are shown */
  get runs() {
    const { compare } = this.#parts.store.state;
    return this.#all.filter(({ name }) => isShown(compare, name));
  }

  /** @returns {DrawnRun[]} */
  get #all() {
    const { store, session, player } = this.#parts;
    return drawnRuns(store.state.runs, session.paths, player.position, store.state.compare);
  }

  /** One frame while it plays. */
  play() {
    const runs = this.runs;
    const now = performance.now();
    drawn.frames += 1;
    this.#parts.stage.draw(runs, true);
    if (now - this.#numbersAt >= NUMBERS_MS) this.#drawNumbers(now);
    const fit = isLineFit(this.#parts.store.state) ? (now - this.#fitAt) / FIT_MS : 0; // other predictions say when they come
    const loss = (now - this.#lossAt) / LOSS_MS;
    if (Math.max(fit, loss) < 1) return;
    if (fit > loss) this.#drawFit(runs, now);
    else this.#drawLoss(runs, now);
  }

  /** Everything, exactly: at rest. */
  settle() {
    const runs = this.runs;
    const now = performance.now();
    drawn.frames += 1;
    this.#parts.stage.draw(runs, false);
    this.#drawNumbers(now);
    this.#drawFit(runs, now);
    this.#drawLoss(runs, now);
    describe(this.#parts.page, runs, this.#parts.store.state);
  }

  /** The loss curve alone. */
  loss() {
    this.#drawLoss(this.runs, performance.now());
  }

  /** The fit alone, after predictions came. */
  fit() {
    this.#drawFit(this.runs, performance.now());
  }

  /** @param {number} now */
  #drawNumbers(now) {
    const { readouts, transport, setup, player, store } = this.#parts;
    this.#numbersAt = now;
    readouts.show(this.#all, store.state);
    transport.show(player.step);
    setup.showStep(player.step);
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {number} now
   */
  #drawLoss(runs, now) {
    const { page, loss, store, player } = this.#parts;
    this.#lossAt = now;
    loss.draw(runs, store.state.view, player.mode === "paused" ? player.reached : 0);
    lossLegend(page.lossKey, runs, store.state);
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {number} now
   */
  #drawFit(runs, now) {
    const { page, fit, store, player } = this.#parts;
    const { data } = store.state;
    this.#fitAt = now;
    if (!data) return;
    const marks = marksOf(store.state, player.step);
    fit.draw(data, runs, predictionsOf(store.state, data, runs), marks);
    fitLegend(page.fitKey, runs, store.state, marks.key);
  }
}

/**
 * @param {Readonly<State>} state
 * @returns {boolean} whether the point on the map is the whole model: a line, and its slope and intercept
 */
export function isLineFit({ recipe, surface, data }) {
  const plane = surface?.value.plane;
  return recipe?.problem.kind === "univariate_regression" && data?.X.length === 1 && plane?.x_label === "w" && plane.y_label === "b";
}

/**
 * @param {Readonly<State>} state
 * @param {DataView} data
 * @param {DrawnRun[]} runs
 * @returns {Map<string, Predictions>}
 */
export function predictionsOf(state, data, runs) {
  if (isLineFit(state)) return new Map(runs.map((run) => [run.name, linePrediction(data, run)]));
  return new Map(Object.entries(state.predictions).map(([run, { value }]) => [run, value]));
}

/**
 * The line of a line fit is its two parameters: it moves with every frame, without asking.
 * @param {DataView} data
 * @param {DrawnRun} run
 * @returns {Predictions}
 */
function linePrediction({ X, scaling }, { point: { x: w, y: b } }) {
  const [low, high] = [Math.min(...X[0]), Math.max(...X[0])];
  const x = [1.08 * low - 0.08 * high, 1.08 * high - 0.08 * low];
  const scaled = (/** @type {number} */ value) => (scaling ? (value - scaling.mean[0]) / scaling.deviation[0] : value);
  return { x, y: x.map((value) => w * scaled(value) + b) };
}
