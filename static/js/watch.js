// @ts-check
/** What the runs come to, in words: on the picture for everyone, and in the status for those who do not see it. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Page } from "./dom.js"
 * @import { DrawnRun } from "./runs.js"
 * @import { Notice, Notices } from "./notices.js"
 * @import { Player } from "./player.js"
 * @import { RunState } from "./wire.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { formatNumber, rounded } from "./format.js";
import { text } from "./texts.js";

export class Watch {
  #parts;
  /** The first step of which every run is known to have converged; there it stops once. @type {number | null} */
  #convergedAt = null;
  #hasStopped = false;

  /** @param {{page: Page, store: Store<State>, player: Player, notices: Notices, actions: Actions}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {boolean} whether nothing would move any more: what is drawn is converged, or the last that was computed */
  get isOver() {
    const { store, player } = this.#parts;
    return store.state.runs.every(({ status }) => status !== "running") && player.step >= (this.#convergedAt ?? player.computed);
  }

  /** @param {DrawnRun[]} drawn */
  look(drawn) {
    const { store, notices, actions, player } = this.#parts;
    for (const run of store.state.runs) {
      const isThere = (drawn.find(({ name }) => name === run.name)?.point.step ?? -1) >= run.step;
      notices.set(`diverged ${run.name}`, isThere && run.status === "diverged" ? divergence(run, actions) : null);
    }
    this.#stopWhereConverged();
    const hasConverged = this.#convergedAt !== null && player.step >= this.#convergedAt && player.mode === "paused";
    notices.set("converged", hasConverged ? { words: text("notice.converged") } : null);
  }

  /**
   * @param {"playing" | "paused" | "step" | "reset" | "end"} what
   * @param {DrawnRun[]} drawn
   */
  tell(what, drawn) {
    const [first] = drawn;
    const { page, store } = this.#parts;
    const ended = store.state.runs.find(({ status }) => status === "diverged");
    const values = { run: ended?.name ?? "", step: first?.point.step ?? 0, loss: formatNumber(first?.point.loss) };
    page.status.textContent = text(what === "end" && ended ? "status.diverged" : `status.${what}`, values);
  }

  #stopWhereConverged() {
    const { store, player } = this.#parts;
    const { runs } = store.state;
    if (!runs.length || runs.some(({ status }) => status !== "converged")) {
      this.#convergedAt = null;
      this.#hasStopped = false;
      return;
    }
    this.#convergedAt ??= player.computed;
    if (this.#hasStopped || player.mode === "paused" || player.step < this.#convergedAt) return;
    this.#hasStopped = true;
    player.pause();
  }
}

/**
 * @param {RunState} run
 * @param {Actions} actions
 * @returns {Notice}
 */
function divergence({ name, step, advice }, actions) {
  const suggest = advice?.suggest ?? {};
  const rate = suggest.learning_rate;
  const button = rate === undefined ? undefined : { label: text("notice.apply_rate", { rate: rounded(rate) }), act: () => void actions.follow(name, suggest) };
  return { alert: true, title: text("notice.diverged", { run: name, step }), words: advice?.text ?? "", button };
}
