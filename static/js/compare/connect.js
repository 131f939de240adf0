// @ts-check
/** Legends that isolate a run, and what is drawn when other runs are shown. */

/**
 * @import { Actions } from "../actions.js"
 * @import { Notices } from "../notices.js"
 * @import { Page } from "../dom.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { text } from "../texts.js";

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Actions} actions
 * @param {Notices} notices
 * @param {() => void} show draws the runs that are shown now
 */
export function connectComparison(page, store, actions, notices, show) {
  page.bench.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button[data-run]") : null;
    if (button instanceof HTMLElement) actions.race.isolate(button.dataset.run ?? "");
  });
  store.subscribe(["compare"], ({ compare: { startOf } }) => {
    const button = { label: text("compare.never_mind"), act: () => actions.race.awaitStart(null) };
    notices.set("start of a run", startOf === null ? null : { words: text("compare.click_map", { run: startOf }), button });
    show();
  });
}
