// @ts-check
/** What spectators see as whoever plays sees it: the part of a view that stands in their address. */

/** @import { View } from "../state.js" */
import { viewFrom } from "../state.js";

/** @type {(keyof View)[]} */
const SEEN = ["x", "y", "plane", "seed", "normalize", "center", "arrows", "surfaceScale", "lossScale", "lossAxis", "projector"];
const ON = "on";

/**
 * @param {View} view
 * @returns {string} a fragment of what differs from the usual; "" where nothing does
 */
export function seenBy(view) {
  const usual = viewFrom();
  const chosen = SEEN.filter((name) => view[name] !== usual[name] && view[name] !== null);
  const written = chosen.map((name) => [name, view[name] === true ? ON : String(view[name])]);
  return written.length ? `#${new URLSearchParams(written)}` : "";
}

/**
 * @param {string} fragment
 * @returns {View}
 */
export function viewSeen(fragment) {
  const { seed, ...others } = Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, "")));
  const found = Object.entries(others).map(([name, value]) => [name, value === ON ? true : value]);
  return viewFrom({ ...Object.fromEntries(found.filter(([name]) => SEEN.some((seen) => seen === name))), seed: Number(seed ?? 0) });
}
