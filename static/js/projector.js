// @ts-check
/**
 * Projector mode: large type, thick lines, and what a room does not need all the time is tucked away until it is asked for.
 * What that means stands in projector.css; here it is switched on and off, as part of the view and so of the link.
 */

/**
 * @import { State, View } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { hiddenParts } from "./share/parts.js";

/**
 * @param {{projector: HTMLButtonElement, controls?: HTMLButtonElement}} buttons the second brings back what is tucked away
 * @param {Store<State>} store
 */
export function connectProjector({ projector, controls }, store) {
  let isOpen = false;
  const apply = (/** @type {View} */ view) => {
    const isOn = view.projector;
    const isReached = controls !== undefined && !hiddenParts(view).includes("header");
    const { classList, dataset } = document.documentElement;
    if (isOn) dataset.look = "projector";
    else delete dataset.look;
    classList.toggle("tucked", isOn && isReached && !isOpen);
    projector.ariaPressed = String(isOn);
    if (controls) [controls.hidden, controls.ariaExpanded] = [!isOn, String(isOpen)];
  };
  projector.addEventListener("click", () => store.set({ view: { ...store.state.view, projector: !store.state.view.projector } }));
  controls?.addEventListener("click", () => {
    isOpen = !isOpen;
    apply(store.state.view);
  });
  store.subscribe(["view"], ({ view }) => apply(view));
}
