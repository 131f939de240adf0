// @ts-check
/** Choosing the plane of the map, where there are more than two parameters. */

/**
 * @import { Actions } from "../actions.js"
 * @import { Page } from "../dom.js"
 * @import { State, View } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element } from "../dom.js";
import { addresses } from "../parameters.js";
import { text } from "../texts.js";
import { CENTERS, KINDS, NORMALIZATIONS } from "./query.js";

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Actions} actions
 */
export function connectPlanes(page, store, actions) {
  const { axes, planeKind, planeParameters, planeRandom, axisX, axisY, normalize, another, center, arrows, recut } = page;
  offer(planeKind, KINDS, "planes.");
  offer(normalize, NORMALIZATIONS, "planes.normalize_");
  offer(center, CENTERS, "planes.center_");
  store.subscribe(["parameters"], ({ parameters }) => {
    const names = addresses(parameters);
    axes.hidden = names.length <= 2;
    for (const select of [axisX, axisY]) select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  });
  store.subscribe(["surface", "parameters", "view"], ({ surface, view }) => {
    planeKind.value = view.plane;
    planeParameters.hidden = view.plane !== "parameters";
    planeRandom.hidden = view.plane !== "random";
    normalize.value = view.normalize;
    center.value = view.center;
    center.hidden = view.plane === "points";
    center.options[CENTERS.indexOf("optimum")].hidden = !surface?.value.optimum;
    arrows.ariaPressed = String(view.arrows);
    if (view.plane !== "parameters") return;
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
    void actions.choosePlane({ x: axisX.value, y: axisY.value });
  };
  axisX.addEventListener("change", () => choose(axisX, axisY));
  axisY.addEventListener("change", () => choose(axisY, axisX));
  planeKind.addEventListener("change", () => void actions.choosePlane({ plane: /** @type {View["plane"]} */ (planeKind.value) }));
  normalize.addEventListener("change", () => void actions.choosePlane({ normalize: /** @type {View["normalize"]} */ (normalize.value) }));
  center.addEventListener("change", () => void actions.choosePlane({ center: /** @type {View["center"]} */ (center.value) }));
  another.addEventListener("click", () => void actions.choosePlane({ seed: store.state.view.seed + 1 }));
  arrows.addEventListener("click", () => actions.lookAt({ arrows: !store.state.view.arrows }));
  recut.addEventListener("click", () => void actions.turnPlane());
}

/**
 * @param {HTMLSelectElement} select
 * @param {readonly string[]} values
 * @param {string} key before each of them
 */
const offer = (select, values, key) => select.replaceChildren(...values.map((value) => element("option", { value }, text(key + value))));
