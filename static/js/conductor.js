// @ts-check
/** What happens on a frame, at rest, and when play begins or ends. */

/**
 * @import { Insight } from "./insight/insight.js"
 * @import { Mode, Player } from "./player.js"
 * @import { Scene } from "./scene.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 * @import { Trailing } from "./trailing.js"
 * @import { Watch } from "./watch.js"
 */
import { breath } from "./dom.js";
import { keepAddress } from "./share/sharing.js";

const OLDER_SECONDS = 1 / 7; // what trails the drawn step may be so much older

export class Conductor {
  #parts;
  #hasBegun = false;

  /** @param {{store: Store<State>, player: Player, scene: Scene, insight: Insight, watch: Watch, trailing: Trailing}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Everything for the first time, a graph at a time: a click in between need not wait for all of them. */
  async begin() {
    const { scene } = this.#parts;
    for (const draw of [() => scene.loss(), () => scene.fit()]) {
      await breath();
      draw();
    }
    await breath();
    this.#hasBegun = true;
    this.show();
  }

  /** The drawn step is another one, or how it is to be drawn. */
  show() {
    if (!this.#hasBegun) return;
    const { store, player, scene, insight, watch, trailing } = this.#parts;
    if (player.mode === "paused") return this.settle();
    scene.play();
    insight.show(player.step);
    watch.look(scene.runs);
    trailing.follow(roundStep(player.step, store.state.view.speed));
  }

  /** Everything for exactly the drawn step. */
  settle() {
    if (!this.#hasBegun) return;
    const { player, scene, insight, watch, trailing } = this.#parts;
    scene.settle();
    insight.show(player.step);
    watch.look(scene.runs);
    void trailing.settle(() => player.step);
    this.keepAddress();
  }

  /** The address becomes that of what is drawn. */
  keepAddress() {
    const { player, store } = this.#parts;
    keepAddress(store, () => player.step);
  }

  /**
   * @param {Mode} mode
   * @param {"asked" | "end"} reason
   */
  changed(mode, reason) {
    const { store, scene, watch } = this.#parts;
    store.set({ mode });
    if (mode === "paused") this.settle();
    watch.tell(reason === "end" ? "end" : mode, scene.runs);
  }
}

/**
 * Of long paths the server keeps the steps that a power of two divides; others it would compute again.
 * @param {number} step
 * @param {number} speed steps a second
 * @returns {number} a step that is hardly older and kept more likely
 */
const roundStep = (step, speed) => step - (step % 2 ** Math.floor(Math.log2(Math.max(1, speed * OLDER_SECONDS))));
