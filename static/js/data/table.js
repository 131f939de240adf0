// @ts-check
/** The table in hand: changes to it follow each other as fast as the server computes them, the last one always comes through. */

/**
 * @import { Api } from "../api.js"
 * @import { Changes } from "../changes.js"
 * @import { Player } from "../player.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { Example, Table } from "./inline.js"
 */
import { exchanged } from "./exchange.js";
import { inlineDataset, isEditable, withExample, withMore, without } from "./inline.js";

/** @typedef {{api: Api, store: Store<State>, session: Session, changes: Changes, player: Player}} Parts */

export class TableInHand {
  /** Called when it is another one: by hand, by undo, by another data set. */
  changed = () => {};
  #parts;
  /** Changed and not yet computed. @type {Table | null} */ #waiting = null;
  /** Under way. @type {Table | null} */ #sent = null;
  /** @type {number | null} */ #selected = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.store.subscribe(["data", "view"], () => this.select(this.#selected));
  }

  /** @returns {Table | null} as the hand left it; null where it cannot be changed by hand */
  get table() {
    const { data, view, recipe } = this.#parts.store.state;
    const table = this.#waiting ?? this.#sent ?? data;
    return table && recipe?.problem.dataset && isEditable(table) && !view.lock.includes("data") ? table : null;
  }

  /** @returns {number | null} */
  get selected() {
    return this.#selected;
  }

  /** @param {number | null} index */
  select(index) {
    const count = this.table?.X[0].length ?? 0;
    this.#selected = index === null || !count ? null : Math.min(Math.max(index, 0), count - 1);
    this.changed();
  }

  /**
   * @param {number} index
   * @param {Example} example
   */
  move(index, example) {
    if (this.table && example.every(Number.isFinite)) this.#change(withExample(this.table, index, example), index);
  }

  /** @param {Example} example it is selected */
  add(example) {
    if (this.table && example.every(Number.isFinite)) this.#change(withMore(this.table, example), this.table.X[0].length);
  }

  /** @param {number} index */
  remove(index) {
    if (this.table) this.#change(without(this.table, index), index);
  }

  /**
   * @param {Table} table
   * @param {number} selected
   */
  #change(table, selected) {
    this.#waiting = table;
    this.select(selected);
    void this.#send();
  }

  async #send() {
    while (this.#waiting && !this.#sent) {
      this.#sent = this.#waiting;
      this.#waiting = null;
      await this.#exchange(this.#sent).finally(() => (this.#sent = null));
      this.changed();
    }
  }

  /** @param {Table} table */
  async #exchange(table) {
    const { api, store, session, changes, player } = this.#parts;
    const { recipe } = store.state;
    if (!recipe) return;
    const problem = { ...recipe.problem, dataset: inlineDataset(table, recipe.problem.dataset) };
    const step = player.step;
    await changes.heard(() => session.remade((id) => exchanged(api, id, { ...recipe, problem }, step)), "data by hand");
  }
}
