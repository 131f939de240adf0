// @ts-check
/** Colour and dash of a run as a small drawing: the same beside its name wherever it stands. */

/** @import { Style } from "../runs.js" */
import { glyph } from "../dom.js";

const DASHES = /** @type {Record<string, string>} */ ({ solid: "", dash: "5 3", dot: "2 2", dashdot: "5 2 1 2", longdash: "8 3", longdashdot: "8 2 1 2" });

/**
 * @param {Style | {colour: string, dash: string}} style
 * @param {number} [width]
 * @returns {SVGSVGElement}
 */
export const lineSign = ({ colour, dash }, width = 2.5) =>
  glyph({ line: { x1: 0, x2: 20, y1: 7, y2: 7, stroke: colour, "stroke-width": width, "stroke-dasharray": DASHES[dash] ?? dash.replaceAll("px", "") } });
