// @ts-check
/** A cell taken over into the run: its start, or its setting from the start on. Both can be undone. */

/**
 * @import { Api } from "../api.js"
 * @import { Changes } from "../changes.js"
 * @import { Player } from "../player.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { BasinsResult, SweepResult } from "./wire.js"
 */
import { nested } from "../parameters.js";

export class Loading {
  #parts;

  /** @param {{api: Api, store: Store<State>, session: Session, player: Player, changes: Changes}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * @param {BasinsResult} result
   * @param {number} row
   * @param {number} column
   * @returns {Promise<boolean>} false where a link locked the start
   */
  async start({ plane, x, y }, row, column) {
    const { api, store, session, player, changes } = this.#parts;
    const { parameters, view, session: open } = store.state;
    if (!open || view.lock.includes("start")) return false;
    player.pause();
    await changes.heard(async () => {
      const { origin, d1, d2 } = await api.plane(open.id, plane.id);
      const values = nested(parameters, origin.map((at, i) => at + x[column] * d1[i] + y[row] * d2[i]));
      await session.reset({ start: { kind: "values", values } });
    });
    return true;
  }

  /**
   * @param {SweepResult} result
   * @param {string} run
   * @param {number} row
   * @param {number} column
   * @returns {Promise<boolean>} false where a link locked the runs
   */
  async setting({ optimizer, constant, learning_rate, momentum }, run, row, column) {
    const { api, session, player, changes, store } = this.#parts;
    if (store.state.view.lock.includes("runs")) return false;
    player.pause();
    const kept = constant === null ? {} : { [constant]: momentum[row] };
    const change = { runs: [{ name: run, optimizer: { kind: optimizer, learning_rate: learning_rate[column], ...kept } }] };
    await changes.heard(() =>
      session.remade(async (id) => {
        await api.changeConfig(id, { ...change, at_step: player.step });
        return api.reset(id);
      }),
    );
    return true;
  }
}
