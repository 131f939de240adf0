// @ts-check
/** What the API answers about studies, as far as the page reads it; a test holds it against OpenAPI. */

/** @typedef {"waiting" | "running" | "done" | "cancelled" | "failed" | "out of time"} Status */
/** @typedef {"basins" | "sweep" | "cost_race"} StudyKind */
/** @typedef {"arrived" | "on the way" | "diverged" | "undefined" | null} Outcome null: not known yet */

/**
 * @typedef {object} Study
 * @property {string} id
 * @property {StudyKind} kind
 * @property {Status} status
 * @property {number} progress 0 to 1
 * @property {string | null} note how it ended, in words
 * @property {string | null} run
 * @property {Record<string, any> | null} settings that it follows
 * @property {any} result of its kind; null while nothing is known
 */

/**
 * @typedef {object} Minimum
 * @property {"minimum" | "saddle" | "maximum" | "level"} kind
 * @property {"global" | "local" | "saddle" | "optimum" | null} known
 * @property {number} loss
 * @property {number | null} x on the plane
 * @property {number | null} y
 * @property {number} cells
 */

/**
 * @typedef {object} BasinsResult a row for each y, a column for each x
 * @property {{id: string, x_label: string, y_label: string}} plane
 * @property {number[]} x
 * @property {number[]} y
 * @property {Outcome[][]} outcome
 * @property {(number | null)[][]} minimum place in `minima`
 * @property {(number | null)[][]} steps
 * @property {(number | null)[][]} loss
 * @property {Minimum[]} minima
 */

/**
 * @typedef {object} SweepResult a row for each momentum, a column for each learning rate
 * @property {string} optimizer
 * @property {number[]} learning_rate
 * @property {string | null} constant that is varied as momentum
 * @property {(number | null)[]} momentum
 * @property {Outcome[][]} outcome
 * @property {(number | null)[][]} steps
 * @property {(number | null)[][]} loss
 * @property {number} steps_asked
 * @property {{learning_rate: number, momentum: number | null, loss: number} | null} best
 */

/**
 * @typedef {object} Lap
 * @property {number} parameters
 * @property {number} pass_seconds
 * @property {number} difference_seconds
 * @property {boolean} measured
 */

/**
 * @typedef {object} Extrapolation
 * @property {number} weights
 * @property {number} updates
 * @property {number} ratio
 * @property {number} pass_seconds
 * @property {number} difference_seconds
 * @property {number} all_passes_seconds
 * @property {number} all_differences_seconds
 */

/**
 * @typedef {object} RaceResult
 * @property {Lap[]} laps
 * @property {Extrapolation | null} extrapolation
 */

/**
 * @typedef {object} PlaneVectors each in the order of the flat parameters
 * @property {number[]} origin
 * @property {number[]} d1
 * @property {number[]} d2
 */

export {};
