// @ts-check
/** The paths as they are seen on a plane: read again where it is another one. */

/**
 * @import { Api, Query } from "../api.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { Delta, Trajectory } from "../wire.js"
 */
import { ApiError } from "../api-error.js";

const POINTS_AT_ONCE = 2_000; // the latest half of them one by one
const NEW_POINTS = 300;
const STEPS_AROUND = 64; // so many steps back are here, one by one, before the next are read

export class Projection {
  #api;
  #store;
  #session;

  /**
   * @param {Api} api
   * @param {Store<State>} store
   * @param {Pick<Session, "paths" | "inTurn" | "agreed">} session
   */
  constructor(api, store, session) {
    this.#api = api;
    this.#store = store;
    this.#session = session;
  }

  get paths() {
    return this.#session.paths;
  }

  /**
   * Another plane: drawn together with the paths on it. Without an answer all stays as it is.
   * @param {() => Promise<State["surface"]>} cut
   * @returns {Promise<void>}
   */
  turnTo(cut) {
    return this.#session.inTurn(async () => {
      const surface = await cut();
      if (!surface) return;
      const plane = surface.value.plane.id;
      const whole = await this.#seen({ plane, max_points: POINTS_AT_ONCE });
      if (!whole) return;
      const since = whole.step - POINTS_AT_ONCE / 2;
      const latest = whole.step > POINTS_AT_ONCE ? await this.#seen({ plane, since, max_points: POINTS_AT_ONCE }) : null;
      for (const [name, path] of this.paths) path.turn(trajectoriesOf(name, whole, latest), plane);
      this.#store.set({ surface });
      this.#session.agreed();
    });
  }

  /**
   * Reads how far the points since the last cut are from the plane that is drawn.
   * @returns {Promise<void>}
   */
  project() {
    return this.#session.inTurn(async () => {
      const { surface } = this.#store.state;
      if (!surface) return;
      const plane = surface.value.plane.id;
      const delta = await this.#seen({ plane, since: surface.step, max_points: NEW_POINTS });
      for (const { name, trajectory } of delta?.runs ?? []) if (trajectory) this.paths.get(name)?.project(trajectory, plane);
    });
  }

  /**
   * @param {number} step
   * @returns {boolean} whether every run that came so far has the point of this very step
   */
  has(step) {
    return [...this.paths.values()].every((path) => path.has(step));
  }

  /**
   * An answer to many steps brings only some of their points: reads the one of a step, and those just before it.
   * @param {number} step
   * @returns {Promise<void>}
   */
  fillIn(step) {
    return this.#session.inTurn(async () => {
      const { session, surface } = this.#store.state;
      if (this.has(step)) return;
      const since = Math.max(0, step - STEPS_AROUND);
      const delta = await this.#seen({ plane: surface?.value.plane.id, since, step, lineage: session?.lineage, max_points: NEW_POINTS });
      if (!delta || delta.lineage !== this.#store.state.session?.lineage) return;
      for (const { name, trajectory } of delta.runs) if (trajectory) this.paths.get(name)?.fillIn(trajectory);
    });
  }

  /**
   * Who gets no answer asks again; what is wrong is found out by the next step.
   * @param {Query} query
   * @returns {Promise<Delta | null>}
   */
  async #seen(query) {
    const { session } = this.#store.state;
    if (!session) return null;
    try {
      return await this.#api.trajectory(session.id, query);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      return null;
    }
  }
}

/**
 * @param {string} run
 * @param {(Delta | null)[]} deltas
 * @returns {Trajectory[]}
 */
const trajectoriesOf = (run, ...deltas) => deltas.flatMap((delta) => delta?.runs.find(({ name }) => name === run)?.trajectory ?? []);
