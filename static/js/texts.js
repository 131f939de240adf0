// @ts-check
/** Texts for people, by key. They come as one file a language beside the modules; none stands in a module. */

/** @type {Record<string, string>} */
let texts = {};

/** @param {string} language */
export async function loadTexts(language) {
  const response = await fetch(new URL(`../texts/${language}/page.json`, import.meta.url));
  texts = await response.json();
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] for its {placeholders}
 * @returns {string}
 */
export function text(key, values = {}) {
  const template = texts[key];
  if (template === undefined) throw new Error(`there is no text ${key}`);
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
