// @ts-check
/** What spectators see: map, loss, fit and numbers of a run that goes on elsewhere, smoothly from poll to poll. */

/**
 * @import { Pictures } from "../pictures.js"
 * @import { Projection } from "../planes/projection.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { Spectator } from "./spectator.js"
 * @import { WatchPage } from "./watch-page.js"
 */
import { entryOf } from "../choice.js";
import { lossTitles } from "../compare/loss-axis.js";
import { say } from "../dom.js";
import { followers } from "../followers.js";
import { stageLegend } from "../legends.js";
import { describe } from "../numbers.js";
import { Notices } from "../notices.js";
import { sliceWords } from "../planes/slice.js";
import { FitPlot } from "../plots/fit.js";
import { LossCurve } from "../plots/loss.js";
import { LossMap } from "../plots/map.js";
import { lossScale } from "../plots/scale.js";
import { Readouts } from "../readouts.js";
import { drawnRuns } from "../runs.js";
import { predictionsOf } from "../scene.js";
import { text } from "../texts.js";
import { onThemeChange } from "../theme.js";
import { Trailing } from "../trailing.js";

const SLOWER_MS = 100; // between two drawings of loss, fit and numbers
const REFIT_MS = 2_000; // between two windows of the map for a path that leaves it
const NO_MARKS = { beneath: [], above: [] };

/** @typedef {{page: WatchPage, store: Store<State>, pictures: Pictures, spectator: Spectator, projection: Projection}} Parts */

export class Screen {
  #parts;
  #plots;
  #readouts;
  #notices;
  #trailing;
  #position = 0;
  #drawnAt = -Infinity;
  #refitAt = -Infinity;
  /** The way from one poll to the next. */
  #way = { from: 0, to: 0, start: 0, milliseconds: 1 };

  /**
   * @param {Parts} parts
   * @returns {Promise<Screen>}
   */
  static async create(parts) {
    const { page } = parts;
    const [map, loss, fit] = await Promise.all([
      LossMap.create(page.mapBase, page.mapAbove, { clicked: () => {}, zoomed: () => {} }),
      LossCurve.create(page.loss, lossTitles(), () => {}),
      FitPlot.create(page.fit, { observed: text("fit.observed"), predicted: text("fit.predicted") }),
    ]);
    return new Screen(parts, { map, loss, fit });
  }

  /**
   * @param {Parts} parts
   * @param {{map: LossMap, loss: LossCurve, fit: FitPlot}} plots
   */
  constructor(parts, plots) {
    const { page, store, pictures, projection } = parts;
    this.#parts = parts;
    this.#plots = plots;
    this.#readouts = new Readouts(page.readouts);
    this.#notices = new Notices(page.notices);
    this.#trailing = new Trailing(followers({ equations: page.numbers }, store, pictures, projection, () => Math.floor(this.#position)));
    store.subscribe(["surface", "view", "field"], () => this.#drawMap());
    store.subscribe(["predictions", "data"], () => this.#drawRest());
    store.subscribe(["catalogue", "recipe"], ({ catalogue, recipe }) => {
      say(page.subject, (recipe && entryOf(catalogue, recipe.problem)?.title) ?? "");
      page.bench.classList.toggle("without-data", !recipe?.problem.dataset);
    });
    onThemeChange(() => (plots.map.recolour(), this.#drawRest()));
  }

  /** Another path: shown where it stands. */
  restart() {
    this.#position = this.#parts.spectator.computed;
    this.#way = { from: this.#position, to: this.#position, start: 0, milliseconds: 1 };
    this.#drawMap();
    this.#settle();
  }

  /** The same on another plane. */
  show() {
    this.#drawMap();
    this.#drawRest();
  }

  /** @param {number} milliseconds until the next poll: so long what came is drawn step by step */
  advance(milliseconds) {
    const { computed } = this.#parts.spectator;
    if (computed === this.#way.to) return;
    this.#way = { from: this.#position, to: computed, start: performance.now(), milliseconds };
    this.#parts.store.set({ mode: "playing" });
    requestAnimationFrame(this.#frame);
  }

  #frame = () => {
    const { from, to, start, milliseconds } = this.#way;
    const part = Math.min(1, Math.max(0, performance.now() - start) / milliseconds);
    this.#position = from + part * (to - from);
    this.#plots.map.setPaths(this.#runs);
    if (performance.now() - this.#drawnAt > SLOWER_MS) this.#drawRest();
    this.#trailing.follow(Math.floor(this.#position));
    this.#followPath();
    if (part < 1) requestAnimationFrame(this.#frame);
    else this.#settle();
  };

  get #runs() {
    const { store, spectator } = this.#parts;
    return drawnRuns(store.state.runs, spectator.paths, this.#position, store.state.compare);
  }

  #settle() {
    const { page, store } = this.#parts;
    store.set({ mode: "paused" });
    this.#plots.map.setPaths(this.#runs);
    this.#drawRest();
    describe(page, this.#runs, store.state);
    for (const { name, status, step, advice } of store.state.runs) {
      const notice = { alert: true, title: text("notice.diverged", { run: name, step }), words: advice?.text ?? "" };
      this.#notices.set(`diverged ${name}`, status === "diverged" ? notice : null);
    }
    void this.#trailing.settle(() => Math.floor(this.#position));
  }

  #drawMap() {
    const { page, store } = this.#parts;
    const { surface, view, field } = store.state;
    if (!surface) return;
    const arrows = view.arrows && field?.of === surface.value ? field.value : null;
    this.#plots.map.setSurface(surface.value, lossScale(surface.value, view.surfaceScale), arrows);
    this.#plots.map.setPaths(this.#runs);
    stageLegend(page.stageKey, this.#runs, store.state);
  }

  #drawRest() {
    const { page, store } = this.#parts;
    const { data, view } = store.state;
    const runs = this.#runs;
    if (!runs.length) return;
    this.#drawnAt = performance.now();
    say(page.step, String(Math.floor(this.#position)));
    this.#readouts.show(runs, store.state);
    say(page.slice, sliceWords(store.state, runs[0]));
    this.#plots.loss.draw(runs, view);
    if (data) this.#plots.fit.draw(data, runs, predictionsOf(store.state, data, runs), NO_MARKS);
  }

  #followPath() {
    const { store, pictures } = this.#parts;
    const { surface, runs } = store.state;
    if (!surface || performance.now() - this.#refitAt < REFIT_MS || runs.some(({ status }) => status === "diverged")) return;
    const { x, y } = surface.value;
    const isOutside = this.#runs.some(({ point }) => point.x < x[0] || point.x > x[x.length - 1] || point.y < y[0] || point.y > y[y.length - 1]);
    if (!isOutside) return;
    this.#refitAt = performance.now();
    void pictures.readSurface(Math.floor(this.#position));
  }
}
