// @ts-check
/** What is read about a session to draw it: data, surface, predictions, parameters with their gradient. Nothing here changes it. */

/**
 * @import { Api, Query } from "./api.js"
 * @import { Store } from "./store.js"
 * @import { Cut, Dated, State } from "./state.js"
 * @import { PlaneVectors } from "./studies/wire.js"
 */
import { ApiError } from "./api-error.js";
import { addresses, countScalars } from "./parameters.js";
import { kindAt, planeQuery } from "./planes/query.js";
import { inOwnWords } from "./planes/titles.js";

const SURFACE_POINTS = 101; // a side of what stays
export const SLICE_POINTS = { paused: 61, playing: 31 }; // of what is cut again while a run moves
const CURVE_POINTS = 61;
export const FIELD_POINTS = { paused: 61, playing: 31 };
const DIGITS = 4; // three times fewer bytes than all of them, and no eye sees the rest
const SURFACE_DIGITS = 5; // with one less the contours of a flat surface high above 0 are staircases

const ARROWS = 17; // a side
const LINE_POINTS = 101;

/** @typedef {{x: [number, number], y: [number, number]}} Window a part of the map */

export class Pictures {
  /** Called with words when there is no such plane. @type {(words: string) => void} */
  refused = () => {};
  #store;

  /**
   * @param {Api} api
   * @param {Store<State>} store
   */
  constructor(api, store) {
    this.api = api;
    this.#store = store;
  }

