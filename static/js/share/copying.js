// @ts-check
/** A text that can be copied: what it is for, the text itself, and a button. */

import { element } from "../dom.js";
import { text } from "../texts.js";

const SAID_MS = 2_000;
let rows = 0;

/**
 * @param {string} title
 * @param {string} [note] what to know before it is passed on
 * @returns {{element: HTMLElement, show: (words: string, note?: string) => void}}
 */
export function copyRow(title, note = "") {
  const field = element("input", { type: "text", readOnly: true, id: `copied-${(rows += 1)}`, spellcheck: false });
  const button = element("button", { type: "button" }, text("share.copy"));
  const remark = element("p", { className: "summary" }, note);
  button.ariaLabel = `${text("share.copy")}: ${title}`;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    const isDone = await copied(field);
    button.textContent = text(isDone ? "share.copied" : "share.select");
    setTimeout(() => (button.textContent = text("share.copy")), SAID_MS);
  });
  return {
    element: element("div", { className: "copy" }, element("label", { htmlFor: field.id }, title), field, button, remark),
    show: (words, said = note) => {
      field.value = words;
      remark.textContent = said;
    },
  };
}

/**
 * The clipboard is offered to pages from https and this machine alone; in a class over plain http the older way serves.
 * @param {HTMLInputElement} field
 * @returns {Promise<boolean>}
 */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
