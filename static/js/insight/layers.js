// @ts-check
/** A network as its anatomy tells it, in either notation: weights, biases, activations and gradients, layer by layer. */

/**
 * @import { Anatomy, Quantity, Values } from "./wire.js"
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
 * @property {Matrix | null} psi (units, examples); null: there is no backward pass
 * @property {string} weightsId the quantity that the weights belong to
 * @property {string} gradientsId
 * @property {string} activationsId
 * @property {string[]} forwardIds what is computed on the way to its activations
 * @property {string[]} psiIds what is computed on the way to its Ψ
 * @property {string[]} gradientIds
 * @property {{lines: string[], units: string[]}} places where in a drawing each quantity of the layer is seen
 */

/**
 * @typedef {object} Net
 * @property {Matrix} inputs (features, examples)
 * @property {string} inputsId
 * @property {Layer[]} layers from the first to the output
 */

/**
 * @param {Anatomy} anatomy
 * @returns {Net | null} null where there are no layers
 */
export function netOf({ quantities }) {
  const forward = quantities.filter(({ pass }) => pass === "forward");
  const [inputs] = forward.filter(({ layer }) => layer === 0);
  const last = Math.max(0, ...forward.map(({ layer }) => layer ?? 0));
  if (!inputs || !last) return null;
  const layers = Array.from({ length: last }, (_, i) => layerOf(quantities.filter(({ layer }) => layer === i + 1), quantities));
  if (layers.some((layer) => layer === null)) return null;
  const known = /** @type {Layer[]} */ (layers);
  return { inputs: rows(inputs.values, known[0].weights[0].length), inputsId: inputs.id, layers: known };
}

const ANSWERS = ["target", "residual"];
const PSI = /^(psi|delta)/;
const SLOPE = /^slope_/;

/**
 * @param {Quantity[]} own of this layer, in the order of computation
 * @param {Quantity[]} all
 * @returns {Layer | null} null where even the weights are too many to be sent
 */
function layerOf(own, all) {
  const forward = own.filter(({ pass, id }) => pass === "forward" && !ANSWERS.includes(id));
  const parameters = forward.filter(({ from }) => !from.length);
  if (!parameters.length || parameters.some(({ values }) => values === null)) return null;
  const made = forward.filter(({ from }) => from.length);
  const activations = made[made.length - 1];
  const { weights, bias } = parted(parameters);
  const gradients = parameters.flatMap(({ id }) => all.find((each) => each.id === `d${id}`) ?? []);
  const slopes = gradients.length === parameters.length ? parted(gradients) : null;
  const backward = own.filter(({ pass, id }) => pass === "backward" && (PSI.test(id) || SLOPE.test(id)));
  const psi = backward.find(({ id }) => PSI.test(id));
  return {
    weights,
    bias,
    weightGradients: slopes?.weights ?? null,
    biasGradients: slopes?.bias ?? null,
    activations: rows(activations.values, weights.length),
    psi: psi ? rows(psi.values, weights.length) : null,
    weightsId: parameters[0].id,
    gradientsId: `d${parameters[0].id}`,
    activationsId: activations.id,
    forwardIds: made.map(({ id }) => id),
    psiIds: backward.map(({ id }) => id),
    gradientIds: gradients.map(({ id }) => id),
    places: placesOf(own, parameters, gradients),
  };
}

/**
 * @param {Quantity[]} own of a layer
 * @param {Quantity[]} parameters weights, and biases where they stand apart
 * @param {Quantity[]} gradients
 * @returns {{lines: string[], units: string[]}} ids: of weights and what becomes of them, and of everything else
 */
function placesOf(own, [weights], [slope]) {
  const isOfLines = (/** @type {Quantity} */ { id }) => id === weights.id || id === slope?.id || id.endsWith(`[${weights.id}]`);
  const lines = own.filter(isOfLines).map(({ id }) => id);
  return { lines, units: own.map(({ id }) => id).filter((id) => !lines.includes(id)) };
}

/**
 * @param {Values | null} values null: there are too many to be sent
 * @param {number} count
 * @returns {Matrix} so many rows, without the row of ones; empty ones where nothing was sent
 */
function rows(values, count) {
  return values === null ? Array.from({ length: count }, () => []) : matrixOf(values).slice(0, count);
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
