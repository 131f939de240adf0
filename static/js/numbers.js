// @ts-check
/** What the plots show, in words and in tables, for those who do not see them; brought up to date at rest. */

/**
 * @import { Page } from "./dom.js"
 * @import { DrawnRun } from "./runs.js"
 * @import { State } from "./state.js"
 */
import { element, say } from "./dom.js";
import { formatNumber } from "./format.js";
import { drawnIndices } from "./path.js";
import { text } from "./texts.js";

const MOST_ROWS = 24;
const LATEST_ROWS = 8;

/**
 * @param {Pick<Page, "mapSummary" | "lossSummary" | "fitSummary" | "numbers">} page
 * @param {DrawnRun[]} runs
 * @param {Readonly<State>} state
 */
export function describe(page, runs, state) {
  const plane = state.surface?.value.plane;
  const [x_label, y_label] = plane ? [plane.x_label, plane.y_label] : ["x", "y"];
  say(page.mapSummary, runs.map((run) => text("stage.summary", { x_label, y_label, ...ends(run) })).join(" "));
  say(page.lossSummary, runs.map((run) => text("loss.summary", ends(run))).join(" "));
  const { data } = state;
  if (data) {
    const counts = { tests: data.test.length, examples: data.X[0].length - data.test.length, features: data.X.length };
    say(page.fitSummary, text("fit.summary", counts));
  }
  page.numbers.replaceChildren(...runs.map((run) => pathTable(run, x_label, y_label)));
}

/**
 * @param {DrawnRun} run
 * @returns {Record<string, string | number>}
 */
function ends({ name, path, point }) {
  const first = path.point(0);
  return {
    ...{ run: name, step: point.step, first: formatNumber(first.loss), last: formatNumber(point.loss) },
    ...{ x0: formatNumber(first.x), y0: formatNumber(first.y), x: formatNumber(point.x), y: formatNumber(point.y) },
  };
}

/**
 * @param {DrawnRun} run
 * @param {string} xLabel
 * @param {string} yLabel
 * @returns {HTMLTableElement}
 */
function pathTable({ name, path, count }, xLabel, yLabel) {
  const indices = drawnIndices(count, MOST_ROWS, LATEST_ROWS);
  const titles = [text("readout.step"), text("readout.loss"), text("readout.gradient_norm_words"), xLabel, yLabel, text("numbers.off_plane")];
  const rows = indices.map((index) => {
    const { step, loss, gradientNorm, x, y, offPlane } = path.point(index);
    const cells = [loss, gradientNorm, x, y, offPlane].map((value) => element("td", {}, formatNumber(value)));
    return element("tr", {}, element("th", { scope: "row" }, String(step)), ...cells);
  });
  return element(
    "table",
    {},
    element("caption", {}, text("numbers.caption", { run: name, rows: rows.length })),
    element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...rows),
  );
}
