// @ts-check
/** The network drawn, with the numbers of a step: sizes and signs of its lines, what its units say. */

/**
 * @import { Shown } from "./network.js"
 * @import { UnitParts } from "./network-parts.js"
 */
import { say } from "../dom.js";
import { formatNumber } from "../format.js";
import { largest } from "./matrix.js";
import { unitWords } from "./network-words.js";
import { isReached } from "./sweep.js";

const THICKEST = 6;
const THINNEST = 0.4;
const MANY = 20; // lines between two layers: more are drawn thinner

/**
 * @param {SVGGElement} group
 * @param {SVGLineElement[][]} parts by unit and unit before
 * @param {number} layer from 0 for the first after the inputs
 * @param {Shown} shown
 */
export function paintLines(group, parts, layer, { net, lines, stage }) {
  const { weights, weightGradients, weightsId, gradientsId } = net.layers[layer];
  const isGradient = stage ? isReached(stage, "gradient", layer + 1) : lines === "gradients";
  const values = isGradient ? weightGradients : weights;
  const most = values ? largest(values) : 0;
  const thickest = (group.closest(".small") ? THICKEST / 2 : THICKEST) / Math.max(1, Math.sqrt(parts.flat().length / MANY));
  group.setAttribute("data-quantity", isGradient ? gradientsId : weightsId);
  group.classList.toggle("gradients", isGradient);
  group.classList.toggle("ahead", stage !== null && !isReached(stage, "forward", layer + 1));
  group.classList.toggle("now", stage !== null && stage.layer === layer + 1 && (stage.pass === "forward" || stage.pass === "gradient"));
  parts.forEach((units, unit) =>
    units.forEach((each, from) => {
      const value = values?.[unit]?.[from] ?? 0;
      each.classList.toggle("minus", value < 0);
      each.setAttribute("stroke-width", (THINNEST + (thickest * Math.abs(value)) / (most || 1)).toFixed(2));
    }),
  );
}

/**
 * @param {UnitParts[]} parts
 * @param {number} layer inputs are 0
 * @param {Shown} shown
 */
export function paintUnits(parts, layer, shown) {
  const { net, example, units, features, stage } = shown;
  const activations = layer ? net.layers[layer - 1].activations : net.inputs;
  const psi = layer && stage && isReached(stage, "psi", layer) ? net.layers[layer - 1].psi : null;
  const known = units && layer && units.layers[layer - 1];
  const most = known ? Math.max(...known.map((each) => largest([each.flat()]))) : largest(activations);
  parts.forEach(({ group, value, body, picture, unit }) => {
    const activation = activations[unit]?.[example] ?? null;
    say(value, psi ? `Ψ ${formatNumber(psi[unit]?.[example])}` : formatNumber(activation));
    group.classList.toggle("drawn", Boolean(known));
    group.classList.toggle("handed", psi !== null);
    group.classList.toggle("ahead", stage !== null && !isReached(stage, "forward", layer));
    group.classList.toggle("now", stage !== null && stage.layer === layer && stage.pass !== "gradient");
    body.style.fillOpacity = known ? "0" : String(Math.min(1, Math.abs(activation ?? 0) / (most || 1)) * 0.5);
    if (units && known) {
      picture.show(units, layer - 1, unit, most);
      picture.mark(units, features, activation, most);
    }
    group.ariaLabel = unitWords(shown, layer, unit);
  });
}
