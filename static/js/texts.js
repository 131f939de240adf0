// @ts-check
/** Texts for people, by key. They come as files beside the modules, one an area; none stands in a module. */

const AREAS = ["page", "insight", "time", "share", "compare", "data", "studies"];

/** @type {Record<string, string>} */
let texts = {};

/** @param {string} language */
export async function loadTexts(language) {
  const read = async (/** @type {string} */ area) => (await fetch(new URL(`../texts/${language}/${area}.json`, import.meta.url))).json();
  texts = Object.assign({}, ...(await Promise.all(AREAS.map(read))));
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
