// @ts-check
/** What goes over the wire, as types only: the shapes of `/api/v1/openapi.json` that the page reads. Nothing here runs. */

/**
 * @typedef {object} Kinded
 * @property {string} kind
 */

/** @typedef {Kinded & Record<string, unknown>} Choice a kind with its fields, as in a recipe */

/**
 * @typedef {object} RunRecipe
 * @property {string} name
 * @property {Choice} optimizer
 * @property {Choice} [schedule]
 * @property {number | null} [batch_size]
 * @property {string} [gradient]
 * @property {Choice} [start] where it is not the session's
 * @property {RunEvent[]} [events]
 */

/**
 * @typedef {object} RunEvent
 * @property {number} at the change acts between this step and the next
 * @property {Record<string, unknown>} set
 */

/** @typedef {Choice & {dataset?: Choice}} Problem */

/**
 * @typedef {object} Recipe
 * @property {number} format
 * @property {number} seed
 * @property {Problem} problem
 * @property {Choice} start
 * @property {RunRecipe[]} runs
 */

/**
 * @typedef {object} FieldSchema JSON Schema of one field, as far as the catalogue uses it
 * @property {string} [type]
 * @property {string} [title]
 * @property {string} [description]
 * @property {unknown} [default]
 * @property {unknown} [const]
 * @property {unknown[]} [enum]
 * @property {string[]} [x-titles] words for each of the enum
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [exclusiveMinimum]
 * @property {number} [exclusiveMaximum]
 * @property {FieldSchema[]} [anyOf]
 * @property {"log" | "linear"} [x-scale]
 */

/**
 * @typedef {object} ObjectSchema
 * @property {Record<string, FieldSchema>} [properties]
 * @property {string[]} [required]
 */

/**
 * @typedef {object} Entry one kind in the catalogue
 * @property {string} kind
 * @property {string} title
 * @property {string} summary
 * @property {string | string[]} formula
 * @property {string | string[]} mathml
 * @property {string} reference
 * @property {ObjectSchema} schema
 * @property {string} [name] of a classic function, whose kind is `function`
 * @property {{datasets?: string[], starts?: string[], schedules?: string[], gradients?: string[], batches?: boolean}} [goes_with]
 * @property {boolean} [wants_standardize] of a data set
 * @property {Recipe} [recipe] of a problem: a complete one to begin with
 */

/**
 * @typedef {object} Catalogue
 * @property {string} version
 * @property {Entry[]} problems
 * @property {Entry[]} datasets
 * @property {Entry[]} starts
 * @property {Entry[]} optimizers
 * @property {Entry[]} [schedules]
 * @property {Entry[]} [gradients]
 * @property {Entry[]} [functions]
 * @property {Preset[]} [presets]
 * @property {Entry[]} studies
 * @property {Recipe} recipe
 * @property {Record<string, number>} limits
 */

/** @typedef {{name: string, title: string, summary: string, recipe: Recipe}} Preset a recipe to begin with that shows something */

/**
 * @typedef {object} Advice
 * @property {string} code
 * @property {string} text
 * @property {{rewind?: number, learning_rate?: number}} [suggest]
 */

/** @typedef {(number | null)[]} Column */

/**
 * @typedef {object} Trajectory
 * @property {number} stride
 * @property {number[]} step
 * @property {Column} loss
 * @property {Column} gradient_norm
 * @property {Column} x null where the parameters of that step were thinned away
 * @property {Column} y
 * @property {Column} off_plane
 * @property {Column} slice_loss
 * @property {number[]} cost loss evaluations + 2·gradients by then
 * @property {number[]} samples examples seen by then
 */

/**
 * @typedef {object} RunState
 * @property {string} name
 * @property {"running" | "converged" | "diverged"} status
 * @property {Advice | null} advice
 * @property {number} step
 * @property {number} epoch
 * @property {number} loss
 * @property {number | null} [test_loss]
 * @property {number | null} [batch_loss]
 * @property {number} gradient_norm
 * @property {number | null} learning_rate null for methods without
 * @property {number[]} [parameters] flat; absent in large models
 * @property {Trajectory} [trajectory]
 */

