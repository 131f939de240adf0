// @ts-check
/** Keys of the whole page; in a field, and where a control has a use of its own for a key, they are the control's. */

/** @import { Actions } from "./actions.js" */

const FIELDS = "input, select, textarea, [contenteditable], [role=tab]";

/**
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
function belongsToControl({ key, target }) {
  if (!(target instanceof Element)) return false;
  return target.closest(FIELDS) !== null || (key === " " && target.closest("button, a, summary") !== null);
}

/**
 * @param {Actions} actions
 * @param {HTMLElement} help
 */
export function listenToKeys(actions, help) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => actions.toggle(),
    ArrowRight: () => void actions.forward(),
    ArrowLeft: () => actions.back(),
    r: () => void actions.reset(),
    R: () => void actions.reset(),
    "?": () => help.togglePopover(),
  };
  addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || belongsToControl(event)) return;
    event.preventDefault();
    act();
  });
}
