// @ts-check
/** Traces and layouts are written for a desk; for a wall whatever they give in pixels grows. */

const MEASURES = new Set(["size", "width", "thickness", "xpad", "standoff", "ticklen", "l", "r", "t", "b"]);
const FEWEST_TICKS = 4; // of an axis: larger numbers are fewer
const UNTOUCHED = new Set(["contours"]); // their size is one of losses

/**
 * @template T
 * @param {T} part of a figure: a trace, a layout, or a list of them
 * @param {number} scale
 * @returns {T} a copy where something grows; arrays of numbers stay the same objects, by which Plotly knows them again
 */
export function enlarged(part, scale) {
  if (scale === 1) return part;
  if (Array.isArray(part)) return isPlain(part[0]) ? /** @type {T} */ (part.map((each) => enlarged(each, scale))) : part;
  if (!isPlain(part)) return part;
  return /** @type {T} */ (Object.fromEntries(Object.entries(part).map(([key, value]) => [key, grown(key, value, scale)])));
}

/**
 * @param {string} key
 * @param {any} value
 * @param {number} scale
 * @returns {unknown}
 */
function grown(key, value, scale) {
  if (UNTOUCHED.has(key)) return value;
  if (key === "scene") return enlarged(value, Math.sqrt(scale)); // its words lie in perspective, and nothing makes room for them
  if (key === "nticks") return Math.max(FEWEST_TICKS, Math.round(value / Math.sqrt(scale)));
  if (key === "dash") return String(value).replaceAll(/([\d.]+)px/g, (_, pixels) => `${pixels * scale}px`);
  if (!MEASURES.has(key)) return enlarged(value, scale);
  return Array.isArray(value) ? value.map((each) => each * scale) : value * scale;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isPlain = (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
