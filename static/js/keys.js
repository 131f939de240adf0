// @ts-check
/** Keys of the whole page; in a field, and where a control has a use of its own for a key, they are the control's. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Page } from "./dom.js"
 * @import { SlowStep } from "./time/slow-step.js"
 */

const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea, [contenteditable]";
const LETTERS = `${TYPED}, select`; // have a use for any key
const MOVED = "input, [role=tab]"; // with arrows and the space bar

/**
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
function belongsToControl({ key, target }) {
  if (!(target instanceof Element)) return false;
  if (target.closest(LETTERS)) return true;
  if (key.startsWith("Arrow") && target.closest(MOVED)) return true;
  return key === " " && target.closest("input, button, a, summary") !== null;
}

/**
 * @param {Actions} actions
 * @param {Pick<Page, "help" | "projector">} page
 * @param {SlowStep} slow while it is on, the arrow keys are its own
 */
export function listenToKeys(actions, { help, projector }, slow) {
  /** @type {Record<string, (() => void) | undefined>} */
  const keys = {
    " ": () => actions.toggle(),
    ArrowRight: () => void (slow.isOn ? slow.next() : actions.forward()),
    ArrowLeft: () => void (slow.isOn ? slow.previous() : actions.back()),
    get Escape() {
      return slow.isOn ? () => slow.stop() : undefined; // else it closes what the browser has open
    },
    s: () => void (slow.isOn ? slow.stop() : slow.start()),
    r: () => void actions.reset(),
    R: () => void actions.reset(),
    p: () => projector.click(),
    P: () => projector.click(),
    "?": () => help.togglePopover(),
  };
  addEventListener("keydown", (event) => isUndo(event) && undo(event, actions));
  onKeys(keys);
}

/** @param {Record<string, (() => void) | undefined>} keys what each does, but where it belongs to a control */
export function onKeys(keys) {
  addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || belongsToControl(event)) return;
    event.preventDefault();
    act();
  });
}

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} where one types, it is the field's own
 */
function isUndo({ key, ctrlKey, metaKey, altKey, target }) {
  const isTyped = target instanceof Element && target.closest(TYPED) !== null;
  return (ctrlKey || metaKey) && !altKey && !isTyped && ["z", "y"].includes(key.toLowerCase());
}

/**
 * @param {KeyboardEvent} event
 * @param {Actions} actions
 */
function undo(event, actions) {
  event.preventDefault();
  void (event.shiftKey || event.key.toLowerCase() === "y" ? actions.redo() : actions.undo());
}
