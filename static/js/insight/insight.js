// @ts-check
/** What is behind a step: the views that show it, and what is read for those that are in sight. */

/**
 * @import { Follower } from "../trailing.js"
 * @import { Page } from "../dom.js"
 * @import { Pictures } from "../pictures.js"
 * @import { Setup } from "../setup.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { anatomyFollower, checkFollower, showsBatch, unitsFollower } from "./anatomies.js";
import { CheckPanel } from "./check-panel.js";
import { batchAt } from "./marks.js";
import { NetworkPanel } from "./network-panel.js";
import { trainingColumns } from "./order.js";
import { EquationsPanel } from "./panel.js";
import { Pointing } from "./pointing.js";
import { Rulers } from "./rulers.js";
import { Sight } from "./sight.js";
import { learn } from "./state.js";

const SHOW_MS = 100; // between two looks at the settings in force while it plays

export class Insight {
  /** @type {Follower[]} */ followers;
  /** Called when something has come into sight that may be of another step. */
  came = () => {};
  /** Called when the data plot is to show other marks. */
  marked = () => {};
  #store;
  #network;
  #rulers;
  #shownAt = -Infinity;
  #step = 0;

  /** @param {{page: Page, store: Store<State>, pictures: Pictures, setup: Setup}} parts */
  constructor({ page, store, pictures, setup }) {
    const sight = new Sight();
    const pointing = new Pointing(page.bench);
    const equations = new EquationsPanel(store, pointing);
    page.equationsNow.append(equations.element);
    const network = new NetworkPanel(store, pointing, page.saveNetwork);
    page.network.append(network.element);
    const check = new CheckPanel(store);
    page.check.append(check.element);
    for (const panel of [equations, network, check]) sight.watch(panel.element);
    this.#store = store;
    this.#network = network;
    this.#rulers = new Rulers(store, pictures, setup, sight);
    const isSeen = () => sight.has(network.element);
    const wanted = (/** @type {number} */ step) => (sight.has(equations.element) || isSeen() || showsBatch(store.state, step) ? store.state.insight.looks : null);
    this.followers = [this.#rulers.follower(), anatomyFollower(store, pictures, wanted), unitsFollower(store, pictures, isSeen), checkFollower(store, pictures, () => sight.has(check.element))];
    sight.came = () => {
      network.appear();
      this.came();
    };
    store.subscribe(["insight"], () => this.#rulers.show(this.#step));
    let { looks } = store.state.insight;
    store.subscribe(["insight"], ({ insight }) => {
      if (insight.looks !== looks) this.came();
      looks = insight.looks;
    });
    let marks = "";
    store.subscribe(["insight"], (state) => {
      const { chosen, lens, units } = state.insight;
      const now = JSON.stringify([chosen, lens, lens && units?.asked.step, batchAt(state, this.#step)]);
      if (now !== marks) this.marked();
      marks = now;
    });
    let problem = "";
    store.subscribe(["recipe"], ({ recipe }) => {
      const now = JSON.stringify(recipe?.problem);
      if (now !== problem) learn(store, { chosen: null, lens: null });
      problem = now;
    });
  }

  /** @returns {import("../share/images.js").Picture} the network drawn, as a file */
  get networkPicture() {
    return this.#network.picture;
  }

  /** @param {number} column of the table that was clicked */
  pick(column) {
    const { data } = this.#store.state;
    const chosen = data ? trainingColumns(data).indexOf(column) : -1;
    if (chosen >= 0) learn(this.#store, { chosen });
  }

  /** @param {number} step the drawn one */
  show(step) {
    const now = performance.now();
    this.#step = step;
    if (this.#store.state.mode === "playing" && now - this.#shownAt < SHOW_MS) return;
    this.#shownAt = now;
    this.#rulers.show(step);
  }
}
