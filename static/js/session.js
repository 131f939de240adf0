// @ts-check
/**
 * The session on the server and the paths kept of it. All that changes it goes through here, one request after another.
 * What does not answer is asked again; a session the server no longer has is created again from its recipe.
 */

/**
 * @import { Api } from "./api.js"
 * @import { Store } from "./store.js"
 * @import { State } from "./state.js"
 * @import { Delta, Recipe, SessionView } from "./wire.js"
 */
import { ApiError } from "./api-error.js";
import { untilAnswered } from "./backoff.js";
import { STEPS_AT_ONCE, catchUp } from "./catching-up.js";
import { renameKey } from "./compare/comparison.js";
import { withoutLater } from "./dated.js";
import { extend } from "./path.js";
import { isReached } from "./time/goal.js";
import { isOnSameGround } from "./time/words.js";
import { Turns } from "./turns.js";

const POINTS_PER_ANSWER = 600; // more than a screen draws in the seconds they last
const POINTS_AT_ONCE = 2_000;

/** @typedef {Record<string, unknown>} Change a partial recipe, as PATCH …/config takes it */

export class Session {
  /** The path of each run, by name. @type {Map<string, import("./path.js").Path>} */
  paths = new Map();
  /** Called when steps have come: with the last one. @type {(computed: number) => void} */
  extended = () => {};
  /** Called when the steps after this one are gone. @type {(step: number) => void} */
  restarted = () => {};
  /** Called when all that is drawn has been read again. */
  arrived = () => {};
  /** Called when the settings of a run are others and all that is drawn stays. */
  agreed = () => {};
  /** Called when the problem or its start is another one; what depends on it is to be read again. @type {() => Promise<void>} */
  begun = async () => {};
  /** Called when others changed the session: it began anew, or went on. @type {(what: "anew" | "steps") => void} */
  elsewhere = () => {};
  /** Called when the server no longer knows the plane; it is to be asked for again. @type {() => Promise<void>} */
  planeLost = async () => {};
  #api;
  #store;
  #computed = 0;
  #turns = new Turns();

  /**
   * @param {Api} api
   * @param {Store<State>} store
   */
  constructor(api, store) {
    this.#api = api;
    this.#store = store;
  }

