// @ts-check
/** What is read about a session to draw it: data, surface, predictions, parameters with their gradient. Nothing here changes it. */

/**
 * @import { Api, Query } from "./api.js"
 * @import { Store } from "./store.js"
 * @import { Dated, State } from "./state.js"
 */
import { ApiError } from "./api.js";
import { addresses, countScalars } from "./parameters.js";

const SURFACE_POINTS = 101; // a side of what stays
export const SLICE_POINTS = { paused: 61, playing: 41 }; // of what is cut again while a run moves
const CURVE_POINTS = 61;
export const FIELD_POINTS = { paused: 61, playing: 31 };
const DIGITS = 4; // three times fewer bytes than all of them, and no eye sees the rest

/** @typedef {{x: [number, number], y: [number, number]}} Window a part of the map */

export class Pictures {
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
   * @param {number} [step] cut through the point of this step
   * @param {Window} [window] the server's choice without: path, start and optimum are inside
   */
  async readSurface(step, window) {
    const { view, parameters, mode } = this.#store.state;
    const resolution = countScalars(parameters) > 2 ? SLICE_POINTS[mode] : SURFACE_POINTS;
    /** @type {Query} */
    const query = { plane: "parameters", x: view.x ?? undefined, y: view.y ?? undefined, resolution, digits: DIGITS, step };
    if (window) Object.assign(query, { x_min: window.x[0], x_max: window.x[1], y_min: window.y[0], y_max: window.y[1] });
    await this.read((id) => this.api.surface(id, query), (surface) => this.#store.set({ surface }), step);
  }

  /**
   * The same window, cut through the point of another step.
   * @param {number} step
   */
  async recut(step) {
    const { surface } = this.#store.state;
    if (!surface) return;
    const { x, y } = surface.value;
    await this.readSurface(step, { x: [x[0], x[x.length - 1]], y: [y[0], y[y.length - 1]] });
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
   */
  async read(ask, keep, step = 0) {
    const { session } = this.#store.state;
    if (!session) return;
    try {
      const value = await ask(session.id);
      const now = this.#store.state.session;
      if (now?.id === session.id && now.lineage === session.lineage) keep({ step, lineage: session.lineage, value });
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      this.#store.set({ trouble: reason.passing ? reason.words : this.#store.state.trouble });
    }
  }
}
