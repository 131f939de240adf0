// @ts-check
/** The examples of the catalogue: recipes that each show one thing. */

/**
 * @import { Actions } from "./actions.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { element } from "./dom.js";

/**
 * @param {HTMLElement} box a popover
 * @param {HTMLElement} list in it
 * @param {Store<State>} store
 * @param {Actions} actions
 */
export function connectExamples(box, list, store, actions) {
  const show = (/** @type {Readonly<State>} */ { catalogue }) => {
    list.replaceChildren(
      ...(catalogue?.presets ?? []).map((preset) => {
        const button = element("button", { type: "button" }, element("strong", {}, preset.title), element("span", {}, preset.summary));
        button.addEventListener("click", () => {
          box.hidePopover();
          void actions.changeProblem(preset);
        });
        return element("li", {}, button);
      }),
    );
  };
  store.subscribe(["catalogue"], show);
  show(store.state);
}
