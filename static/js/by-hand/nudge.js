// @ts-check
/** Numbers as they are typed, and how far an arrow key moves them. */

import { rounded } from "../format.js";

const DIGITS = 12; // of a sum, so that 0.1 + 0.2 is 0.3

/**
 * @param {string} words with a decimal point or comma, and any minus
 * @returns {number} NaN where it is none
 */
export function typedNumber(words) {
  const plain = words.trim().replace("−", "-").replace(",", ".");
  return plain && Number.isFinite(Number(plain)) ? Number(plain) : NaN;
}

/**
 * @param {number} value
 * @returns {number} a tenth of its decade, of numbers below 10 a tenth
 */
export const nudgeOf = (value) => 10 ** (Math.floor(Math.log10(Math.max(Math.abs(value), 1))) - 1);

/**
 * @param {KeyboardEvent} event
 * @returns {number} nudges it stands for; 0: it is another key
 */
export function nudgesOf({ key, shiftKey, altKey }) {
  const direction = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[key] ?? 0;
  return direction * (shiftKey ? 10 : altKey ? 0.1 : 1);
}

/**
 * @param {number} value
 * @param {number} by
 * @returns {number}
 */
export const nudged = (value, by) => rounded(value + by, DIGITS);
