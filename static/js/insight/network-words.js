// @ts-check
/** What a unit or a line of the network drawn is, in words. */

/** @import { Shown } from "./network.js" */
import { formatNumber } from "../format.js";
import { text } from "../texts.js";

/**
 * @param {Shown} shown
 * @param {number} layer from 0 for the first after the inputs
 * @param {number} unit
 * @param {number} from
 * @returns {string}
 */
export function lineWords({ net }, layer, unit, from) {
  const { weights, weightGradients } = net.layers[layer];
  const values = { layer: layer + 1, unit, from, weight: formatNumber(weights[unit]?.[from]) };
  const gradient = weightGradients?.[unit]?.[from];
  return gradient === undefined ? text("network.line", values) : text("network.line_gradient", { ...values, gradient: formatNumber(gradient) });
}

/**
 * @param {Shown} shown
 * @param {number} layer inputs are 0
 * @param {number} unit
 * @returns {string}
 */
export function unitWords({ net, example, names }, layer, unit) {
  if (!layer) return text("network.input", { name: names[unit] ?? unit, value: formatNumber(net.inputs[unit]?.[example]) });
  const { activations, bias, psi } = net.layers[layer - 1];
  const values = { layer, unit, value: formatNumber(activations[unit]?.[example]), bias: formatNumber(bias[unit]) };
  return psi ? text("network.unit_psi", { ...values, psi: formatNumber(psi[unit]?.[example]) }) : text("network.unit", values);
}

/**
 * @param {Shown} shown
 * @param {number} layer inputs are 0
 * @param {number} unit
 * @returns {string} the name of an input or an output; "" within
 */
export function titleOf({ names, answers, net }, layer, unit) {
  if (layer === 0) return names[unit] ?? "";
  return layer === net.layers.length ? (answers[unit] ?? "") : "";
}
