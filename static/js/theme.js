// @ts-check
/** Light or dark: the system's choice until the reader makes one. Colours stand in the style sheet; here they are read. */

import { keep, kept } from "./kept.js";

const KEY = "descent.theme";

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

/** @returns {Palette} */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return { ink: colour("ink"), soft: colour("soft"), rule: colour("rule"), paper: colour("paper"), data: colour("data"), test: colour("test"), forward: colour("forward"), backward: colour("backward"), alert: colour("alert") };
}

/** @returns {"light" | "dark"} */
export function scheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The reader's choice of an earlier visit. */
export function restoreTheme() {
  const chosen = kept(KEY);
  if (chosen) document.documentElement.dataset.theme = chosen;
}

/** The other one of the two, kept for the next visit. */
export function toggleTheme() {
  const other = scheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = other;
  keep(KEY, other);
}

/** @param {() => void} listener called when colours have changed, by button or by system */
export function onThemeChange(listener) {
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}
