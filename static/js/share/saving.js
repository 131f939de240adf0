// @ts-check
/** The quiet button of each plot that saves it as a file. */

/**
 * @import { Page } from "../dom.js"
 * @import { Graph } from "../plots/plotly.js"
 * @import { Format } from "./images.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { entryOf } from "../choice.js";
import { element } from "../dom.js";
import { text } from "../texts.js";
import { download, plotImage } from "./images.js";

/** @typedef {"map" | "surface" | "loss" | "fit"} Plot */

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {() => number} step the drawn one
 */
export function connectSaving(page, store, step) {
  const menu = element("div", { className: "save-menu", popover: "auto" });
  let chosen = "stage";
  const save = async (/** @type {Format} */ format) => {
    menu.hidePopover();
    const plot = plotOf(page, chosen);
    const title = titleOf(store.state, plot, step());
    download(await plotImage(graphsOf(page, plot), title, format), fileName(store.state, plot, step(), format));
  };
  for (const format of /** @type {const} */ (["png", "svg"])) {
    const button = element("button", { type: "button" }, format.toUpperCase());
    button.addEventListener("click", () => void save(format));
    menu.append(button);
  }
  document.body.append(menu);
  for (const opener of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-saves]"))) {
    opener.popoverTargetElement = menu;
    opener.addEventListener("click", () => {
      chosen = opener.dataset.saves ?? chosen;
      place(menu, opener);
    });
  }
}

/**
 * Beneath the button, flush with its right side.
 * @param {HTMLElement} menu
 * @param {HTMLElement} opener
 */
function place(menu, opener) {
  const { bottom, right } = opener.getBoundingClientRect();
  menu.style.top = `${bottom + 4}px`;
  menu.style.right = `${document.documentElement.clientWidth - right}px`;
}

/**
 * @param {Page} page
 * @param {string} section
 * @returns {Plot}
 */
const plotOf = (page, section) => (section === "stage" ? (page.map.hidden ? "surface" : "map") : /** @type {Plot} */ (section));

/**
 * @param {Page} page
 * @param {Plot} plot
 * @returns {Graph[]}
 */
function graphsOf(page, plot) {
  const boxes = plot === "map" ? [page.mapBase, page.mapAbove] : [page[plot]];
  return /** @type {Graph[]} */ (/** @type {unknown} */ (boxes));
}

/**
 * @param {Readonly<State>} state
 * @param {Plot} plot
 * @param {number} step
 * @returns {string}
 */
function titleOf({ recipe, catalogue }, plot, step) {
  return text("saving.title", { plot: text(`saving.${plot}`), model: (recipe && entryOf(catalogue, recipe.problem)?.title) ?? "", step });
}

/**
 * @param {Readonly<State>} state
 * @param {Plot} plot
 * @param {number} step
 * @param {Format} format
 * @returns {string} `descent-univariate-regression-map-step-66.png`
 */
function fileName({ recipe }, plot, step, format) {
  const model = String(recipe?.problem.name ?? recipe?.problem.kind ?? "run").replaceAll(/[^\w]|_/g, "-");
  return `descent-${model}-${plot}-step-${step}.${format}`;
}
