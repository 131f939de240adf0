// @ts-check
/** Which step is taken apart, and on which examples. */

/** @import { Anatomy } from "./wire.js" */
import { text } from "../texts.js";

/**
 * @param {Anatomy} anatomy
 * @param {number} examples in all
 * @param {boolean} isOrdered
 * @returns {string} which step, on which examples
 */
export function aboutWords({ step, batch }, examples, isOrdered) {
  const next = text("step.next", { from: step, to: step + 1 });
  if (!examples) return next;
  const seen = batch.length < examples ? text("step.batch", { batch: batch.length, examples }) : text("step.all", { examples });
  return [next, seen, ...(isOrdered ? [text("step.ordered")] : [])].join(" · ");
}
