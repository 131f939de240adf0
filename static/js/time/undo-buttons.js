// @ts-check
/** The two buttons that undo and redo: their tooltips say what. */

/**
 * @import { Actions } from "../actions.js"
 * @import { Page } from "../dom.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { text } from "../texts.js";

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Actions} actions
 */
export function connectUndo(page, store, actions) {
  page.undo.addEventListener("click", () => void actions.undo());
  page.redo.addEventListener("click", () => void actions.redo());
  store.subscribe(["ways"], ({ ways }) => {
    show(page.undo, "undo", ways.undo);
    show(page.redo, "redo", ways.redo);
  });
}

/**
 * It stays in the row of tabs where there is nothing to do: focus is not lost by the last undo.
 * @param {HTMLButtonElement} button
 * @param {"undo" | "redo"} what
 * @param {string | null} change
 */
function show(button, what, change) {
  const words = change === null ? text(`time.nothing_to_${what}`) : text(`time.${what}`, { change });
  button.ariaLabel = words;
  button.title = `${words} (${text(`time.${what}_keys`)})`;
  button.ariaDisabled = String(change === null);
}
