// @ts-check
/** Equations whose symbols know what they stand for. */

/** @import { Quantity } from "./wire.js" */
import { mathElement } from "../dom.js";

const MARK = "q-";

/** @typedef {Map<string, Pick<Quantity, "pass">>} Known */

/**
 * @param {string} markup as the anatomy has it
 * @param {Known} known
 * @returns {Element}
 */
export function equationElement(markup, known) {
  const math = mathElement(markup);
  for (const part of math.querySelectorAll(`[class^="${MARK}"]`)) {
    const id = part.getAttribute("class")?.slice(MARK.length) ?? "";
    part.setAttribute("data-quantity", id);
    part.setAttribute("class", `symbol ${known.get(id)?.pass ?? ""}`);
  }
  return math;
}

/**
 * @param {Element} math an equation: symbol, equals sign, and the rest
 * @returns {Node[]} copies of the rest
 */
export function rightHandSide(math) {
  return [...(math.firstElementChild?.children ?? [])].slice(2).map((part) => part.cloneNode(true));
}

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * @param {string} name
 * @param {(Node | string)[]} children
 * @returns {Element}
 */
export function mathPart(name, ...children) {
  const made = document.createElementNS(MATHML, name);
  made.append(...children);
  return made;
}
