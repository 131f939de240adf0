// @ts-check
/**
 * Light, dark or high contrast: the system's choice until the reader makes one. Colours and the size of plots stand in the
 * style sheets; here they are read.
 */

import { keep, kept } from "./kept.js";

const KEY = "descent.theme";
const CHOICES = ["system", "light", "dark", "contrast"];
const DARK = matchMedia("(prefers-color-scheme: dark)");
const WALL = matchMedia("(min-width: 100rem)"); // where projector mode grows once more, see projector.css
const WISHES = [matchMedia("(prefers-contrast: more)"), matchMedia("(forced-colors: active)")];

/**
 * @typedef {object} Palette the colours of the style sheet that plots need too
 * @property {string} ink
 * @property {string} soft
 * @property {string} rule
 * @property {string} paper
 * @property {string} data
 * @property {string} test
 * @property {string} forward
 * @property {string} backward
 * @property {string} alert
 */

/** What was read of the style sheets, as long as it holds: reading has the browser style the page first. @type {{colours: Palette, scale: number} | null} */
let known = null;

const read = () => {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const colours = { ink: colour("ink"), soft: colour("soft"), rule: colour("rule"), paper: colour("paper"), data: colour("data"), test: colour("test"), forward: colour("forward"), backward: colour("backward"), alert: colour("alert") };
  return { colours, scale: Number(style.getPropertyValue("--plots")) || 1 };
};

/** @returns {Palette} */
export const palette = () => (known ??= read()).colours;

/** @returns {number} how many times as large as on a desk type, lines and marks of plots are */
export const plotScale = () => (known ??= read()).scale;

/** @returns {"light" | "dark"} */
export function scheme() {
  if (chosen === "light" || chosen === "dark") return chosen;
  return DARK.matches ? "dark" : "light";
}

/** One of CHOICES, as the reader made it, on an earlier visit too. */
let chosen = CHOICES.find((each) => each === kept(KEY)) ?? CHOICES[0];

/** Says on the document what the style sheets go by. */
function apply() {
  const { dataset } = document.documentElement;
  const isMore = chosen === "contrast" || WISHES.some(({ matches }) => matches);
  dataset.contrast = isMore ? "more" : "usual";
  if (isMore || chosen !== "system") dataset.theme = scheme();
  else delete dataset.theme; // the style sheet goes by the system's, at once
  known = null;
}

/** @param {HTMLSelectElement} menu in which a choice is made, kept for the next visit */
export function connectTheme(menu) {
  menu.value = chosen;
  menu.addEventListener("change", () => {
    chosen = menu.value;
    keep(KEY, chosen);
    apply();
  });
  followTheme();
}

/** What was chosen, or the system's wish, from now on. */
export function followTheme() {
  for (const wish of [DARK, ...WISHES]) wish.addEventListener("change", apply);
  apply();
}

/** @param {() => void} listener called when colours or sizes have changed, by choice or by system */
export function onThemeChange(listener) {
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast", "data-look"] });
  for (const query of [DARK, WALL]) query.addEventListener("change", listener);
}

onThemeChange(() => (known = null)); // before all others, which then read again
