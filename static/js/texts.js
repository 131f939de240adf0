// @ts-check
/** Texts for people, by key. They come with the page, in its language; none stands in a module. */

import { byId } from "./dom.js";

/** @type {Record<string, string> | undefined} */
let texts;

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] for its {placeholders}
 * @returns {string}
 */
export function text(key, values = {}) {
  texts ??= /** @type {Record<string, string>} */ (JSON.parse(byId("texts").textContent ?? ""));
  const template = texts[key];
  if (template === undefined) throw new Error(`there is no text ${key}`);
  return template.replace(/\{(\w+)\}/g, (whole, name) => forReading(values[name] ?? whole));
}

/**
 * @param {string | number} value a number is written as the language does, anything else is left as it is
 * @returns {string}
 */
export function forReading(value) {
  return typeof value === "number" ? String(value).replace(".", text("language.decimal_mark")) : value;
}