  /** Everything anew: another problem, or another start. */
  async begin() {
    const { view, parameters, recipe } = this.#store.state;
    const known = addresses(parameters);
    if ([view.x, view.y].some((name) => name !== null && !known.includes(name))) {
      this.#store.set({ view: { ...view, x: null, y: null } });
    }
    await Promise.all([recipe?.problem.dataset ? this.readData() : this.#store.set({ data: null }), this.readSurface()]);
  }

  async readData() {
    await this.read((id) => this.api.data(id), (data) => this.#store.set({ data: data.value }));
  }

  /**
   * The plane that is drawn, for another window; one of two parameters is cut anew.
   * @param {number} [step] cut through the point of this step
   * @param {Window} [window] the server's choice without: path, start and optimum are inside
   */
  async readSurface(step, window) {
    const { surface } = this.#store.state;
    const isKept = surface !== null && surface.kind !== "parameters" && step !== undefined;
    const found = isKept
      ? await this.#cut({ plane: surface.value.plane.id }, surface, surface.step, window)
      : await this.cut(step, window);
    if (found) this.#store.set({ surface: found });
  }

  /**
   * A plane as it is chosen, cut through the point of a step; nothing is shown yet.
   * @param {number} [step]
   * @param {Window} [window]
   * @returns {Promise<State["surface"]>} null where there is no answer
   */
  async cut(step, window) {
    const { state } = this.#store;
    const kind = kindAt(state, step ?? 0);
    return this.#cut(planeQuery(state, kind, step ?? 0), { kind, center: state.view.center }, step, window);
  }

  /**
   * @param {Query} plane
   * @param {Pick<Cut, "kind" | "center">} way it is cut
   * @param {number} [step]
   * @param {Window} [window]
   * @returns {Promise<State["surface"]>}
   */
  async #cut(plane, { kind, center }, step, window) {
    const { parameters, mode } = this.#store.state;
    const resolution = countScalars(parameters) > 2 ? SLICE_POINTS[mode] : SURFACE_POINTS;
    /** @type {State["surface"]} */
    let found = null;
    await this.read(
      (id) => this.api.surface(id, { ...plane, ...sides(window), resolution, digits: SURFACE_DIGITS, step }),
      (surface) => (found = { ...surface, value: inOwnWords(surface.value, kind), kind, center }),
      step,
      (words) => (kind !== "parameters" || center !== "current") && this.refused(words),
    );
    return found;
  }

  /**
   * @param {string} id of a plane
   * @returns {Promise<PlaneVectors | null>} null where there is no answer
   */
  async plane(id) {
    /** @type {PlaneVectors | null} */
    let found = null;
    await this.read((session) => this.api.plane(session, id), ({ value }) => (found = value));
    return found;
  }

  /** The arrows over the surface that is drawn. */
  async readField() {
    const of = this.#store.state.surface?.value;
    if (!of) return;
    const window = { x: ends(of.x), y: ends(of.y) };
    const query = { plane: of.plane.id, ...sides(window), resolution: ARROWS, digits: DIGITS };
    await this.read((id) => this.api.field(id, query), ({ value }) => this.#store.set({ field: { of, value } }));
  }

  /**
   * The loss straight on from the start of each run to its point after a step, and from the first to the optimum where
   * one is known.
   * @param {string[]} runs
   * @param {number} step
   */
  async readLines(runs, step) {
    const query = { from: "start", samples: LINE_POINTS, digits: SURFACE_DIGITS };
    const optimum = this.#store.state.surface?.value.optimum;
    const ask = async (/** @type {string} */ id) => ({
      now: await Promise.all(runs.map(async (run) => ({ run, line: step ? await this.api.line(id, { ...query, run, to: `${run}@${step}` }) : null }))),
      optimum: optimum ? await this.api.line(id, { ...query, run: runs[0], to: "optimum" }) : null,
    });
    await this.read(ask, (lines) => this.#store.set({ lines }), step);
  }

  /**
   * The same window, cut through the point of another step.
   * @param {number} step
   */
  async recut(step) {
    const { surface } = this.#store.state;
    if (!surface) return;
    await this.readSurface(step, { x: ends(surface.value.x), y: ends(surface.value.y) });
  }

  /**
   * @param {string} run
   * @param {number} step
   */
  async readPredictions(run, step) {
    const { data, mode } = this.#store.state;
    const resolution = data?.X.length === 2 ? FIELD_POINTS[mode] : CURVE_POINTS;
    await this.read(
      (id) => this.api.predictions(id, { run, step, resolution, digits: DIGITS }),
      (predictions) => this.#store.set({ predictions: { ...this.#store.state.predictions, [run]: predictions } }),
      step,
    );
  }

  /**
   * @param {string} run
   * @param {number} step
   */
  async readValues(run, step) {
    await this.read(
      (id) => this.api.parameters(id, { run, step }),
      (values) => this.#store.set({ values: { ...this.#store.state.values, [run]: values } }),
      step,
    );
  }

  /** @param {number} step */
  async readDigest(step) {
    await this.read((id) => this.api.session(id, { step }), ({ value, ...dated }) => this.#store.set({ digest: { ...dated, value: value.digest } }), step);
  }

  /**
   * An answer that comes after another lineage began is dropped. One that does not come is asked for again by whoever
   * needs it; that the session is gone is found out by the next step.
   * @template T
   * @param {(id: string) => Promise<T>} ask
   * @param {(answer: Dated<T>) => void} keep
   * @param {number} [step]
   * @param {(words: string) => void} [refuse] where the server says why it cannot be
   */
  async read(ask, keep, step = 0, refuse = () => {}) {
    const { session } = this.#store.state;
    if (!session) return;
    try {
      const value = await ask(session.id);
      const now = this.#store.state.session;
      if (now?.id === session.id && now.lineage === session.lineage) keep({ step, lineage: session.lineage, value });
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      if (reason.status === 422) refuse(reason.words);
      this.#store.set({ trouble: reason.passing ? reason.words : this.#store.state.trouble });
    }
  }
}

/**
 * @param {Window} [window]
 * @returns {Query}
 */
const sides = (window) => (window ? { x_min: window.x[0], x_max: window.x[1], y_min: window.y[0], y_max: window.y[1] } : {});

/**
 * @param {number[]} grid
 * @returns {[number, number]}
 */
const ends = (grid) => [grid[0], grid[grid.length - 1]];
