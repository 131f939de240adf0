// @ts-check
/** What the signs in the plots mean, beside them: a small drawing and a word each, never colour alone. */

/**
 * @import { DrawnRun, Style } from "./runs.js"
 * @import { State } from "./state.js"
 */
import { element, glyph } from "./dom.js";
import { text } from "./texts.js";

const DASHES = /** @type {Record<string, string>} */ ({ solid: "", dash: "5 3", dot: "2 2", dashdot: "5 2 1 2", longdash: "8 3", longdashdot: "8 2 1 2" });

/**
 * @param {SVGElement} sign
 * @param {string} word
 * @returns {HTMLElement}
 */
const item = (sign, word) => element("span", {}, sign, word);

/**
 * @param {Style | {colour: string, dash: string}} style
 * @param {number} [width]
 * @returns {SVGSVGElement}
 */
const lineSign = ({ colour, dash }, width = 2.5) =>
  glyph({ line: { x1: 0, x2: 20, y1: 7, y2: 7, stroke: colour, "stroke-width": width, "stroke-dasharray": DASHES[dash] ?? dash.replaceAll("px", "") } });

const signs = {
  start: () => glyph({ circle: { cx: 10, cy: 7, r: 4.5, fill: "#fff", stroke: "#101420", "stroke-width": 1.75 } }),
  head: (/** @type {string} */ colour) => glyph({ circle: { cx: 10, cy: 7, r: 6, fill: colour, stroke: "#fff", "stroke-width": 1.5 } }),
  optimum: () => glyph({ path: { d: "M5.5 2.5 10 7l4.5-4.5M5.5 11.5 10 7l4.5 4.5", stroke: "currentColor", "stroke-width": 3, fill: "none" } }),
  truth: () => glyph({ path: { d: "M10 1.5v11M4.5 7h11", stroke: "currentColor", "stroke-width": 3, fill: "none" } }),
  train: () => glyph({ circle: { cx: 10, cy: 7, r: 3.5, fill: "var(--data)" } }),
  test: () => glyph({ path: { d: "M10 2l5 5-5 5-5-5Z", fill: "none", stroke: "var(--test)", "stroke-width": 1.5 } }),
};

/**
 * @param {HTMLElement} box
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 */
export function stageLegend(box, runs, { surface, data }) {
  const items = runs.length > 1 ? runs.map((run) => item(lineSign(run.style), run.name)) : [];
  items.push(item(signs.start(), text("stage.key_start")));
  if (runs.length) items.push(item(signs.head(runs[0].style.colour), text("stage.key_head")));
  if (surface?.value.optimum) items.push(item(signs.optimum(), text(data ? "stage.key_optimum" : "stage.key_minimum")));
  if (surface?.value.truth) items.push(item(signs.truth(), text("stage.key_truth")));
  box.replaceChildren(...items);
}

/**
 * @param {HTMLElement} box
 * @param {DrawnRun[]} runs
 * @param {"log" | "linear"} kind of axis
 */
export function lossLegend(box, runs, kind) {
  const hasTest = runs.some(({ path }) => path.test.step.length > 0);
  const isCut = kind === "log" && runs.some(({ path, count }) => path.columns.loss.slice(0, count).some((loss) => loss <= 0));
  const names = runs.length < 2 && !hasTest ? [] : runs.map((run) => item(lineSign(run.style), runs.length > 1 ? run.name : text("loss.train")));
  const test = hasTest ? [item(lineSign({ colour: "var(--test)", dash: "dot" }, 2), text("loss.test"))] : [];
  const cut = isCut ? [element("span", {}, text("loss.not_positive"))] : [];
  box.replaceChildren(...names, ...test, ...cut);
}

/**
 * @param {HTMLElement} box
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 * @param {HTMLElement[]} marked
 */
export function fitLegend(box, runs, { data }, marked) {
  if (!data) return;
  const isCounted = data.X.length > 2 && data.classes;
  const items = isCounted ? [] : [item(signs.train(), text("fit.train"))];
  if (!isCounted && data.test.length) items.push(item(signs.test(), text("fit.test")));
  if (data.X.length === 1) {
    items.push(...runs.map((run) => item(lineSign(run.style), runs.length > 1 ? run.name : text("fit.model"))));
    if (data.truth) items.push(item(lineSign({ colour: "currentColor", dash: "6 4" }, 1.25), text("fit.truth")));
  } else {
    const words = data.X.length === 2 ? ["fit.field", "fit.classes"] : ["fit.perfect", "fit.counts"];
    items.push(element("span", {}, text(words[data.classes ? 1 : 0])));
  }
  box.replaceChildren(...items, ...marked);
}
