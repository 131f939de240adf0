// @ts-check
/** The address of what one sees: `#1.` and, after it, recipe, step, view and digest as JSON, deflated, in base64url. */

/**
 * @import { Digest, Recipe } from "./wire.js"
 * @import { View } from "./state.js"
 */

/**
 * @typedef {object} Link
 * @property {Recipe} recipe
 * @property {number} step
 * @property {Partial<View>} view
 * @property {string} version of the server that computed it
 * @property {Digest | null} [digest] of the parameters at that step; null where they were not known
 */

/** @typedef {{link: Link | null, problem: "damaged" | "long" | "format" | null}} Decoded no link and no problem: an address without one */

const PREFIX = "#1.";
const ANY_FORMAT = /^#\d+\./;
const MOST_CHARACTERS = 1_900_000; // browsers take two million
const MOST_BYTES = 8 * 2 ** 20; // unpacked: eight times what the server takes of a recipe
const LONGEST_VERSION = 40;

/**
 * @param {string} fragment
 * @returns {boolean} whether it is a link, of whatever format, and not a place on the page
 */
export const isLink = (fragment) => ANY_FORMAT.test(fragment);

/**
 * @param {Link} link
 * @returns {Promise<string>} the fragment
 */
export async function encodeLink(link) {
  const packed = new Blob([JSON.stringify(link)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} fragment
 * @returns {Promise<Decoded>}
 */
export async function decodeLink(fragment) {
  if (!isLink(fragment)) return { link: null, problem: null };
  if (!fragment.startsWith(PREFIX)) return { link: null, problem: "format" };
  if (fragment.length > MOST_CHARACTERS) return { link: null, problem: "long" };
  try {
    const base64 = fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const json = await unpacked(bytes);
    if (json === null) return { link: null, problem: "long" };
    const link = checked(JSON.parse(json));
    return { link, problem: link ? null : "damaged" };
  } catch {
    return { link: null, problem: "damaged" };
  }
}

/**
 * A few bytes can be deflated gigabytes: it stops where it is more than a link can be.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string | null>}
 */
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const parts = [];
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts).arrayBuffer());
    parts.push(value);
    length += value.length;
    if (length > MOST_BYTES) return reader.cancel().then(() => null);
  }
}

/**
 * What has the shape of a link; what the recipe says is the server's to judge, and the view is read with care.
 * @param {any} given
 * @returns {Link | null}
 */
function checked(given) {
  const isObject = (/** @type {unknown} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(given) || !isObject(given.recipe)) return null;
  const { recipe, step = 0, view = {}, version = "", digest = null } = given;
  if (!Number.isSafeInteger(step) || step < 0 || !isObject(view)) return null;
  return { recipe, step, view, version: String(version).slice(0, LONGEST_VERSION), digest: isDigest(digest) ? digest : null };
}

/**
 * @param {any} digest
 * @returns {digest is Digest}
 */
function isDigest(digest) {
  const isPair = (/** @type {unknown} */ pair) => Array.isArray(pair) && pair.length === 2 && pair.every((value) => typeof value === "number");
  return typeof digest?.exact === "string" && Array.isArray(digest.near) && digest.near.every(isPair);
}

const QUIET_MS = 300; // browsers refuse addresses that change too often
let timer = 0;

/**
 * Keeps the address of the page that of what one sees, once it has come to rest; what is too long for one stays out of it.
 * @param {() => Link} link
 */
export function keepLink(link) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const fragment = await encodeLink(link());
    if (fragment.length <= MOST_CHARACTERS) history.replaceState(null, "", fragment);
  }, QUIET_MS);
}
