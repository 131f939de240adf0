// @ts-check
/** Whether a run opened by a link is the run it was made from: compared by the digests of their parameters. */

/**
 * @import { Link } from "../link.js"
 * @import { Digest } from "../wire.js"
 * @import { Notice } from "../notices.js"
 */
import { formatNumber } from "../format.js";
import { text } from "../texts.js";

const TOLERANCE = 1e-9;

/** @typedef {"identical" | "near" | "different" | "unknown"} Agreement */

/**
 * @param {Digest | null | undefined} there in the link
 * @param {Digest | null} here
 * @returns {Agreement}
 */
export function agreement(there, here) {
  if (!there || !here) return "unknown";
  if (there.exact === here.exact) return "identical";
  const [first, second] = [there.near.flat(), here.near.flat()];
  const isNear = first.length === second.length && first.every((value, i) => Math.abs(value - second[i]) <= TOLERANCE * Math.max(1, Math.abs(value)));
  return isNear ? "near" : "different";
}

/**
 * @param {Link} link
 * @param {{step: number, digest: Digest | null, version: string}} here where it came to, and the version of this server
 * @returns {Notice}
 */
export function openedNotice(link, here) {
  if (here.step < link.step) return { alert: true, words: text("opened.short", { step: here.step, asked: link.step }) };
  const found = agreement(link.digest, here.digest);
  const versions = link.version === here.version ? "" : ` ${text("opened.versions", { there: link.version || "?", here: here.version })}`;
  const losses = { there: formatNumber(link.digest?.near[0]?.[0]), here: formatNumber(here.digest?.near[0]?.[0]) };
  return { alert: found === "different", words: text(`opened.${found}`, { step: link.step, ...losses }) + versions };
}
