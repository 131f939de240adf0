// @ts-check
/** What was read at a step, when that step is another one now: it is drawn until the same has been read again. */

/** @import { Dated, State } from "./state.js" */

const OF_NO_STEP = -1;

/**
 * A surface keeps a step through which it can be cut again: that of the next step, which parameters set by hand replace, is
 * said to be of this one, and so is cut again.
 * @param {Readonly<State>} state
 * @param {number} step the last one that is still true
 * @returns {Pick<State, "predictions" | "values" | "surface">}
 */
export function withoutLater({ predictions, values, surface }, step) {
  /** @type {<T>(dated: Dated<T>) => Dated<T>} */
  const undated = (dated) => (dated.step > step ? { ...dated, step: OF_NO_STEP } : dated);
  /** @type {<T>(read: Record<string, Dated<T>>) => Record<string, Dated<T>>} */
  const each = (read) => Object.fromEntries(Object.entries(read).map(([run, dated]) => [run, undated(dated)]));
  return { predictions: each(predictions), values: each(values), surface: surface?.step === step + 1 ? { ...surface, step } : surface };
}
