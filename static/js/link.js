// @ts-check
/** The address of what one sees: `#1.` and, after it, recipe, step and view as JSON, deflated, in base64url. */

/**
 * @import { Recipe } from "./wire.js"
 * @import { View } from "./state.js"
 */

/**
 * @typedef {object} Link
 * @property {Recipe} recipe
 * @property {number} step
 * @property {Partial<View>} view
 * @property {string} version of the server that computed it
 */

const PREFIX = "#1.";

/**
 * @param {Link} link
 * @returns {Promise<string>} the fragment
 */
export async function encodeLink(link) {
  const packed = new Blob([JSON.stringify(link)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const base64 = btoa(String.fromCharCode(...bytes));
  return PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} fragment
 * @returns {Promise<Link | null>} null where it is no link of ours, or a broken one
 */
export async function decodeLink(fragment) {
  if (!fragment.startsWith(PREFIX)) return null;
  try {
    const base64 = fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return await new Response(unpacked).json();
  } catch {
    return null;
  }
}

const QUIET_MS = 300; // browsers refuse addresses that change too often
let timer = 0;

/**
 * Keeps the address of the page that of what one sees, once it has come to rest.
 * @param {() => Link} link
 */
export function keepLink(link) {
  clearTimeout(timer);
  timer = setTimeout(async () => history.replaceState(null, "", await encodeLink(link())), QUIET_MS);
}
