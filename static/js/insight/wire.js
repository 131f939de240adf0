// @ts-check
/** What the calls behind the insight views send, as types only. Nothing here runs. */

/**
 * @typedef {object} Diagnosis of a run at a step
 * @property {number} step
 * @property {number | null} learning_rate of the step taken next
 * @property {number | null} eigenvalue the largest of the loss's Hessian
 * @property {number | null} stability_limit above it steps grow
 * @property {string | null} stability_formula null: theory knows no limit for this optimizer
 * @property {number | null} smooth_limit below it nothing oscillates
 * @property {string | null} smooth_formula
 * @property {boolean} fixed under the same settings, the same at every step
 */

/** @typedef {"forward" | "backward" | "update"} Pass */

/**
 * @typedef {object} Quantity
 * @property {string} id
 * @property {string} symbol in plain characters
 * @property {string} mathml of the symbol
 * @property {string} equation MathML; what stands for a quantity has the class `q-` and its id
 * @property {Pass} pass
 * @property {number | null} layer 0 for the data
 * @property {number[]} shape
 * @property {Values | null} values null where there are too many to send
 * @property {string[]} from ids of what it was made of
 */

/** @typedef {number | null | (number | null)[] | (number | null)[][]} Values */

/**
 * @typedef {object} Contributions of the examples to one entry of the gradient
 * @property {string} entry
 * @property {number[]} indices
 * @property {(number | null)[]} shares
 * @property {number} penalty
 * @property {number} gradient
 */

/**
 * @typedef {object} Anatomy of the step taken next
 * @property {number} step
 * @property {"folded" | "apart"} notation
 * @property {number[]} batch indices of the examples
 * @property {Quantity[]} quantities
 * @property {{latex: string, mathml: string}[]} definitions
 * @property {Contributions} [contributions]
 */

/**
 * @typedef {object} Units what each unit makes of one or two features
 * @property {number} step
 * @property {number[]} x
 * @property {number[] | null} y
 * @property {number[]} widths
 * @property {((number | null)[] | (number | null)[][])[][]} layers by layer and unit: a list along x, or a row for each y
 */

/**
 * @typedef {object} Classification
 * @property {string[]} classes
 * @property {{accuracy: number | null, confusion: number[][]}} train a row for the true class, a column for the predicted one
 * @property {{accuracy: number | null, confusion: number[][]} | null} test
 */

/**
 * @typedef {object} CheckedParameter
 * @property {string} parameter
 * @property {number} backprop
 * @property {number} difference
 * @property {number} error relative; below 1e-6 they agree
 */

/**
 * @typedef {object} Cost
 * @property {number} loss how many losses
 * @property {number} gradient how many losses with their gradients
 */

/**
 * @typedef {object} GradientCheck
 * @property {number} step
 * @property {CheckedParameter[]} rows of large models some, evenly chosen
 * @property {Record<"backprop" | "difference", Cost>} evaluations
 */

export {};
