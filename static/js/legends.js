// @ts-check
/** What the signs in the plots mean, beside them: a small drawing and a word each, never colour alone. */

/**
 * @import { DataView } from "./wire.js"
 * @import { DrawnRun } from "./runs.js"
 * @import { State } from "./state.js"
 */
import { fill, runItems, runsKey } from "./compare/legend.js";
import { lineSign } from "./compare/sign.js";
import { element, glyph } from "./dom.js";
import { text } from "./texts.js";

/**
 * @param {SVGElement} sign
 * @param {string} word
 * @returns {HTMLElement}
 */
const item = (sign, word) => element("span", {}, sign, word);

const signs = {
  start: () => glyph({ circle: { cx: 10, cy: 7, r: 4.5, fill: "#fff", stroke: "#101420", "stroke-width": 1.75 } }),
  head: (/** @type {string} */ colour) => glyph({ circle: { cx: 10, cy: 7, r: 6, fill: colour, stroke: "#fff", "stroke-width": 1.5 } }),
  optimum: () => glyph({ path: { d: "M5.5 2.5 10 7l4.5-4.5M5.5 11.5 10 7l4.5 4.5", stroke: "currentColor", "stroke-width": 3, fill: "none" } }),
  local: () => glyph({ path: { d: "M7 4l6 6M7 10l6-6", stroke: "currentColor", "stroke-width": 2.5, fill: "none" } }),
  saddle: () => glyph({ path: { d: "M10 2.500 14.500 7 10 11.500 5.500 7Z", fill: "currentColor" } }),
  truth: () => glyph({ path: { d: "M10 1.5v11M4.5 7h11", stroke: "currentColor", "stroke-width": 3, fill: "none" } }),
  train: () => glyph({ circle: { cx: 10, cy: 7, r: 3.5, fill: "var(--data)" } }),
  test: () => glyph({ path: { d: "M10 2l5 5-5 5-5-5Z", fill: "none", stroke: "var(--test)", "stroke-width": 1.5 } }),
};

/**
 * @param {HTMLElement} box
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 */
export function stageLegend(box, runs, state) {
  const { optimum, truth, landmarks = [] } = state.surface?.value ?? {};
  const [hasLocal, hasSaddle] = ["local", "saddle"].map((kind) => landmarks.some((mark) => mark.kind === kind));
  const colour = runs[0]?.style.colour;
  fill(box, JSON.stringify([runsKey(state), colour, !optimum, !truth, hasLocal, hasSaddle, !state.data]), () => [
    ...runItems(state),
    item(signs.start(), text("stage.key_start")),
    ...(colour ? [item(signs.head(colour), text("stage.key_head"))] : []),
    ...(optimum ? [item(signs.optimum(), text(state.data ? "stage.key_optimum" : "stage.key_minimum"))] : []),
    ...(hasLocal ? [item(signs.local(), text("planes.key_local"))] : []),
    ...(hasSaddle ? [item(signs.saddle(), text("planes.key_saddle"))] : []),
    ...(truth ? [item(signs.truth(), text("stage.key_truth"))] : []),
  ]);
}

/**
 * @param {HTMLElement} box
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 */
export function lossLegend(box, runs, state) {
  const hasTest = runs.some(({ path }) => path.test.step.length > 0);
  const isCut = state.view.lossScale === "log" && runs.some(({ path, count }) => path.columns.loss.slice(0, count).some((loss) => loss <= 0));
  fill(box, JSON.stringify([runsKey(state), hasTest, isCut]), () => [
    ...runItems(state),
    ...(hasTest && state.runs.length === 1 ? [item(lineSign(runs[0].style), text("loss.train"))] : []),
    ...(hasTest ? [item(lineSign({ colour: "var(--test)", dash: "dot" }, 2), text("loss.test"))] : []),
    ...(isCut ? [element("span", {}, text("loss.not_positive"))] : []),
  ]);
}

/**
 * @param {HTMLElement} box
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 * @param {HTMLElement[]} marked
 */
export function fitLegend(box, runs, state, marked) {
  const { data } = state;
  if (!data) return;
  const key = JSON.stringify([runsKey(state), data.X.length, !data.classes, !data.test.length, !data.truth, runs.length, marked.map(({ textContent }) => textContent)]);
  fill(box, key, () => [...fitItems(runs, state, data), ...marked]);
}

/**
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 * @param {DataView} data
 * @returns {Node[]}
 */
function fitItems(runs, state, data) {
  const isCounted = data.X.length > 2 && data.classes;
  const items = isCounted ? [] : [item(signs.train(), text("fit.train"))];
  if (!isCounted && data.test.length) items.push(item(signs.test(), text("fit.test")));
  if (data.X.length > 1) {
    const words = data.X.length === 2 ? ["fit.field", "fit.classes"] : ["fit.perfect", "fit.counts"];
    return [...items, element("span", {}, text(words[data.classes ? 1 : 0]))];
  }
  items.push(...(state.runs.length > 1 ? runItems(state) : runs.map((run) => item(lineSign(run.style), text("fit.model")))));
  if (data.truth) items.push(item(lineSign({ colour: "currentColor", dash: "6 4" }, 1.25), text("fit.truth")));
  return items;
}
