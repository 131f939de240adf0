// @ts-check
/** What the page knows of studies: the last one of each kind. */

/**
 * @import { Study, StudyKind } from "./wire.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */

/** @typedef {"minimum" | "steps" | "loss"} Colour */

/**
 * @typedef {object} Studies
 * @property {StudyKind} kind that is looked at
 * @property {Colour | null} colour what the map of basins shows; null: minima where some were reached
 * @property {string | null} run that is studied; null: the first
 * @property {Partial<Record<StudyKind, Study>>} found
 * @property {string | null} trouble why one could not begin, in words
 */

/** @returns {Studies} */
export const noStudies = () => ({ kind: "basins", colour: null, run: null, found: {}, trouble: null });

/**
 * @param {Store<State>} store
 * @param {Partial<Studies>} change
 */
export function note(store, change) {
  store.set({ studies: { ...store.state.studies, ...change } });
}

/**
 * @param {Study | undefined} study
 * @returns {boolean}
 */
export const isUnfinished = (study) => study?.status === "waiting" || study?.status === "running";

/**
 * @param {Readonly<State>} state
 * @returns {string} the run that is studied
 */
export function studiedRun({ studies, runs }) {
  return runs.some(({ name }) => name === studies.run) ? /** @type {string} */ (studies.run) : (runs[0]?.name ?? "");
}
