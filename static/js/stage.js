// @ts-check
/** The picture of the loss surface, as a map or in three dimensions, and what there is to say about it. */

/**
 * @import { Actions } from "./actions.js"
 * @import { DrawnRun } from "./runs.js"
 * @import { Notices } from "./notices.js"
 * @import { Page } from "./dom.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { radioGroup, say } from "./dom.js";
import { formatNumber } from "./format.js";
import { stageLegend } from "./legends.js";
import { PathTip } from "./planes/path-tip.js";
import { isOff, sliceWords } from "./planes/slice.js";
import { LinePlot } from "./plots/line.js";
import { LossMap } from "./plots/map.js";
import { lossScale } from "./plots/scale.js";
import { SurfacePlot, hasWebGL } from "./plots/surface.js";
import { onThemeChange } from "./theme.js";
import { text } from "./texts.js";

const FOLLOW_MS = 1_500; // between two new windows for a path that leaves the map

export class Stage {
  /** @type {DrawnRun[]} */ #runs = [];
  /** @type {SurfacePlot | null} */ #surface = null;
  /** @type {LinePlot | null} */ #line = null;
  #zoomed = false;
  #followed = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #later;
  #map;
  #page;
  #store;
  #actions;
  #notices;

  /**
   * @param {Page} page
   * @param {Store<State>} store
   * @param {Actions} actions
   * @param {Notices} notices
   * @returns {Promise<Stage>}
   */
  static async create(page, store, actions, notices) {
    /** @type {Stage} */
    let stage;
    const map = await LossMap.create(page.mapBase, page.mapAbove, {
      clicked: (x, y) => void actions.startAt(x, y),
      zoomed: (window) => stage.#zoom(window),
    });
    stage = new Stage(page, store, actions, notices, map);
    return stage;
  }

  /**
   * @param {Page} page
   * @param {Store<State>} store
   * @param {Actions} actions
   * @param {Notices} notices
   * @param {LossMap} map
   */
  constructor(page, store, actions, notices, map) {
    this.#page = page;
    this.#store = store;
    this.#actions = actions;
    this.#notices = notices;
    this.#map = map;
    const showKind = radioGroup(page.stageKind, (value) => actions.lookAt({ stage: value === "surface" || value === "line" ? value : "map" }));
    const showScale = radioGroup(page.surfaceScale, (value) => actions.lookAt({ surfaceScale: value === "log" ? "log" : "linear" }));
    store.subscribe(["view"], ({ view }) => (showKind(view.stage), showScale(view.surfaceScale)));
    store.subscribe(["surface", "view", "field", "lines"], () => void this.#redraw());
    page.rotate.addEventListener("click", () => this.#toggleRotation());
    page.wide.addEventListener("click", () => void this.fit());
    const tip = new PathTip(page.map, () => ({ ground: this.ground, runs: this.#runs, state: store.state }));
    store.subscribe(["surface", "mode", "session"], () => tip.hide());
    onThemeChange(() => (map.recolour(), void this.#surface?.recolour(), this.#line?.recolour()));
  }

  /** @returns {import("./time/arrows.js").Ground} where points of the map are on the page */
  get ground() {
    const map = this.#map;
    return { place: (x, y) => map.place(x, y), frame: map.frame };
  }

  /** Path, start and optimum in sight again. */
  fit() {
    this.#zoomed = false;
    this.#page.wide.hidden = true;
    return this.#actions.fitView();
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {boolean} isPlaying
   */
  draw(runs, isPlaying) {
    const others = runs.map(({ name }) => name).join() !== this.#runs.map(({ name }) => name).join();
    this.#runs = runs;
    if (others) this.#legend();
    const { stage } = this.#store.state.view;
    if (stage === "surface") this.#surface?.setPaths(runs, !isPlaying);
    else if (stage === "map") this.#map.setPaths(runs);
    this.#follow(runs);
    this.#saySlice();
  }

  async #redraw() {
    const { surface, view } = this.#store.state;
    if (!surface) return;
    const isSurface = view.stage === "surface" && this.#offersSurface();
    const isLine = view.stage === "line";
    this.#page.map.hidden = isSurface || isLine;
    this.#page.line.hidden = !isLine;
    this.#page.surface.hidden = !isSurface;
    this.#page.rotate.hidden = !isSurface || matchMedia("(pointer: fine)").matches;
    this.#legend();
    this.#sayClipped();
    const scale = lossScale(surface.value, view.surfaceScale);
    this.#saySlice();
    this.#follow(this.#runs);
    if (isLine) return this.#drawLine();
    if (!isSurface) {
      const { field } = this.#store.state;
      this.#map.setSurface(surface.value, scale, view.arrows && field?.of === surface.value ? field.value : null);
      this.#map.setPaths(this.#runs);
      return;
    }
    this.#surface ??= await SurfacePlot.create(this.#page.surface);
    this.#surface.recovered = () => this.#notices.set("recovered", { words: text("stage.recovered") });
    await this.#surface.setSurface(surface.value, scale, this.#runs);
  }

  async #drawLine() {
    this.#line ??= await LinePlot.create(this.#page.line);
    const { lines, view } = this.#store.state;
    if (lines && view.stage === "line") this.#line.show(lines.value, this.#runs, view.surfaceScale);
  }

  /** @returns {boolean} */
  #offersSurface() {
    const offers = this.#surface !== null || hasWebGL();
    this.#notices.set("webgl", offers ? null : { words: text("stage.no_webgl") });
    return offers;
  }

  #legend() {
    stageLegend(this.#page.stageKey, this.#runs, this.#store.state);
  }

  #toggleRotation() {
    if (!this.#surface) return;
    this.#surface.rotatable = !this.#surface.rotatable;
    this.#page.rotate.textContent = text(this.#surface.rotatable ? "stage.rotate_stop" : "stage.rotate");
  }

  /** @param {import("./pictures.js").Window} window */
  #zoom(window) {
    this.#zoomed = true;
    this.#page.wide.hidden = false;
    void this.#actions.fitView(window);
  }

  /**
   * A path that leaves the map on its way down is followed; one that climbs, or leaves a part one looks at, is reported.
   * @param {DrawnRun[]} runs
   */
  #follow(runs) {
    const { surface } = this.#store.state;
    if (!surface) return;
    const { x: across, y: up } = surface.value;
    const outside = runs.find(({ point: { x, y } }) => x < across[0] || x > across[across.length - 1] || y < up[0] || y > up[up.length - 1]);
    const saysMore = this.#store.state.runs.some(({ name, status }) => name === outside?.name && status === "diverged");
    if (!outside || saysMore) return this.#notices.set("left", null);
    const isDescending = outside.point.loss <= outside.path.columns.loss[0];
    const now = performance.now();
    if (isDescending && !this.#zoomed) {
      const wait = this.#followed + FOLLOW_MS - now;
      if (wait > 0) return this.#followIn(wait);
      this.#followed = now;
      return void this.fit();
    }
    const { x_label, y_label } = surface.value.plane;
    const words = text("stage.left", { x_label, y_label, x: formatNumber(outside.point.x), y: formatNumber(outside.point.y) });
    this.#notices.set("left", { words, button: { label: text("stage.fit_view"), act: () => void this.fit() } });
  }

  /**
   * A run that was stopped meanwhile is not left outside.
   * @param {number} wait ms
   */
  #followIn(wait) {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#follow(this.#runs), wait);
  }

  #saySlice() {
    const [run] = this.#runs;
    const { surface, mode } = this.#store.state;
    say(this.#page.slice, sliceWords(this.#store.state, run));
    this.#page.recut.hidden = mode === "playing" || !run || surface?.center !== "current" || !isOff(run, surface.value.plane.id);
  }

  #sayClipped() {
    const level = this.#store.state.surface?.value.clipped_at ?? null;
    this.#notices.set("clipped", level === null ? null : { words: text("stage.clipped", { level: formatNumber(level) }) });
  }
}
