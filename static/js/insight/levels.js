// @ts-check
/** The backward pass sorted by layers, and the stages in which it is computed. */

/** @import { Quantity } from "./wire.js" */

/**
 * @typedef {object} Level
 * @property {number} layer
 * @property {Quantity} psi what is handed back to it
 * @property {Quantity | undefined} slope f′, where it is taken
 * @property {Quantity[]} gradients of the weights, and the bias, that lead to it
 */

/**
 * @typedef {object} Stage
 * @property {"start" | "handed" | "handed_plain" | "gradient" | "last"} kind
 * @property {string[]} made ids of what is computed
 * @property {string} written the id of what is written out
 * @property {string | null} reused the id of what was there already
 * @property {Record<string, string | number>} words for the caption
 */

const PSI = /^(psi|delta)/;
const SLOPE = /^slope_/;

/**
 * @param {Quantity[]} quantities
 * @returns {Level[]} from the last layer to the first
 */
export function levelsOf(quantities) {
  const backward = quantities.filter(({ pass }) => pass === "backward");
  return backward.filter(({ id }) => PSI.test(id)).map((psi) => {
    const own = backward.filter(({ layer, id }) => layer === psi.layer && id !== psi.id);
    return { layer: psi.layer ?? 0, psi, slope: own.find(({ id }) => SLOPE.test(id)), gradients: own.filter(({ id }) => !SLOPE.test(id)) };
  });
}

/**
 * @param {Level[]} levels
 * @returns {Stage[]} Ψ, its gradient, the next Ψ …
 */
export function stagesOf(levels) {
  return levels.flatMap((level, i) => [psiStage(level, levels[i - 1]), gradientStage(level, i === levels.length - 1)]);
}

/**
 * @param {Level} level
 * @param {Level | undefined} above
 * @returns {Stage}
 */
function psiStage({ psi, slope, layer }, above) {
  const made = [...(slope ? [slope.id] : []), psi.id];
  const kind = !above ? "start" : slope ? "handed" : "handed_plain";
  return { kind, made, written: psi.id, reused: above?.psi.id ?? null, words: { psi: psi.symbol, layer, above: above?.psi.symbol ?? "", slope: slope?.symbol ?? "" } };
}

/**
 * @param {Level} level
 * @param {boolean} isLast
 * @returns {Stage}
 */
function gradientStage({ psi, gradients, layer }, isLast) {
  const made = gradients.map(({ id }) => id);
  return { kind: isLast ? "last" : "gradient", made, written: made[0], reused: psi.id, words: { psi: psi.symbol, layer } };
}
