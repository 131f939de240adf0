// @ts-check
/** The network drawn, on paper of its own: a title, the drawing, and what its lines mean. */

import { standAlone } from "../share/sheet.js";
import { palette, plotScale } from "../theme.js";
import { svg } from "./svg.js";

const MARGIN = 30; // pixels, as all that follows
const TITLE = { size: 20, line: 30 };
const KEY = { size: 13, line: 22, column: 150 };

/**
 * @param {SVGSVGElement} drawing on the page
 * @param {HTMLElement} key of its lines: samples and words
 * @param {string[]} words title, and what goes through the network
 * @returns {SVGSVGElement}
 */
export function networkSheet(drawing, key, [title, example]) {
  const { ink, soft, paper } = palette();
  const scale = plotScale();
  const top = scale * (MARGIN + TITLE.line + KEY.line);
  const [width, drawn] = [drawing.width.baseVal.value, drawing.height.baseVal.value];
  const height = top + drawn + scale * (KEY.line + MARGIN);
  const picture = standAlone(drawing);
  for (const [name, value] of Object.entries({ x: 0, y: top })) picture.setAttribute(name, String(value));
  const said = (/** @type {string} */ words, /** @type {Record<string, number | string>} */ attributes) => svg("text", attributes, words);
  const heading = svg("g", { transform: `scale(${scale})` }, said(title, { x: MARGIN, y: MARGIN + TITLE.size / 2, fill: ink, "font-size": TITLE.size }), said(example, { x: MARGIN, y: MARGIN + TITLE.line + KEY.size / 2, fill: soft, "font-size": KEY.size }));
  const foot = svg("g", { transform: `translate(0 ${top + drawn}) scale(${scale})`, fill: soft, "font-size": KEY.size }, ...keyParts(key));
  const sheet = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "font-family": "system-ui, sans-serif" }, svg("rect", { width, height, fill: paper }));
  sheet.append(heading, picture, foot);
  return sheet;
}

/**
 * @param {HTMLElement} key
 * @returns {SVGElement[]} one beside another
 */
function keyParts(key) {
  return [...key.children].map((entry, i) => {
    const sample = entry.querySelector("line");
    const words = svg("text", { x: sample ? 28 : 0, y: 12 }, entry.textContent ?? "");
    return svg("g", { transform: `translate(${MARGIN + i * KEY.column} 0)` }, ...(sample ? [standAlone(sample)] : []), words);
  });
}
