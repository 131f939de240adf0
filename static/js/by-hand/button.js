// @ts-check
/** A number that can be typed over. */

import { element } from "../dom.js";
import { text } from "../texts.js";

/** An event of an element with `data-parameter`: it is to be typed over. */
export const TYPE_OVER = "typeover";

/**
 * @param {string} name address of the parameter
 * @param {number} [tabIndex]
 * @returns {HTMLButtonElement} its text is the number
 */
export function typedButton(name, tabIndex = 0) {
  const button = element("button", { type: "button", className: "typed", tabIndex, title: text("byhand.set", { name }) });
  button.dataset.parameter = name;
  return button;
}
