// @ts-check
/** Which class is taken for which, as tables with the share that is right: training and test apart. */

/** @import { Classification } from "./wire.js" */
import { element } from "../dom.js";
import { typeset } from "../format.js";
import { text } from "../texts.js";

export class Confusion {
  element = element("div", { className: "confusions" });
  #shown = "";

  /** @param {Classification | null} classification */
  show(classification) {
    const shown = JSON.stringify(classification);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const parts = classification ? /** @type {const} */ (["train", "test"]) : [];
    this.element.replaceChildren(...parts.flatMap((part) => (classification?.[part] ? [table(classification, part)] : [])));
  }
}

/**
 * @param {Classification} classification
 * @param {"train" | "test"} part
 * @returns {HTMLElement}
 */
function table({ classes, ...parts }, part) {
  const { accuracy, confusion } = /** @type {NonNullable<Classification["test"]>} */ (parts[part]);
  const share = accuracy === null ? "–" : `${typeset((100 * accuracy).toFixed(1))} %`;
  const head = [element("td", {}, text("confusion.corner")), ...classes.map((name) => element("th", { scope: "col" }, name))];
  const rows = confusion.map((counts, i) => {
    const cells = counts.map((count, j) => element("td", { className: i === j ? "right" : count ? "wrong" : "none" }, String(count)));
    return element("tr", {}, element("th", { scope: "row" }, classes[i]), ...cells);
  });
  const caption = element("caption", {}, text(`confusion.${part}`, { share }));
  return element("table", { className: "confusion" }, caption, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}
