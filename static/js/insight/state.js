// @ts-check
/** What the page knows of the inside of a step: answers, each with what it was asked for. */

/**
 * @import { Anatomy, Diagnosis, GradientCheck, Units } from "./wire.js"
 * @import { RunRecipe } from "../wire.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { inForce } from "../state.js";

/** @typedef {{session: string, lineage: number, settings: string, step: number}} Asked what an answer depends on */

/**
 * @template T
 * @typedef {{asked: Asked, value: T}} Answer
 */

/**
 * @typedef {object} Insight
 * @property {Record<string, Answer<Diagnosis>>} diagnoses by run
 * @property {Answer<Anatomy> | null} anatomy
 * @property {Answer<Units> | null} units
 * @property {Answer<GradientCheck> | null} check
 * @property {Looks} looks
 * @property {number | null} chosen the training example that is followed through the network
 * @property {{layer: number, unit: number} | null} lens the unit that is pointed at, layers from 1
 */

/**
 * @typedef {object} Looks how one looks into it
 * @property {string | null} run null: the first
 * @property {"folded" | "apart" | null} notation null: that of the model's own text
 * @property {"equations" | "psi"} kind
 * @property {string | null} entry of the gradient whose examples are told apart
 * @property {"weights" | "gradients"} lines of the network drawn
 */

/** @type {Looks} */
const FIRST_LOOKS = { run: null, notation: null, kind: "equations", entry: null, lines: "weights" };

/** @returns {Insight} */
export const noInsight = () => ({ diagnoses: {}, anatomy: null, units: null, check: null, looks: FIRST_LOOKS, chosen: null, lens: null });

/**
 * @param {Store<State>} store
 * @param {Partial<Looks>} change
 */
export function look(store, change) {
  learn(store, { looks: { ...store.state.insight.looks, ...change } });
}

/**
 * @param {Store<State>} store
 * @param {Partial<Insight>} change
 */
export function learn(store, change) {
  store.set({ insight: { ...store.state.insight, ...change } });
}

/**
 * @param {Readonly<State>} state
 * @param {string} run
 * @param {number} step
 * @returns {RunRecipe | undefined} what is in force for it
 */
export function settingsOf({ recipe }, run, step) {
  const found = recipe?.runs.find(({ name }) => name === run);
  return found && inForce(found, step);
}

/**
 * @param {Readonly<State>} state
 * @param {RunRecipe} settings
 * @param {number} step
 * @returns {Asked | null} null where there is no session yet
 */
export function asked({ session }, { events: _, ...settings }, step) {
  return session && { session: session.id, lineage: session.lineage, settings: JSON.stringify(settings), step };
}

/**
 * @param {Answer<unknown>} answer
 * @param {Readonly<State>} state
 * @returns {boolean} whether it is of the data and the path that are there now, at whatever step
 */
export function isOfNow({ asked: { session, lineage } }, state) {
  return session === state.session?.id && lineage === state.session.lineage;
}

/**
 * @param {Asked | null} one
 * @param {Asked | undefined} other
 * @param {{anyStep?: boolean}} [besides]
 * @returns {boolean}
 */
export function isSame(one, other, { anyStep = false } = {}) {
  if (!one || !other) return false;
  const sameRun = one.session === other.session && one.lineage === other.lineage && one.settings === other.settings;
  return sameRun && (anyStep || one.step === other.step);
}
