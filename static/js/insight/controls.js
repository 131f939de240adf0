// @ts-check
/** Small controls of the insight views. */

import { element, radioGroup } from "../dom.js";

/**
 * One of a few: the page's own look of radio buttons.
 * @template {string} T
 * @param {string} name
 * @param {string} legend
 * @param {Record<T, string>} options words by value
 * @param {(value: T) => void} chosen
 * @returns {{element: HTMLElement, show: (value: T) => void}}
 */
export function choiceGroup(name, legend, options, chosen) {
  const labels = Object.entries(options).map(([value, words]) =>
    element("label", {}, element("input", { type: "radio", name, value }), element("span", {}, String(words))),
  );
  const box = element("fieldset", { className: "choice" }, element("legend", { className: "unseen" }, legend), ...labels);
  return { element: box, show: radioGroup(box, (value) => chosen(/** @type {T} */ (value))) };
}

/**
 * @param {string} title
 * @param {(value: string) => void} chosen
 * @returns {{element: HTMLElement, show: (values: string[], value: string) => void}}
 */
export function selectBox(title, chosen) {
  const select = element("select", { ariaLabel: title });
  const box = element("label", { className: "pick" }, element("span", {}, title), select);
  let known = "";
  select.addEventListener("change", () => chosen(select.value));
  const show = (/** @type {string[]} */ values, /** @type {string} */ value) => {
    if (values.join("\n") !== known) select.replaceChildren(...values.map((each) => element("option", { value: each }, each)));
    known = values.join("\n");
    select.value = value;
  };
  return { element: box, show };
}
