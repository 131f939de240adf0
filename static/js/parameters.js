// @ts-check
/** Parameters by name and shape: how their scalars are called, and where they stand in nested lists. */

/** @import { Named, ParameterShape } from "./wire.js" */

/**
 * @param {number[]} shape
 * @returns {number}
 */
const size = (shape) => shape.reduce((product, length) => product * length, 1);

/**
 * How one scalar is called in the API: `W1[0,2]`, `b1[2]`, `w[3]`, or the bare name of a number.
 * @param {ParameterShape} parameter
 * @param {number} index row by row
 * @returns {string}
 */
export function address({ name, shape }, index) {
  if (!shape.length) return name;
  const isVector = shape.includes(1) && !name.startsWith("W");
  const columns = shape[1] ?? 1;
  return isVector ? `${name}[${index}]` : `${name}[${Math.floor(index / columns)},${index % columns}]`;
}

/**
 * @param {ParameterShape[]} parameters
 * @returns {number} P
 */
export function countScalars(parameters) {
  return parameters.reduce((sum, { shape }) => sum + size(shape), 0);
}

/**
 * The names of the scalars, in the order of the flat parameters.
 * @param {ParameterShape[]} parameters
 * @param {number} [most]
 * @returns {string[]}
 */
export function addresses(parameters, most = 500) {
  /** @type {string[]} */
  const names = [];
  for (const parameter of parameters) {
    for (let i = 0; i < size(parameter.shape) && names.length < most; i += 1) names.push(address(parameter, i));
  }
  return names;
}

/**
 * All scalars of nested values, in the order of `addresses`.
 * @param {ParameterShape[]} parameters
 * @param {Record<string, Named>} values
 * @returns {number[]}
 */
export function flattened(parameters, values) {
  return parameters.flatMap(({ name }) => [values[name]].flat(2));
}

/**
 * Values with some scalars replaced, by address.
 * @param {ParameterShape[]} parameters
 * @param {Record<string, Named>} values
 * @param {Record<string, number>} replaced
 * @returns {Record<string, Named>}
 */
export function withScalars(parameters, values, replaced) {
  /** @type {Record<string, Named>} */
  const result = {};
  for (const parameter of parameters) {
    const flat = [values[parameter.name]].flat(2).map((value, i) => replaced[address(parameter, i)] ?? value);
    result[parameter.name] = shaped(flat, parameter.shape);
  }
  return result;
}

/**
 * Values by name from all scalars, in the order of `addresses`.
 * @param {ParameterShape[]} parameters
 * @param {number[]} flat
 * @returns {Record<string, Named>}
 */
export function nested(parameters, flat) {
  let from = 0;
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, shaped(flat.slice(from, (from += size(shape))), shape)]));
}

/**
 * @param {number[]} flat
 * @param {number[]} shape
 * @returns {Named}
 */
function shaped(flat, shape) {
  if (!shape.length) return flat[0];
  if (shape.length === 1) return flat;
  return Array.from({ length: shape[0] }, (_, row) => flat.slice(row * shape[1], (row + 1) * shape[1]));
}
