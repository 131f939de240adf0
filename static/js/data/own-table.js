// @ts-check
/** A table of one's own, and the model that takes it: the present one where it does. */

/** @import { Choice, Upload } from "../wire.js" */

const LARGE = 10; // numbers beyond it make steps of the usual size diverge
const SQUARES = "mean_squared_error";

/**
 * @param {Upload} table
 * @returns {boolean} whether its features are to be rescaled
 */
export const wantsStandardize = ({ preview, x_names }) => preview.some((row) => row.slice(0, x_names.length).some((value) => Math.abs(value) > LARGE));

/**
 * @param {Upload} table
 * @returns {Choice}
 */
const datasetOf = (table) => ({ kind: "uploaded", id: table.id, standardize: wantsStandardize(table) });

/**
 * @param {Upload} table
 * @param {Choice & {dataset?: Choice}} problem the present one
 * @returns {Choice & {dataset: Choice}} its change, or another
 */
export function problemFor(table, problem) {
  const dataset = datasetOf(table);
  const { classes, x_names } = table;
  if (classes) return { kind: "network", dataset, loss: classes.length > 2 ? "softmax_cross_entropy" : "binary_cross_entropy", output_activation: null };
  const takesIt = problem.dataset && (x_names.length === 1 || problem.kind !== "univariate_regression");
  const kind = takesIt ? problem.kind : x_names.length === 1 ? "univariate_regression" : "multivariate_regression";
  const toldClasses = kind === "network" && String(problem.loss).endsWith("cross_entropy");
  return { kind, dataset, ...(toldClasses ? { loss: SQUARES, output_activation: null } : {}) };
}
