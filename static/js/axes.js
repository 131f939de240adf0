// @ts-check
/** Which two parameters the map shows, where there are more. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Page } from "./dom.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { element } from "./dom.js";
import { addresses } from "./parameters.js";

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Actions} actions
 */
export function connectAxes({ axes, axisX, axisY }, store, actions) {
  store.subscribe(["parameters"], ({ parameters }) => {
    const names = addresses(parameters);
    axes.hidden = names.length <= 2;
    for (const select of [axisX, axisY]) select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  });
  store.subscribe(["surface", "parameters", "view"], ({ surface, view }) => {
    axisX.value = view.x ?? surface?.value.plane.x_label ?? "";
    axisY.value = view.y ?? surface?.value.plane.y_label ?? "";
  });
  /**
   * @param {HTMLSelectElement} changed
   * @param {HTMLSelectElement} other gives way where both would be the same
   */
  const choose = (changed, other) => {
    const { plane } = store.state.surface?.value ?? {};
    if (changed.value === other.value) other.value = (changed === axisX ? plane?.x_label : plane?.y_label) ?? "";
    void actions.chooseAxes(axisX.value, axisY.value);
  };
  axisX.addEventListener("change", () => choose(axisX, axisY));
  axisY.addEventListener("change", () => choose(axisY, axisX));
}
