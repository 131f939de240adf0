// @ts-check
/** A session that others run: polled and never changed. What is new since the last poll is taken in; another path begins anew. */

/**
 * @import { Api } from "../api.js"
 * @import { Pictures } from "../pictures.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { Delta, RunState } from "../wire.js"
 */
import { ApiError } from "../api-error.js";
import { untilAnswered } from "../backoff.js";
import { afterChange } from "../compare/comparison.js";
import { Path } from "../path.js";
import { Turns } from "../turns.js";

const POINTS = 300;
const POINTS_AT_ONCE = 2_000;

export class Spectator {
  /** The path of each run, by name. @type {Map<string, Path>} */
  paths = new Map();
  /** The last step that is here. */
  computed = 0;
  /** Called when what is drawn is another path. */
  begun = () => {};
  /** Called when the same path is drawn on another plane. */
  agreed = () => {};
  #api;
  #store;
  #pictures;
  #id;
  /** @type {string | null} */ #etag = null;
  #turns = new Turns();

  /** @param {{api: Api, store: Store<State>, pictures: Pictures, id: string}} parts the id is one that may only look */
  constructor({ api, store, pictures, id }) {
    this.#api = api;
    this.#store = store;
    this.#pictures = pictures;
    this.#id = id;
  }

  /**
   * Something to be read between two polls.
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  inTurn(task) {
    return this.#turns.inTurn(task);
  }

  /** Everything anew. */
  begin = () => this.inTurn(() => this.#begin());

  /** What is new: nothing as a rule costs the server a look at a version. */
  poll = () => this.inTurn(() => this.#poll());

  /** @returns {Promise<void>} */
  async #begin() {
    const { version, lineage, recipe, parameters, runs } = await this.#answered(() => this.#api.session(this.#id));
    const { compare, recipe: before } = this.#store.state;
    const session = { id: this.#id, view_id: this.#id, version, lineage };
    this.#store.set({ session, recipe, parameters, runs, predictions: {}, compare: afterChange(compare, before?.runs ?? [], recipe.runs) });
    await this.#pictures.begin();
    const delta = await this.#onPlane(() => this.#api.trajectory(this.#id, { plane: this.#plane, max_points: POINTS_AT_ONCE }));
    if (delta.lineage !== lineage) return this.#begin(); // it became another meanwhile
    this.paths = new Map();
    this.#etag = null;
    this.#absorb(delta);
    this.begun();
  }

  async #poll() {
    const { session, runs } = this.#store.state;
    if (!session) return this.#begin();
    const query = () => ({ since: this.computed, lineage: session.lineage, plane: this.#plane, max_points: POINTS });
    const { etag, delta } = await this.#onPlane(() => this.#api.poll(this.#id, query(), this.#etag));
    this.#etag = etag;
    if (!delta) return;
    const isOther = delta.lineage !== session.lineage || delta.step < this.computed || namesOf(delta.runs) !== namesOf(runs);
    if (isOther) await this.#begin();
    else this.#absorb(delta);
  }

  /** @returns {string | undefined} */
  get #plane() {
    return this.#store.state.surface?.value.plane.id;
  }

  /** @param {Delta} delta */
  #absorb(delta) {
    const { session } = this.#store.state;
    for (const { name, trajectory, step, test_loss } of delta.runs) {
      const path = this.paths.get(name) ?? new Path();
      this.paths.set(name, path);
      if (trajectory) path.append(trajectory, this.#plane);
      if (typeof test_loss === "number") path.appendTest(step, test_loss);
    }
    this.computed = delta.step;
    if (session) this.#store.set({ session: { ...session, version: delta.version }, runs: delta.runs });
  }

  /**
   * A plane that the server has forgotten is asked for again.
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #onPlane(ask) {
    try {
      return await this.#answered(ask);
    } catch (reason) {
      if (!(reason instanceof ApiError && reason.is("unknown-plane"))) throw reason;
      await this.#pictures.readSurface();
      return this.#answered(ask);
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  #answered(ask) {
    return untilAnswered(ask, (trouble) => this.#store.set({ trouble: trouble && trouble.words }));
  }
}

/**
 * @param {RunState[]} runs
 * @returns {string}
 */
const namesOf = (runs) => JSON.stringify(runs.map(({ name }) => name));
