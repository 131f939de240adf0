// @ts-check
/** What a person can do with runs: add, copy, fork, rename, hide, start elsewhere, remove. */

/**
 * @import { Changes } from "../changes.js"
 * @import { Comparison } from "./comparison.js"
 * @import { Pictures } from "../pictures.js"
 * @import { Player } from "../player.js"
 * @import { RunRecipe } from "../wire.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { withScalars } from "../parameters.js";
import { inForce } from "../state.js";
import { text } from "../texts.js";
import { afterChange } from "./comparison.js";

const LONGEST_NAME = 40;

export class Race {
  #parts;

  /** @param {{store: Store<State>, session: Session, pictures: Pictures, player: Player, changes: Changes}} parts */
  constructor(parts) {
    this.#parts = parts;
    const { store } = parts;
    /** @type {RunRecipe[]} */
    let before = [];
    store.subscribe(["recipe"], ({ recipe, compare }) => {
      const runs = recipe?.runs ?? [];
      store.set({ compare: afterChange(compare, before, runs) });
      before = runs;
    });
  }

  /** One more run like the first, but with the next optimizer that none has yet. */
  add() {
    const { session, store, player, changes } = this.#parts;
    const { recipe, catalogue } = store.state;
    if (!recipe || !catalogue) return undefined;
    const [first, ...others] = recipe.runs.map((run) => inForce(run, player.step));
    const taken = [first, ...others].map(({ optimizer }) => optimizer.kind);
    const next = catalogue.optimizers.find(({ kind }) => !taken.includes(kind));
    const shared = next?.schema.properties?.learning_rate ? { learning_rate: first.optimizer.learning_rate } : {};
    const optimizer = next ? { kind: next.kind, ...shared } : first.optimizer;
    return changes.heard(() => session.addRun({ optimizer, schedule: first.schedule, batch_size: first.batch_size, gradient: first.gradient }));
  }

  /** @param {string} name */
  duplicate(name) {
    const { session, changes } = this.#parts;
    const run = this.#recipeOf(name);
    const copy = this.#freeName(text("compare.copy_of", { run: name }));
    return changes.heard(() => session.addRun({ ...run, name: copy }));
  }

  /**
   * A run that is this one up to the drawn step, and its own from there on.
   * @param {string} name
   */
  fork(name) {
    const { session, store, player, changes } = this.#parts;
    const stands = store.state.runs.find((run) => run.name === name)?.step ?? 0;
    const step = Math.min(player.step, stands);
    return changes.heard(() => session.addRun({ fork: { run: name, step }, name: this.#freeName(text("compare.fork_of", { run: name, step })) }));
  }

  /**
   * @param {string} name
   * @param {string} rename
   */
  rename(name, rename) {
    return rename && rename !== name ? this.#parts.changes.submit(`run ${name}`, { rename }) : undefined;
  }

  /** @param {string} name */
  remove(name) {
    const { session, changes } = this.#parts;
    return changes.heard(() => session.removeRun(name));
  }

  /**
   * A start of its own for one run: the one all have, to be changed from there.
   * @param {string} name
   */
  async startApart(name) {
    const { store, pictures, changes } = this.#parts;
    await pictures.readValues(name, 0);
    const values = store.state.values[name]?.value.values;
    if (values) await changes.submit(`run ${name}`, { start: { kind: "values", values } });
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown> | null} start null: the one of all
   */
  start(name, start) {
    return this.#parts.changes.submit(`run ${name}`, { start });
  }

  /**
   * Its own start where a click on the map says.
   * @param {string} name
   * @param {Record<string, number>} place values by address
   */
  async startAt(name, place) {
    const { store, pictures } = this.#parts;
    await pictures.readValues(name, 0);
    const known = store.state.values[name];
    this.#set({ startOf: null });
    if (known) await this.start(name, { kind: "values", values: withScalars(store.state.parameters, known.value.values, place) });
  }

  /** @param {string | null} name the run whose start the next click on the map sets */
  awaitStart(name) {
    this.#set({ startOf: name });
  }

  /** @param {string} name */
  toggle(name) {
    const { hidden } = this.#parts.store.state.compare;
    this.#set({ alone: null, hidden: hidden.includes(name) ? hidden.filter((each) => each !== name) : [...hidden, name] });
  }

  /** @param {string} name shown alone, or with all others again */
  isolate(name) {
    const { alone } = this.#parts.store.state.compare;
    this.#set({ alone: alone === name ? null : name });
  }

  /** @param {Partial<Comparison>} change */
  #set(change) {
    const { store } = this.#parts;
    store.set({ compare: { ...store.state.compare, ...change } });
  }

  /**
   * @param {string} name
   * @returns {RunRecipe | undefined}
   */
  #recipeOf(name) {
    return this.#parts.store.state.recipe?.runs.find((run) => run.name === name);
  }

  /**
   * @param {string} wanted
   * @returns {string} it, or with a number where it is taken
   */
  #freeName(wanted) {
    const base = wanted.slice(0, LONGEST_NAME);
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? base : `${base.slice(0, LONGEST_NAME - 4)} ${number}`;
      if (!this.#recipeOf(name)) return name;
    }
  }
}
