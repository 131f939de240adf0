// @ts-check
/** The parts of the network drawn: lines, units, notes. */

/**
 * @import { Place, Plan } from "./geometry.js"
 * @import { Shown } from "./network.js"
 */
import { text } from "../texts.js";
import { titleOf } from "./network-words.js";
import { svg } from "./svg.js";
import { UnitPicture } from "./unit-picture.js";

const LONGEST_NAME = { narrow: 12, wide: 26 };
const WIDE = 600; // pixels

/** @typedef {{group: SVGGElement, value: SVGTextElement, body: SVGRectElement, picture: UnitPicture, unit: number}} UnitParts */

/**
 * @param {Plan} plan
 * @returns {SVGLineElement[][][]} by layer from the first after the inputs, unit, unit before
 */
export function linesOf({ places, unit: side }) {
  return places.slice(1).map((own, layer) => own.map((to, unit) => places[layer].map((from, i) => line(from, to, side / 2, { layer, unit, from: i }))));
}

/**
 * @param {SVGLineElement} line thinner than anybody can point
 * @returns {SVGLineElement} what is pointed at instead; it stands before the line and is not seen
 */
export function reachOf(line) {
  const reach = /** @type {SVGLineElement} */ (line.cloneNode());
  reach.setAttribute("class", "reach");
  return reach;
}

/**
 * @param {Plan} plan
 * @param {Shown} shown
 * @returns {UnitParts[][]} inputs first
 */
export function unitsOf({ places, width, unit: side }, shown) {
  const longest = width > WIDE ? LONGEST_NAME.wide : LONGEST_NAME.narrow;
  return places.map((own, layer) => own.map((place, unit) => unitAt(place, side, layer, unit, shortened(titleOf(shown, layer, unit), longest))));
}

/**
 * @param {Plan} plan
 * @returns {SVGTextElement[]} how many units of a layer are not drawn, under its last one
 */
export function restsOf({ places, hidden, unit }) {
  const below = (/** @type {Place} */ { y }) => y + unit / 2 + 30;
  return places.flatMap((own, layer) => {
    const last = own[own.length - 1];
    return hidden[layer] ? [svg("text", { class: "name", x: last.x, y: below(last) }, text("network.more", { units: hidden[layer] }))] : [];
  });
}

/**
 * @param {Place} place
 * @param {number} side
 * @param {number} layer
 * @param {number} unit
 * @param {string} title
 * @returns {UnitParts}
 */
function unitAt({ x, y }, side, layer, unit, title) {
  const half = side / 2;
  const body = svg("rect", { class: "body", width: side, height: side, rx: layer ? side / 10 : half });
  const value = svg("text", { class: "value", x: half, y: side + 13 });
  const picture = new UnitPicture();
  const name = title ? [svg("text", { class: layer ? "name last" : "name first", x: layer ? side : 0, y: -6 }, title)] : [];
  const attributes = { class: "unit", transform: `translate(${x - half} ${y - half})`, tabindex: -1, role: "img", "data-layer": layer, "data-unit": unit };
  return { group: svg("g", attributes, body, picture.element, value, ...name), value, body, picture, unit };
}

/**
 * @param {Place} from
 * @param {Place} to
 * @param {number} half of a unit's side
 * @param {{layer: number, unit: number, from: number}} which
 * @returns {SVGLineElement}
 */
function line(from, to, half, which) {
  const ends = { x1: from.x + half, y1: from.y, x2: to.x - half, y2: to.y };
  return svg("line", { class: "line", ...ends, "data-layer": which.layer, "data-unit": which.unit, "data-from": which.from });
}

/**
 * @param {string} name
 * @param {number} longest
 * @returns {string}
 */
const shortened = (name, longest) => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name);
