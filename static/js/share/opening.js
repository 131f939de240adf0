// @ts-check
/** The way to the step of a link: how far it is, with a button to be content with less, where it takes a while. */

/**
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, say } from "../dom.js";
import { text } from "../texts.js";

export const MOST_STEPS = 1_000_000; // a link that asks for more is followed so far

/**
 * @param {HTMLElement} box
 * @param {Store<State>} store
 * @param {number} goal
 * @returns {() => boolean} whether to go on
 */
export function showOpening(box, store, goal) {
  const words = element("span");
  const stop = element("button", { type: "button" }, text("opening.stop"));
  let goesOn = true;
  stop.addEventListener("click", () => (goesOn = false));
  box.replaceChildren(element("span", { className: "progress" }, words, stop));
  store.subscribe(["runs"], ({ runs }) => say(words, text("opening.progress", { step: Math.max(0, ...runs.map(({ step }) => step)), goal })));
  return () => goesOn;
}
