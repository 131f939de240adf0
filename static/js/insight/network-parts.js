// @ts-check
/** The parts of the network drawn: lines, units, notes. */

/**
 * @import { Place, Plan } from "./geometry.js"
 * @import { Shown } from "./network.js"
 */
import { text } from "../texts.js";
import { UNIT } from "./geometry.js";
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
export function linesOf({ places }) {
  return places.slice(1).map((own, layer) => own.map((to, unit) => places[layer].map((from, i) => line(from, to, { layer, unit, from: i }))));
}

/**
 * @param {Plan} plan
 * @param {Shown} shown
 * @returns {UnitParts[][]} inputs first
 */
export function unitsOf({ places, width }, shown) {
  const longest = width > WIDE ? LONGEST_NAME.wide : LONGEST_NAME.narrow;
  return places.map((own, layer) => own.map((place, unit) => unitAt(place, layer, unit, shortened(titleOf(shown, layer, unit), longest))));
}

/**
 * @param {Plan} plan
 * @returns {SVGTextElement[]} how many units of a layer are not drawn, under its last one
 */
export function restsOf({ places, hidden }) {
  return places.flatMap((own, layer) => (hidden[layer] ? [noteUnder(own[own.length - 1], text("network.more", { units: hidden[layer] }))] : []));
}

/**
 * @param {Place} place
 * @param {number} layer
 * @param {number} unit
 * @param {string} title
 * @returns {UnitParts}
 */
function unitAt({ x, y }, layer, unit, title) {
  const half = UNIT / 2;
  const body = svg("rect", { class: "body", width: UNIT, height: UNIT, rx: layer ? 4 : half });
  const value = svg("text", { class: "value", x: half, y: UNIT + 13 });
  const picture = new UnitPicture();
  const name = title ? [svg("text", { class: layer ? "name last" : "name first", x: layer ? UNIT : 0, y: -6 }, title)] : [];
  const attributes = { class: "unit", transform: `translate(${x - half} ${y - half})`, tabindex: -1, role: "img", "data-layer": layer, "data-unit": unit };
  return { group: svg("g", attributes, body, picture.element, value, ...name), value, body, picture, unit };
}

/**
 * @param {Place} from
 * @param {Place} to
 * @param {{layer: number, unit: number, from: number}} which
 * @returns {SVGLineElement}
 */
function line(from, to, which) {
  const ends = { x1: from.x + UNIT / 2, y1: from.y, x2: to.x - UNIT / 2, y2: to.y };
  return svg("line", { class: "line", ...ends, "data-layer": which.layer, "data-unit": which.unit, "data-from": which.from });
}

/**
 * @param {Place} place
 * @param {string} words
 * @returns {SVGTextElement}
 */
const noteUnder = ({ x, y }, words) => svg("text", { class: "name", x, y: y + UNIT / 2 + 30 }, words);

/**
 * @param {string} name
 * @param {number} longest
 * @returns {string}
 */
const shortened = (name, longest) => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name);
