// @ts-check
/** Changes on their way to the server: one after another, heard where they are refused, remembered so that they can be undone. */

/**
 * @import { History, Moment } from "./time/history.js"
 * @import { Player } from "./player.js"
 * @import { Session } from "./session.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { ApiError } from "./api-error.js";
import { entryOf } from "./choice.js";
import { merged } from "./state.js";

/** @typedef {{where: string, problem: string}[]} Complaints */

export class Changes {
  /** Called with what the server says against a change; an empty list takes it back. @type {(errors: Complaints) => void} */
  complained = () => {};
  #parts;
  /** Changes not yet sent, by what they are about; a later one is merged into an earlier one. @type {Map<string, Record<string, unknown>>} */
  #waiting = new Map();
  #sending = false;

  /** @param {{store: Store<State>, session: Session, player: Player, history: History}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * One change after another; those made while one is under way become one.
   * @param {string} about `recipe`, or `run` and a name
   * @param {Record<string, unknown>} change
   */
  async submit(about, change) {
    this.#waiting.set(about, merged(this.#waiting.get(about) ?? {}, change));
    if (this.#sending) return;
    this.#sending = true;
    while (this.#waiting.size) {
      const [[next, body]] = this.#waiting;
      this.#waiting.delete(next);
      await this.heard(() => this.#send(next, body), `${next} ${leaves(body)}`);
    }
    this.#sending = false;
  }

  /**
   * @param {() => Promise<void>} task whose refusal is told where it belongs, and what it changes can be undone
   * @param {string} [gesture] see `History.note`
   */
  async heard(task, gesture) {
    const before = this.#moment();
    try {
      await task();
      this.#parts.history.note(before, this.#moment(), gesture);
      this.complained([]);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      this.complained(reason.problem.errors ?? [{ where: "", problem: reason.message }]);
    }
  }

  /**
   * @param {string} run
   * @param {Record<string, number>} parameters by address
   * @param {number} atStep
   * @returns {Promise<string>} what the server has against it; "" where it holds
   */
  async setByHand(run, parameters, atStep) {
    const { session, player, history } = this.#parts;
    const before = this.#moment();
    try {
      await session.change({ runs: [{ name: run, parameters }] }, atStep);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      return reason.problem.errors?.map(({ problem }) => problem).join(" ") ?? reason.message;
    }
    player.seek(atStep + 1);
    history.note(before, this.#moment(), `by hand ${run} ${Object.keys(parameters)} ${atStep}`);
    this.complained([]);
    return "";
  }

  /** @returns {Promise<boolean>} whether there was something to undo */
  async undo() {
    const now = this.#moment();
    return this.#return(now && this.#parts.history.undo(now));
  }

  /** @returns {Promise<boolean>} whether there was something to do again */
  redo() {
    return this.#return(this.#parts.history.redo());
  }

  /**
   * @param {Moment | null} moment
   * @returns {Promise<boolean>}
   */
  async #return(moment) {
    if (!moment) return false;
    const { session, player, store } = this.#parts;
    const { recipe, step } = moment;
    player.pause();
    if (recipe.problem.kind !== store.state.recipe?.problem.kind) store.set({ view: { ...store.state.view, x: null, y: null } });
    await session.takeUp(recipe, step);
    player.seek(step);
    this.complained([]);
    return true;
  }

  /** @returns {Moment | null} */
  #moment() {
    const { recipe } = this.#parts.store.state;
    return recipe && { recipe, step: this.#parts.player.step };
  }

  /**
   * @param {string} about
   * @param {Record<string, unknown>} change
   */
  async #send(about, change) {
    const { session, player, store } = this.#parts;
    if (about === "recipe") return this.#restart(change);
    const name = about.slice("run ".length);
    try {
      await session.change({ runs: [{ name, ...change }] }, "start" in change ? undefined : player.step);
    } catch (reason) {
      throw reason instanceof ApiError ? inRecipe(reason, store.state.recipe?.runs.findIndex((run) => run.name === name) ?? 0) : reason;
    }
  }

  /**
   * Values given one by one may not fit another shape of the model; then its usual start takes their place.
   * @param {Record<string, unknown>} change
   */
  async #restart(change) {
    const { session, store } = this.#parts;
    try {
      await session.change(change);
    } catch (reason) {
      const errors = (reason instanceof ApiError && reason.problem.errors) || [];
      const { catalogue, recipe } = store.state;
      const usual = recipe && entryOf(catalogue, recipe.problem)?.recipe?.start;
      if (!usual || change.start || !errors.length || !errors.every(({ where }) => where.startsWith("start"))) throw reason;
      await session.change({ ...change, start: usual });
    }
  }
}

/**
 * The change named one run only; in the recipe it may stand further down.
 * @param {ApiError} refusal
 * @param {number} place
 * @returns {ApiError}
 */
function inRecipe({ status, problem }, place) {
  const errors = problem.errors?.map(({ where, ...error }) => ({ ...error, where: where.replace(/^runs\[0\]/, `runs[${place}]`) }));
  return new ApiError(status, { ...problem, errors });
}

/**
 * @param {unknown} change
 * @returns {string} the names of what it sets: a slider that moves sets the same ones again
 */
function leaves(change) {
  if (typeof change !== "object" || change === null || Array.isArray(change)) return "";
  return Object.entries(change).map(([name, value]) => `${name}(${leaves(value)})`).join();
}
