// @ts-check
/** Parts of the page that a link can hide, and kinds of change that it can lock: for a lesson, or a frame on a slide. */

/** @import { View } from "../state.js" */

import { say } from "../dom.js";
import { text } from "../texts.js";

/** Parts by the `data-part` of their element; the map is always there. */
export const HIDEABLE = /** @type {const} */ (["header", "setup", "transport", "loss", "fit", "depth", "footer"]);
/** Blocks of the setup; a lock holds for the picture too: a locked start is not set by a click. */
export const LOCKABLE = /** @type {const} */ (["model", "data", "start", "runs"]);

const BLOCKS = { model: '[data-where="problem"]', data: '[data-where="problem.dataset"]', start: '[data-where="start"]', runs: "#runs" };
const HIDDEN_IN_A_FRAME = ["header", "setup", "fit", "depth", "footer"];

/** @returns {boolean} whether this page is the one for frames */
export const isEmbedded = () => document.documentElement.dataset.place === "embed";

/**
 * @param {View} view
 * @returns {readonly string[]} what is not shown: what the link says, else what the place makes of it
 */
export const hiddenParts = ({ hide }) => hide ?? (isEmbedded() ? HIDDEN_IN_A_FRAME : []);

/**
 * @param {View} view
 * @param {HTMLElement} box for the words that say what is locked
 */
export function applyParts(view, box) {
  box.hidden = !view.lock.length;
  say(box, view.lock.length ? text("share.locked", { kinds: view.lock.map((kind) => text(`share.kind.${kind}`)).join(", ") }) : "");
  const hidden = hiddenParts(view);
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-part]"))) {
    part.hidden = hidden.includes(part.dataset.part ?? "");
  }
  for (const kind of LOCKABLE) {
    const block = /** @type {HTMLElement | null} */ (document.querySelector(BLOCKS[kind]));
    if (block) block.inert = view.lock.includes(kind);
  }
}
