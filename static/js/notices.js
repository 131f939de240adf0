// @ts-check
/** What is to be said about the picture, on the picture, with the button that mends it. */

import { element } from "./dom.js";

/**
 * @typedef {object} Notice
 * @property {string} [title]
 * @property {string} words
 * @property {boolean} [alert]
 * @property {{label: string, act: () => void}} [button]
 */

export class Notices {
  #box;
  /** @type {Map<string, {element: HTMLElement, content: string}>} */ #shown = new Map();

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
  }

  /**
   * @param {string} about one notice stands about one thing
   * @param {Notice | null} notice null takes it away
   */
  set(about, notice) {
    const before = this.#shown.get(about);
    const content = notice ? `${notice.title}|${notice.words}|${notice.button?.label}` : "";
    if (before?.content === content || (!before && !notice)) return;
    before?.element.remove();
    this.#shown.delete(about);
    if (!notice) return;
    const made = noticeElement(notice);
    this.#shown.set(about, { element: made, content });
    this.#box.append(made);
  }
}

/**
 * @param {Notice} notice
 * @returns {HTMLElement}
 */
function noticeElement({ title, words, alert, button }) {
  const made = element("div", { className: alert ? "notice alert" : "notice" });
  made.append(element("p", {}, ...(title ? [element("strong", {}, title), ". "] : []), words));
  if (button) {
    const control = element("button", { type: "button" }, button.label);
    control.addEventListener("click", button.act);
    made.append(control);
  }
  return made;
}