  /**
   * A session of its own for a recipe, computed up to a step.
   * @param {Recipe} recipe
   * @param {number} [step]
   * @param {() => boolean} [goesOn] asked after each answer; false: so far is enough
   * @returns {Promise<void>}
   */
  open(recipe, step = 0, goesOn = () => true) {
    return this.#turns.first(async () => {
      const view = await this.#answered(() => this.#api.createSession(recipe));
      await this.#begin(view);
      while (this.#computed < step && goesOn() && (await this.#step(Math.min(step - this.#computed, STEPS_AT_ONCE)))) continue;
    });
  }

  /**
   * Asks for steps.
   * @param {number} steps
   * @param {Record<string, number>} [until] a loss or gradient norm where it stops
   * @returns {Promise<boolean>} false: every run stands still, or it stopped there
   */
  async more(steps, until) {
    const { signal } = this.#turns;
    try {
      return await this.#turns.inTurn(() => this.#step(steps, signal, until));
    } catch (reason) {
      if (signal.aborted) return true;
      throw reason;
    }
  }

  /**
   * Changes what is asked for. Runs change at the step that is drawn, and parameters set by hand are the step from it to the
   * next; another problem, data or start begins anew.
   * @param {Change} change
   * @param {number} [atStep]
   * @returns {Promise<void>}
   */
  change(change, atStep) {
    return this.#turns.first(async () => {
      const body = atStep === undefined ? change : { ...change, at_step: atStep };
      const view = await this.#answered(() => this.#api.changeConfig(this.#id, body));
      if (view.effect === "restart") await this.#begin(view);
      else await this.#goOn(view, atStep ?? view.step);
    });
  }

  /** @param {(id: string) => Promise<SessionView>} make another problem, data or start, or a session from before (the id is empty then) */
  remade = (make) => this.#turns.first(async () => this.#begin(await this.#answered(() => make(this.#store.state.session?.id ?? ""))));

  /** Back to step 0, with another start where one is given. @param {Change} [body] */
  reset = (body = {}) => this.remade((id) => this.#api.reset(id, body));

  /**
   * Another recipe, earlier or later than this one, computed up to a step.
   * @param {Recipe} recipe
   * @param {number} step
   * @returns {Promise<void>}
   */
  takeUp(recipe, step) {
    return this.#turns.first(async () => {
      const before = this.#store.state.recipe;
      const view = await this.#answered(() => this.#api.replaceRecipe(this.#id, recipe));
      await (isOnSameGround(before, view.recipe) ? this.#race(view) : this.#begin(view));
      while (this.#computed < step && (await this.#step(Math.min(step - this.#computed, STEPS_AT_ONCE)))) continue;
    });
  }

  /** @param {Change} run one more on the same problem, from the same start; it catches up with the others */
  addRun = (run) => this.#turns.first(async () => this.#race(await this.#answered(() => this.#api.addRun(this.#id, run))));

  /** @param {string} name */
  removeRun = (name) => this.#turns.first(async () => this.#race(await this.#answered(() => this.#api.removeRun(this.#id, name))));

  /**
   * Another call about the session, which is created again first where the server no longer has it.
   * @template T
   * @param {(id: string) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  asked(ask) {
    return this.#turns.inTurn(() => this.#answered(() => ask(this.#id)));
  }

  /** @param {number} [since] the paths are read again from there, without from the start, for the plane that is drawn */
  async reread(since) {
    /** @type {string | undefined} */
    let plane;
    const delta = await this.#answered(() => this.#api.trajectory(this.#id, { plane: (plane = this.#plane), since, max_points: POINTS_AT_ONCE }));
    if (since === undefined) this.paths = new Map();
    this.#absorb(delta, plane);
  }

  /** Takes in what others have done to the session, if they have. */
  lookAgain = () =>
    this.#turns.inTurn(async () => {
      const last = this.#computed;
      const { session, recipe } = this.#store.state;
      const view = await this.#answered(() => this.#api.session(this.#id));
      if (view.version <= (session?.version ?? 0)) return;
      if (view.lineage !== session?.lineage || JSON.stringify(view.recipe) !== JSON.stringify(recipe)) return this.#beginElsewhere(view);
      await this.reread(last);
      if (this.#computed > last) this.elsewhere("steps");
    });

  /** @param {SessionView} view of what others made of it */
  async #beginElsewhere(view) {
    await this.#begin(view);
    this.#turns.giveUpSteps(); // they were asked for on another path
    this.elsewhere("anew");
  }

  /** Something to be read between two answers to steps. @type {Turns["inTurn"]} */
  inTurn = (task) => this.#turns.inTurn(task);

  /** @returns {string} */
  get #id() {
    const { session } = this.#store.state;
    if (!session) throw new Error("there is no session yet");
    return session.id;
  }

  /** @returns {string | undefined} the plane that is drawn */
  get #plane() {
    return this.#store.state.surface?.value.plane.id;
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  async #answered(ask, signal) {
    const report = (/** @type {ApiError | null} */ trouble) => this.#store.set({ trouble: trouble && trouble.words });
    try {
      return await untilAnswered(ask, report, signal);
    } catch (reason) {
      if (!(reason instanceof ApiError && reason.status === 404)) throw reason;
      await (reason.is("unknown-plane") ? this.planeLost() : this.#createAgain(report));
      return this.#answered(ask, signal);
    }
  }

  /** The same recipe up to the same step: the paths that are here stay true. @param {(trouble: ApiError | null) => void} report */
  async #createAgain(report) {
    const { recipe } = this.#store.state;
    if (!recipe) throw new Error("there is no recipe yet");
    const view = await untilAnswered(() => this.#api.createSession(recipe), report);
    this.#adopt(view);
    await catchUp(view, this.#computed, (body) => untilAnswered(() => this.#api.step(view.id, body), report));
  }

  /**
   * @param {number} steps
   * @param {AbortSignal} [signal]
   * @param {Record<string, number>} [until]
   * @returns {Promise<boolean>}
   */
  async #step(steps, signal, until) {
    /** @type {string | undefined} */
    let plane;
    const ask = () => {
      const lineage = this.#store.state.session?.lineage ?? 0;
      plane = this.#plane;
      return this.#api.step(this.#id, { steps, from_step: this.#computed, lineage, max_points: POINTS_PER_ANSWER, plane, until }, signal);
    };
    try {
      const delta = await this.#answered(ask, signal);
      this.#absorb(delta, plane);
      return delta.runs.some((run) => run.status !== "diverged") && !(until && delta.runs.some((run) => isReached(until, run)));
    } catch (reason) {
      if (!(reason instanceof ApiError && reason.status === 409)) throw reason;
      await this.#beginElsewhere(await this.#answered(() => this.#api.session(this.#id)));
      return true;
    }
  }

  /**
   * @param {Delta} delta of an older version or another lineage it is dropped
   * @param {string} [plane]
   */
  #absorb(delta, plane) {
    const { session } = this.#store.state;
    if (!session || delta.lineage !== session.lineage || delta.version < session.version) return;
    for (const run of delta.runs) extend(this.paths, run, plane);
    this.#computed = delta.step;
    this.#store.set({ session: { ...session, version: delta.version }, runs: delta.runs });
    this.extended(delta.step);
  }

  /** @param {SessionView} view */
  #adopt(view) {
    const { id, view_id, version, lineage, recipe, parameters, runs } = view;
    renameKey(this.paths, this.#store.state.recipe?.runs ?? [], recipe.runs);
    this.#store.set({ session: { id, view_id, version, lineage }, recipe, parameters, runs, digest: null });
  }

  /**
   * @param {SessionView} view of the same problem and start: the paths go on
   * @param {number} from the step of the change
   */
  async #goOn(view, from) {
    const someStood = this.#store.state.runs.some(({ step }) => step < from); // one that is moved by hand catches up
    this.#adopt(view);
    const isByHand = view.step > from;
    if (!isByHand && from >= this.#computed) return this.agreed();
    this.#backTo(from);
    if (isByHand) await this.#step(view.step - from);
    if (isByHand && someStood) await this.reread();
    this.arrived();
  }

  /** @param {number} step what came after it is no longer true */
  #backTo(step) {
    for (const path of this.paths.values()) path.truncate(step);
    this.#store.set(withoutLater(this.#store.state, step));
    this.#computed = step;
    this.restarted(step);
  }

  /** @param {SessionView} view with other runs on the same problem */
  async #race(view) {
    this.#adopt(view);
    if (view.step < this.#computed) this.restarted(view.step);
    await this.reread();
    this.arrived();
  }

  /** @param {SessionView} view */
  async #begin(view) {
    this.#adopt(view);
    this.#store.set({ predictions: {}, values: {} });
    this.#computed = view.step;
    this.restarted(view.step);
    await this.begun();
    await this.reread();
    this.arrived();
  }
}
