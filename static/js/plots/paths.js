// @ts-check
/**
 * What lies above the contours: optimum and truth, then the paths. Every path keeps its contrast on every colour by a casing,
 * dark under light under its own; the casings of all runs are one trace each, as the cost of a frame grows with the traces.
 */

/**
 * @import { Place, Surface } from "../wire.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Layout, Trace } from "./plotly.js"
 */
import { drawnColumns } from "../runs.js";
import { escaped } from "./plotly.js";

const DARK = "#101420";
const LIGHT = "#ffffff";
const LANDMARKS = 4; // traces before those of the paths
const MOST_POINTS = 1_000; // drawn of a path
const SIDES = ["top right", "bottom right", "top left", "bottom left", "middle right", "middle left", "top center", "bottom center"];

/** @typedef {{x: (number | null)[], y: (number | null)[]}} Coordinates */

/**
 * @param {Surface | null} surface
 * @param {DrawnRun[]} runs
 * @returns {Trace[]}
 */
export function overlayTraces(surface, runs) {
  const traces = [...landmarks(surface), ...pathStyles(runs)];
  const places = pathPlaces(runs);
  return traces.map((trace, i) => (i < LANDMARKS ? trace : { ...trace, ...places[i - LANDMARKS] }));
}

/**
 * The paths at another step, as a change for Plotly.restyle.
 * @param {DrawnRun[]} runs
 * @returns {[Trace, number[]]}
 */
export function pathChange(runs) {
  const places = pathPlaces(runs);
  return [{ x: places.map(({ x }) => x), y: places.map(({ y }) => y) }, places.map((_, i) => i + LANDMARKS)];
}

/**
 * @param {DrawnRun[]} runs
 * @returns {Coordinates[]} two casings, a line a run, all starts, all heads
 */
function pathPlaces(runs) {
  const lines = runs.map((run) => drawnColumns(run, ["x", "y"], MOST_POINTS));
  const joined = (/** @type {"x" | "y"} */ axis) => lines.flatMap((line) => [...line[axis], null]);
  const casing = { x: joined("x"), y: joined("y") };
  const ends = (/** @type {number} */ at) => ({ x: lines.map(({ x }) => x.at(at) ?? null), y: lines.map(({ y }) => y.at(at) ?? null) });
  return [casing, casing, ...lines.map(({ x, y }) => ({ x, y })), ends(0), ends(-1)];
}

/**
 * @param {DrawnRun[]} runs
 * @returns {Trace[]} in the order of `pathPlaces`
 */
function pathStyles(runs) {
  const line = (/** @type {string} */ color, /** @type {number} */ width, dash = "solid") => ({
    ...{ type: "scatter", mode: "lines", hoverinfo: "skip", connectgaps: false },
    line: { color, width, dash, simplify: true },
  });
  const marks = (/** @type {Layout} */ marker) => ({ type: "scatter", mode: "markers", hoverinfo: "skip", marker });
  return [
    line(DARK, 5.5),
    line(LIGHT, 4),
    ...runs.map(({ style }) => line(style.colour, 2.25, style.dash)),
    marks({ symbol: "circle", size: 11, color: LIGHT, line: { color: DARK, width: 2 } }),
    {
      ...marks({ symbol: "circle", size: 15, color: runs.map(({ style }) => style.colour), line: { color: LIGHT, width: 2 } }),
      ...(runs.length > 1 ? names(runs) : {}),
    },
  ];
}

/**
 * @param {DrawnRun[]} runs
 * @returns {Trace} their names beside their heads, each on another side, so that heads that meet can be told apart
 */
function names(runs) {
  const textfont = { color: LIGHT, size: 12, weight: 600, shadow: `0 0 3px ${DARK}, 0 0 3px ${DARK}, 0 0 2px ${DARK}` };
  return { mode: "markers+text", text: runs.map(({ name }) => escaped(name)), textposition: runs.map((_, i) => SIDES[i % SIDES.length]), textfont, cliponaxis: false };
}

/**
 * @param {Surface | null} surface
 * @returns {Trace[]} lowest points as ✕, the generating truth as +, other minima as a small ✕, saddles as a diamond
 */
function landmarks(surface) {
  const mark = (/** @type {Place[]} */ places, /** @type {string} */ symbol, size = 11) => ({
    ...{ type: "scatter", mode: "markers", x: places.map(({ x }) => x), y: places.map(({ y }) => y), hoverinfo: "skip" },
    marker: { symbol, size, color: DARK, line: { color: LIGHT, width: 1.5 } },
  });
  const { optimum, truth, landmarks: known = [] } = surface ?? {};
  const of = (/** @type {string} */ kind) => known.filter((place) => place.kind === kind);
  const lowest = of("global").length ? of("global") : optimum ? [optimum] : [];
  return [mark(lowest, "x"), mark(truth ? [truth] : [], "cross"), mark(of("local"), "x", 8), mark(of("saddle"), "diamond", 9)];
}
