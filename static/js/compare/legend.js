// @ts-check
/** The runs in a legend: each entry is a button that shows its run alone, and all of them again. */

/** @import { State } from "../state.js" */
import { element } from "../dom.js";
import { styleOf } from "../runs.js";
import { text } from "../texts.js";
import { isShown } from "./comparison.js";
import { lineSign } from "./sign.js";

/** @type {WeakMap<HTMLElement, string>} */
const filled = new WeakMap();

/**
 * Fills a legend only where it says something else: a button that is pressed or focused must not be another one.
 * @param {HTMLElement} box
 * @param {string} key what the items depend on
 * @param {() => (Node | string)[]} items
 */
export function fill(box, key, items) {
  if (filled.get(box) === key) return;
  filled.set(box, key);
  const focused = box.contains(document.activeElement) && document.activeElement instanceof HTMLElement ? document.activeElement.dataset.run : undefined;
  box.replaceChildren(...items());
  if (focused !== undefined) for (const item of box.querySelectorAll("button")) if (item.dataset.run === focused) item.focus();
}

/**
 * @param {Readonly<State>} state
 * @returns {string} what `runItems` depends on
 */
export const runsKey = ({ runs, compare }) => JSON.stringify([runs.map(({ name }) => [name, compare.styles[name], isShown(compare, name)]), compare.alone]);

/**
 * @param {Readonly<State>} state
 * @returns {HTMLElement[]} none where there is one run only
 */
export function runItems({ runs, compare }) {
  if (runs.length < 2) return [];
  return runs.map(({ name }) => {
    const isAlone = compare.alone === name;
    const title = text(isAlone ? "compare.show_all" : "compare.isolate", { run: name });
    const button = element("button", { type: "button", className: "of-run", title, ariaPressed: String(isAlone) }, lineSign(styleOf(compare.styles[name])), name);
    button.dataset.run = name;
    button.classList.toggle("off", !isShown(compare, name));
    return button;
  });
}
