// @ts-check
/** What the calls behind the insight views send, as types only. Nothing here runs. */

/**
 * @typedef {object} Diagnosis of a run at a step
 * @property {number} step
 * @property {number} learning_rate of the step taken next
 * @property {number | null} eigenvalue the largest of the loss's Hessian
 * @property {number | null} stability_limit above it steps grow
 * @property {string | null} stability_formula null: theory knows no limit for this optimizer
 * @property {number | null} smooth_limit below it nothing oscillates
 * @property {string | null} smooth_formula
 * @property {boolean} fixed under the same settings, the same at every step
 */

export {};
