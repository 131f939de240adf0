// @ts-check
/** What the loss is drawn against: steps, or what the steps cost, so that methods can be compared at an equal budget. */

/**
 * @import { Actions } from "../actions.js"
 * @import { LossTitles } from "../plots/loss.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element } from "../dom.js";
import { LOSS_AXES } from "../state.js";
import { text } from "../texts.js";

/** @returns {LossTitles} */
export const lossTitles = () => ({ step: text("loss.axis_step"), cost: text("compare.axis_cost"), samples: text("compare.axis_samples"), loss: text("loss.axis_loss") });

/**
 * @param {HTMLSelectElement} select
 * @param {Store<State>} store
 * @param {Actions} actions
 */
export function connectLossAxis(select, store, actions) {
  select.replaceChildren(...LOSS_AXES.map((value) => element("option", { value, title: text(`compare.against_${value}_words`) }, text(`compare.against_${value}`))));
  select.addEventListener("change", () => actions.lookAt({ lossAxis: LOSS_AXES.find((value) => value === select.value) ?? "step" }));
  store.subscribe(["view"], ({ view }) => {
    select.value = view.lossAxis;
    select.title = text(`compare.against_${view.lossAxis}_words`);
  });
  store.subscribe(["recipe"], ({ recipe, view }) => {
    const hasExamples = recipe !== null && recipe.problem.dataset !== undefined;
    for (const option of select.options) option.hidden = option.value === "samples" && !hasExamples;
    if (recipe && !hasExamples && view.lossAxis === "samples") actions.lookAt({ lossAxis: "step" });
  });
}
