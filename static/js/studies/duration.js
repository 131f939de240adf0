// @ts-check
/** Times from microseconds to ages, in words. */

import { formatNumber } from "../format.js";
import { text } from "../texts.js";

/** @type {[string, number][]} the largest first */
const UNITS = [
  ["years", 31_557_600],
  ["days", 86_400],
  ["hours", 3_600],
  ["minutes", 60],
  ["seconds", 1],
  ["milliseconds", 1e-3],
  ["microseconds", 1e-6],
];

/**
 * @param {number} seconds
 * @returns {string} with two or three digits, as no more of it is true
 */
export function duration(seconds) {
  const [name, size] = UNITS.find(([, size]) => seconds >= 1.5 * size) ?? UNITS[UNITS.length - 1];
  const count = Number((seconds / size).toPrecision(2));
  return text(`studies.${name}`, { count: count >= 1e4 ? count.toLocaleString("en-GB") : formatShort(count) });
}

/**
 * @param {number} count
 * @returns {string}
 */
const formatShort = (count) => (count >= 10 || Number.isInteger(count) ? String(count) : formatNumber(count).replace(/0+$/, "").replace(/\.$/, ""));
