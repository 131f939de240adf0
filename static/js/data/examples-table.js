// @ts-check
/** What the plot of the data shows, as a table for those who do not see it; read and made only while it is opened. */

/**
 * @import { Follower } from "../trailing.js"
 * @import { Pictures } from "../pictures.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { DataView, Predictions } from "../wire.js"
 */
import { element } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";

const MOST_ROWS = 200; // of more examples every k-th
const MOST_FEATURES = 4; // more columns than that are not a help

/**
 * @param {HTMLDetailsElement} box its summary stays
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {() => void} opened called when the table is to be read
 * @returns {Follower} the first run's, at rest
 */
export function examplesFollower(box, store, pictures, opened) {
  const table = element("div", { className: "wide" });
  /** @type {{step: number, lineage: number | undefined, data: DataView | null} | null} */
  let shown = null;
  const now = (/** @type {number} */ step) => ({ step, lineage: store.state.session?.lineage, data: store.state.data });
  box.append(table);
  box.addEventListener("toggle", () => box.open && opened());
  store.subscribe(["data"], ({ data }) => (box.hidden = data === null));
  return {
    interval: Infinity,
    seen: () => false,
    stale: (step) => box.open && !box.hidden && (shown?.step !== step || shown.lineage !== now(step).lineage || shown.data !== store.state.data),
    async read(step) {
      const asked = now(step);
      const run = store.state.runs[0]?.name ?? "";
      const query = { run, step, resolution: 2, examples: "true" };
      await pictures.read((id) => pictures.api.predictions(id, query), ({ value }) => {
        shown = asked;
        if (asked.data) table.replaceChildren(exampleTable(asked.data, value, { run, step }));
      });
    },
  };
}

/**
 * @param {DataView} data
 * @param {Predictions} predictions
 * @param {{run: string, step: number}} at
 * @returns {HTMLTableElement}
 */
function exampleTable(data, { predicted = [] }, { run, step }) {
  const [answers, examples] = [/** @type {(number | null)[][]} */ (predicted), data.X[0].length];
  const every = Math.ceil(examples / MOST_ROWS);
  const drawn = Array.from({ length: Math.ceil(examples / every) }, (_, i) => i * every);
  const tests = new Set(data.test);
  const features = data.X.slice(0, MOST_FEATURES);
  const titles = [text("numbers.example"), ...features.map((_, i) => data.x_names?.[i] ?? `x${i + 1}`), text("fit.observed"), text("fit.predicted")];
  const rows = drawn.map((i) => {
    const name = tests.has(i) ? text("numbers.example_test", { number: i + 1 }) : String(i + 1);
    const cells = [...features.map((row) => formatNumber(row[i])), observed(data, i), answered(data, answers, i)];
    return element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell)));
  });
  return element(
    "table",
    {},
    element("caption", {}, text("numbers.examples_caption", { run, step, rows: rows.length, examples })),
    element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...rows),
  );
}

/**
 * @param {DataView} data
 * @param {number} i
 * @returns {string}
 */
const observed = ({ y, classes }, i) => (classes ? (classes[y[0][i]] ?? formatNumber(y[0][i])) : listed(y, i));

/**
 * @param {DataView} data
 * @param {(number | null)[][]} answers a row for each output
 * @param {number} i
 * @returns {string} a class with its probability, or numbers
 */
function answered({ classes }, answers, i) {
  if (!classes || answers.length === 1) return listed(answers, i);
  const values = answers.map((row) => row[i] ?? -Infinity);
  const likeliest = values.indexOf(Math.max(...values));
  return `${classes[likeliest] ?? likeliest}: ${formatNumber(answers[likeliest]?.[i])}`;
}

/**
 * @param {(number | null)[][]} rows
 * @param {number} i
 * @returns {string}
 */
const listed = (rows, i) => rows.map((row) => formatNumber(row[i])).join(", ");
