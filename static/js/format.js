// @ts-check
/** Numbers for people: four significant digits, a true minus, the language's decimal mark, and as wide as before. */

import { text } from "./texts.js";

const LARGE = 1e5;
const SMALL = 1e-3;

/**
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function formatNumber(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const words = size !== 0 && (size >= LARGE || size < SMALL) ? value.toExponential(2).replace("e+", "e") : fixed(value);
  return typeset(words);
}

/**
 * @param {string} words a number as JavaScript writes it
 * @returns {string}
 */
export const typeset = (words) => words.replaceAll("-", "−").replace(".", text("language.decimal_mark"));

/**
 * @param {number} value of ordinary size
 * @returns {string}
 */
function fixed(value) {
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  return value.toFixed(Math.max(0, 4 - whole));
}

/**
 * @param {number} value
 * @param {number} [digits] significant ones
 * @returns {number} as one would type it
 */
export const rounded = (value, digits = 3) => Number(value.toPrecision(digits));
