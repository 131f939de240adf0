// @ts-check
/** Which runs are shown, and the colour and dash that a run keeps whatever comes and goes beside it. */

/** @import { RunRecipe } from "../wire.js" */

/**
 * @typedef {object} Comparison
 * @property {Record<string, number>} styles by run, an index of `styleOf`
 * @property {string[]} hidden runs
 * @property {string | null} alone the one run that is shown while its legend entry is chosen
 * @property {string | null} startOf the run with a start of its own that the next click on the map sets
 */

/** @type {Readonly<Comparison>} */
export const ALL_SHOWN = { styles: {}, hidden: [], alone: null, startOf: null };

/**
 * @param {Readonly<Comparison>} comparison
 * @param {string} run
 * @returns {boolean}
 */
export const isShown = ({ hidden, alone }, run) => (alone === null ? !hidden.includes(run) : alone === run);

/**
 * The same for other runs: those known keep what they have, a new one gets the first style that is free.
 * @param {Readonly<Comparison>} comparison
 * @param {RunRecipe[]} before
 * @param {RunRecipe[]} after
 * @returns {Comparison}
 */
export function afterChange({ styles, hidden, alone, startOf }, before, after) {
  const renamed = renaming(before, after);
  const now = (/** @type {string | null} */ name) => (renamed && name === renamed.from ? renamed.to : name);
  const names = after.map(({ name }) => name);
  const known = Object.fromEntries(Object.entries(styles).map(([name, style]) => [now(name), style]));
  const kept = names.filter((name) => name in known);
  const taken = new Set(kept.map((name) => known[name]));
  /** @type {Record<string, number>} */
  const given = Object.fromEntries(kept.map((name) => [name, known[name]]));
  for (const name of names) {
    if (name in given) continue;
    const free = names.findIndex((_, style) => !taken.has(style));
    given[name] = free;
    taken.add(free);
  }
  if (names.length === 1) return { ...ALL_SHOWN, styles: given };
  const still = (/** @type {string | null} */ name) => (name !== null && names.includes(name) ? name : null);
  return { styles: given, hidden: hidden.flatMap((name) => still(now(name)) ?? []), alone: still(now(alone)), startOf: still(now(startOf)) };
}

/**
 * @param {RunRecipe[]} before
 * @param {RunRecipe[]} after
 * @returns {{from: string, to: string} | null} where one run has another name and all else is the same
 */
export function renaming(before, after) {
  if (before.length !== after.length) return null;
  const others = before.flatMap(({ name }, i) => (name === after[i].name ? [] : [i]));
  if (others.length !== 1) return null;
  const [from, to] = [before[others[0]].name, after[others[0]].name];
  return before.some(({ name }) => name === to) ? null : { from, to };
}

/**
 * @template T
 * @param {Map<string, T>} kept by the names before
 * @param {RunRecipe[]} before
 * @param {RunRecipe[]} after
 */
export function renameKey(kept, before, after) {
  const renamed = renaming(before, after);
  const value = renamed && kept.get(renamed.from);
  if (!renamed || !value) return;
  kept.set(renamed.to, value);
  kept.delete(renamed.from);
}