/**
 * @typedef {object} Delta
 * @property {string} session
 * @property {number} version
 * @property {number} lineage
 * @property {number} step
 * @property {number} [steps_taken]
 * @property {RunState[]} runs
 */

/**
 * @typedef {object} ParameterShape
 * @property {string} name
 * @property {number[]} shape
 */

/**
 * @typedef {object} Digest of the parameters of all runs at a step
 * @property {string} exact their hash
 * @property {number[][]} near for each run its loss and a weighted sum of its parameters
 */

/**
 * @typedef {object} SessionView
 * @property {string} id
 * @property {string} view_id
 * @property {number} version
 * @property {number} lineage
 * @property {number} step
 * @property {Recipe} recipe
 * @property {ParameterShape[]} parameters
 * @property {RunState[]} runs
 * @property {Digest} digest
 * @property {"none" | "event" | "restart"} [effect] what a PATCH of the config came to
 */

/**
 * @typedef {object} Place
 * @property {number} x
 * @property {number} y
 * @property {number} [loss]
 * @property {number} [off_plane]
 */

/**
 * @typedef {object} Surface
 * @property {{id: string, x_label: string, y_label: string, explained_variance?: number[] | null}} plane
 * @property {number[]} x
 * @property {number[]} y
 * @property {number[][]} loss a row for each y, a column for each x
 * @property {number} error_bound
 * @property {number | null} clipped_at
 * @property {Place & {exact: boolean}} minimum
 * @property {Place | null} optimum
 * @property {Place | null} truth
 * @property {(Place & {kind: "global" | "local" | "saddle"})[]} landmarks minima and saddles that are known
 */

/**
 * @typedef {object} Line the loss along a straight line, t from 0 at its beginning to 1 at its end
 * @property {number[]} t
 * @property {(number | null)[]} loss
 */

/**
 * @typedef {object} Field the negative gradient in a plane: a row for each y, a column for each x
 * @property {number[]} x
 * @property {number[]} y
 * @property {(number | null)[][]} u
 * @property {(number | null)[][]} v
 */

/** @typedef {number | number[] | number[][]} Named the value of one parameter in its own shape */

/**
 * @typedef {object} ParameterValues
 * @property {Record<string, Named>} values
 * @property {Record<string, Named>} gradient
 */

/** @typedef {{w?: Named, b?: number, x?: number[], y?: number[], z?: number[][]}} Truth parameters, or a curve ready to be drawn */

/**
 * @typedef {object} DataView
 * @property {number[][]} X a row per feature
 * @property {number[][]} y a row per output
 * @property {string[]} [x_names]
 * @property {string[]} [y_names]
 * @property {string[] | null} [classes]
 * @property {Truth | null} truth
 * @property {number[]} test indices of the test examples
 * @property {{mean: number[], deviation: number[]} | null} [scaling] what training sees where features are standardized
 */

/**
 * @typedef {object} Predictions
 * @property {number[]} [x]
 * @property {number[] | number[][]} [y]
 * @property {number[][] | number[][][]} [z]
 * @property {{train: {confusion: number[][]}}} [classification] examples, a row for each true class, a column for each predicted one
 * @property {number[] | number[][]} [observed]
 * @property {number[] | number[][]} [predicted]
 */

/**
 * @typedef {object} Upload a table the server keeps
 * @property {string} id
 * @property {number} examples
 * @property {string[]} x_names
 * @property {string[]} y_names
 * @property {string[] | null} classes null: the target is a number
 * @property {number[][]} preview its first rows, features then target
 */

/**
 * @typedef {object} Problem4xx RFC 9457
 * @property {string} type
 * @property {string} title
 * @property {number} status
 * @property {string} [detail]
 * @property {{where: string, problem: string}[]} [errors]
 */

export {};
