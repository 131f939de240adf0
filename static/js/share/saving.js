// @ts-check
/** The quiet button of each plot that saves it as a file. */

/**
 * @import { Page } from "../dom.js"
 * @import { Graph } from "../plots/plotly.js"
 * @import { Format, Picture } from "./images.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { entryOf } from "../choice.js";
import { element } from "../dom.js";
import { text } from "../texts.js";
import { download, plotImage } from "./images.js";

/** @typedef {Record<string, () => Picture>} Pictures by the part of the page where its button stands, `data-saves` */

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {() => number} step the drawn one
 * @param {Pictures} others that are not drawn all the time
 */
export function connectSaving(page, store, step, others) {
  const pictures = { ...plotsOf(page), ...others };
  const menu = element("div", { className: "save-menu", popover: "auto" });
  let chosen = "stage";
  const save = async (/** @type {Format} */ format) => {
    menu.hidePopover();
    const picture = pictures[chosen]();
    download(await picture.make(titleOf(store.state, picture, step()), format), `${fileName(store.state, picture, step())}.${format}`);
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
 * @returns {Pictures} those that are there from the first
 */
function plotsOf(page) {
  const plot = (/** @type {string} */ name, /** @type {HTMLElement[]} */ ...boxes) => ({
    name,
    words: text(`saving.${name}`),
    make: (/** @type {string} */ title, /** @type {Format} */ format) => plotImage(/** @type {Graph[]} */ (boxes), title, format),
  });
  return {
    stage() {
      if (!page.line.hidden) return plot("line", page.line);
      return page.map.hidden ? plot("surface", page.surface) : plot("map", page.mapBase, page.mapAbove);
    },
    loss: () => plot("loss", page.loss),
    fit: () => plot("fit", page.fit),
  };
}

/**
 * @param {Readonly<State>} state
 * @param {Picture} picture
 * @param {number} step
 * @returns {string}
 */
function titleOf({ recipe, catalogue }, { words: plot, isOfNoStep }, step) {
  const model = (recipe && entryOf(catalogue, recipe.problem)?.title) ?? "";
  return text(isOfNoStep ? "saving.title_of_no_step" : "saving.title", { plot, model, step });
}

/**
 * @param {Readonly<State>} state
 * @param {Picture} picture
 * @param {number} step
 * @returns {string} `descent-univariate-regression-map-step-66`
 */
function fileName({ recipe }, { name, isOfNoStep }, step) {
  const model = String(recipe?.problem.name ?? recipe?.problem.kind ?? "run").replaceAll(/[^\w]|_/g, "-");
  return `descent-${model}-${name}${isOfNoStep ? "" : `-step-${step}`}`;
}
