// @ts-check
/** Data in hand on the page: points in the plot, their numbers below it, and the button for both. */

/**
 * @import { Page } from "../dom.js"
 * @import { FitPlot } from "../plots/fit.js"
 * @import { Parts } from "./table.js"
 */
import { Hand } from "./hand.js";
import { PointPanel } from "./panel.js";
import { TableInHand } from "./table.js";

/**
 * @param {Page} page
 * @param {FitPlot} fit
 * @param {Parts} parts
 */
export function connectEditing(page, fit, parts) {
  const held = new TableInHand(parts);
  const hand = new Hand(page.fit, fit, held);
  const panel = new PointPanel(page.points, held);
  const open = (/** @type {boolean} */ isOpen) => {
    hand.isOpen = isOpen;
    page.points.hidden = !isOpen;
    page.fit.classList.toggle("editing", isOpen);
    page.editData.ariaExpanded = String(isOpen);
  };
  fit.drawn = () => hand.show();
  held.changed = () => {
    page.editData.hidden = held.table === null;
    if (!held.table) open(false);
    hand.show();
    panel.show();
  };
  page.editData.addEventListener("click", () => {
    open(page.editData.ariaExpanded !== "true");
    held.select(page.points.hidden ? null : (held.selected ?? 0));
  });
  open(false);
  held.changed();
}
