// @ts-check
/** An equation in which every Ψ is replaced by what it was computed from, boxed: what is computed once and used again. */

import { mathPart, rightHandSide } from "./equation.js";

const PSI = /^(psi|delta)/;

/**
 * @param {string} id of a quantity
 * @param {(id: string) => Element} equation
 * @returns {Element}
 */
export function writtenOut(id, equation) {
  const math = equation(id);
  const top = math.firstElementChild;
  if (top) for (const part of [...top.children].slice(2)) expand(part, equation);
  return math;
}

/**
 * @param {Element} part of an equation, changed in place
 * @param {(id: string) => Element} equation
 */
function expand(part, equation) {
  const inner = [part, ...part.querySelectorAll("[data-quantity]")].filter((each) => PSI.test(each.getAttribute("data-quantity") ?? ""));
  for (const symbol of inner) {
    const id = symbol.getAttribute("data-quantity") ?? "";
    const meaning = mathPart("mrow", ...rightHandSide(equation(id)));
    for (const child of [...meaning.children]) expand(child, equation);
    symbol.replaceChildren(mathPart("mo", "("), meaning, mathPart("mo", ")"));
    symbol.classList.add("reused");
  }
}
