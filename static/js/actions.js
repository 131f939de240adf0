// @ts-check
/** What a person can do, in one place: buttons, keys, clicks and forms all call these. */

/**
 * @import { Recipe, Upload } from "./wire.js"
 * @import { Changes } from "./changes.js"
 * @import { Pictures, Window } from "./pictures.js"
 * @import { Player } from "./player.js"
 * @import { Projection } from "./planes/projection.js"
 * @import { Session } from "./session.js"
 * @import { State, View } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { entryOf } from "./choice.js";
import { Race } from "./compare/race.js";
import { problemFor } from "./data/own-table.js";
import { formatNumber } from "./format.js";
import { withScalars } from "./parameters.js";
import { placeOn } from "./planes/place.js";
import { text } from "./texts.js";

export class Actions {
  /** Called with words for those who do not see what was undone. @type {(words: string) => void} */
  told = () => {};
  /** Called after a button that moves by hand, for the words of the status. @type {(what: "step" | "reset") => void} */
  done = () => {};
  #parts;
  #changes;
  #planesChosen = 0;

  /** @param {{store: Store<State>, session: Session, pictures: Pictures, projection: Projection, player: Player, changes: Changes}} parts */
  constructor(parts) {
    this.#changes = parts.changes;
    this.race = new Race(parts);
    this.#parts = parts;
  }

  toggle() {
    const { player } = this.#parts;
    if (player.mode === "playing") player.pause();
    else player.play();
  }

  /** A step that is there is shown, else one is computed. */
  async forward() {
    const { player, session } = this.#parts;
    player.pause();
    if (this.#neighbour(1) !== undefined) return this.#lookBeside(1);
    await session.more(1);
    player.seek(player.computed);
    this.done("step");
  }

  /** Looks only. */
  async back() {
    const { player } = this.#parts;
    player.pause();
    if (player.step > 0) await this.#lookBeside(-1);
  }

  /**
   * At the very next step, which is read where it was left out of an answer; without one, at the next that is here.
   * @param {1 | -1} direction
   */
  async #lookBeside(direction) {
    const { player, projection } = this.#parts;
    const step = player.step + direction;
    if (!projection.has(step)) await projection.fillIn(step);
    player.seek(projection.has(step) ? step : (this.#neighbour(direction) ?? player.step));
    this.done("step");
  }

  /** Back to the start, which is kept. */
  async reset() {
    const { player, session } = this.#parts;
    player.pause();
    await this.#changes.heard(() => session.reset(), "reset");
    this.done("reset");
  }

  async undo() {
    const { ways } = this.#parts.store.state;
    if (await this.#changes.undo()) this.#tell("time.undone", ways.undo);
  }

  async redo() {
    const { ways } = this.#parts.store.state;
    if (await this.#changes.redo()) this.#tell("time.redone", ways.redo);
  }

  /**
   * The step that is drawn, by hand: looks only.
   * @param {number} step
   */
  look(step) {
    const { player } = this.#parts;
    player.pause();
    player.seek(step);
  }

  /**
   * Another start, by its place on the map; the other parameters stay as they are at the step that is drawn.
   * @param {number} x
   * @param {number} y
   */
  async startAt(x, y) {
    const { store, session, pictures, player } = this.#parts;
    const { runs, compare } = store.state;
    if (!runs.length || store.state.view.lock.includes("start")) return;
    const place = await placeOn(pictures, store.state, x, y);
    if (!place) return;
    if (compare.startOf) return this.race.startAt(compare.startOf, place);
    await pictures.readValues(runs[0].name, player.step);
    const { parameters, values } = store.state;
    const known = values[runs[0].name];
    if (!known) return;
    const start = withScalars(parameters, known.value.values, place);
    await this.#changes.heard(() => session.reset({ start: { kind: "values", values: start } }));
  }

  /** Start by value: the values of the start that is there, so that they can be changed one by one. */
  async startHere() {
    const { store, session, pictures } = this.#parts;
    const { runs } = store.state;
    await pictures.readValues(runs[0].name, 0);
    const known = store.state.values[runs[0].name];
    if (!known) return;
    const { values } = known.value;
    await this.#changes.heard(() => session.change({ start: { kind: "values", values } }));
  }

  /**
   * @param {string} run
   * @param {Record<string, unknown>} settings of its recipe that are to change, from the step that is drawn on
   */
  changeRun(run, settings) {
    void this.#changes.submit(`run ${run}`, settings);
  }

  /**
   * @param {string} run
   * @param {Record<string, number>} parameters by address: the run's step from that one to the next
   * @param {number} atStep
   * @returns {Promise<string>} what the server has against it; "" where it holds
   */
  async setByHand(run, parameters, atStep) {
    const refusal = await this.#changes.setByHand(run, parameters, atStep);
    const [[name, value]] = Object.entries(parameters);
    if (!refusal) this.told(text("byhand.done", { change: text("time.by_hand", { name, value: formatNumber(value) }), step: atStep + 1 }));
    return refusal;
  }

  /** @param {Record<string, unknown>} change of problem, start or seed: begins anew */
  changeRecipe(change) {
    void this.#changes.submit("recipe", change);
  }

  /**
   * Another model, with data, start and settings that suit it.
   * @param {{recipe?: Recipe}} entry of a problem, or an example
   */
  changeProblem({ recipe }) {
    const { session, player, store } = this.#parts;
    if (!recipe) return;
    player.pause();
    store.set({ view: { ...store.state.view, x: null, y: null } });
    return this.#changes.heard(() => session.takeUp(recipe, 0)); // in the same session: spectators stay
  }

  /**
   * A table of one's own, in this model where it takes it.
   * @param {Upload} table
   */
  useTable(table) {
    const { recipe, catalogue } = this.#parts.store.state;
    if (!recipe) return undefined;
    const problem = problemFor(table, recipe.problem);
    if (problem.kind === recipe.problem.kind) return this.changeRecipe({ problem });
    const { start: _, ...usual } = entryOf(catalogue, problem)?.recipe ?? recipe; // the start that suits the table is the server's to know
    return this.changeProblem({ recipe: /** @type {Recipe} */ ({ ...usual, problem: { ...usual.problem, ...problem } }) });
  }

  /**
   * What the advice for a diverged run suggests.
   * @param {string} run
   * @param {{rewind?: number, learning_rate?: number}} suggestion
   */
  async follow(run, { learning_rate, rewind = 0 }) {
    const { session } = this.#parts;
    const change = { runs: [{ name: run, optimizer: { learning_rate } }] };
    await this.#changes.heard(() => session.change(change, rewind));
  }

  /** @param {Partial<View>} change of how one looks at it */
  lookAt(change) {
    const { store } = this.#parts;
    store.set({ view: { ...store.state.view, ...change } });
  }

  /** @param {Window} [window] without: where path, start and optimum are in sight */
  fitView(window) {
    const { pictures, player } = this.#parts;
    return pictures.readSurface(player.step, window);
  }

  /** @param {Partial<Pick<View, "plane" | "x" | "y" | "seed" | "normalize" | "center">>} change */
  async choosePlane(change) {
    this.lookAt(change);
    this.#planesChosen += 1;
    if (this.#planesChosen > 1) return; // whoever is at it goes on with this one
    for (let seen = 0; seen < this.#planesChosen; ) {
      seen = this.#planesChosen;
      await this.turnPlane();
    }
    this.#planesChosen = 0;
  }

  /** The chosen plane, through the point that is drawn. */
  turnPlane() {
    const { projection, pictures, player } = this.#parts;
    return projection.turnTo(() => pictures.cut(player.step));
  }

  /**
   * The next point that is here, before or after the drawn one.
   * @param {1 | -1} direction
   * @returns {number | undefined} its step
   */
  #neighbour(direction) {
    const { session, player } = this.#parts;
    const steps = [...session.paths.values()].map((path) => path.step[path.indexAt(player.step) + direction]);
    const found = steps.filter((step) => step !== undefined);
    return found.length ? (direction > 0 ? Math.min(...found) : Math.max(...found)) : undefined;
  }

  /**
   * @param {string} key
   * @param {string | null} change
   */
  #tell(key, change) {
    this.told(text(key, { change: change ?? "", step: this.#parts.player.step }));
  }
}
