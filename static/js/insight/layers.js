// @ts-check
/** A network as its anatomy tells it, in either notation: weights, biases, activations and gradients, layer by layer. */

/**
 * @import { Anatomy, Quantity } from "./wire.js"
 * @import { Matrix } from "./matrix.js"
 */
import { matrixOf } from "./matrix.js";

/**
 * @typedef {object} Layer
 * @property {Matrix} weights (units, units before)
 * @property {(number | null)[]} bias of each unit
 * @property {Matrix | null} weightGradients null: the step uses none
 * @property {(number | null)[] | null} biasGradients
 * @property {Matrix} activations (units, examples)
 * @property {string} weightsId the quantity that the weights belong to
 * @property {string} gradientsId
 * @property {string} activationsId
 */

/**
 * @typedef {object} Net
 * @property {Matrix} inputs (features, examples)
 * @property {string} inputsId
 * @property {Layer[]} layers from the first to the output
 */

/**
 * @param {Anatomy} anatomy
 * @returns {Net | null} null where there are no layers, or too many numbers to be sent
 */
export function netOf({ quantities }) {
  const forward = quantities.filter(({ pass }) => pass === "forward");
  const [inputs] = forward.filter(({ layer }) => layer === 0);
  const last = Math.max(0, ...forward.map(({ layer }) => layer ?? 0));
  if (!inputs || !last || quantities.some(({ values }) => values === null)) return null;
  const byId = new Map(quantities.map((quantity) => [quantity.id, quantity]));
  const layers = Array.from({ length: last }, (_, i) => layerOf(forward.filter(({ layer }) => layer === i + 1), byId));
  const features = layers[0].weights[0].length;
  return { inputs: matrixOf(inputs.values).slice(0, features), inputsId: inputs.id, layers };
}

const ANSWERS = ["target", "residual"];

/**
 * @param {Quantity[]} own of this layer, forward, in the order of computation
 * @param {Map<string, Quantity>} byId
 * @returns {Layer}
 */
function layerOf(own, byId) {
  const parameters = own.filter(({ from, id }) => !from.length && !ANSWERS.includes(id));
  const activations = own.findLast(({ from, id }) => from.length && !ANSWERS.includes(id)) ?? own[0];
  const { weights, bias } = parted(parameters);
  const gradients = parameters.flatMap(({ id }) => byId.get(`d${id}`) ?? []);
  const slopes = gradients.length === parameters.length ? parted(gradients) : null;
  return {
    weights,
    bias,
    weightGradients: slopes?.weights ?? null,
    biasGradients: slopes?.bias ?? null,
    activations: matrixOf(activations.values).slice(0, weights.length),
    weightsId: parameters[0].id,
    gradientsId: `d${parameters[0].id}`,
    activationsId: activations.id,
  };
}

/**
 * @param {Quantity[]} quantities W̄, or W and b
 * @returns {{weights: Matrix, bias: (number | null)[]}}
 */
function parted([first, second]) {
  const matrix = matrixOf(first.values);
  if (second) return { weights: matrix, bias: matrixOf(second.values).flat() };
  return { weights: matrix.map((row) => row.slice(0, -1)), bias: matrix.map((row) => row[row.length - 1]) };
}
