// @ts-check
/** What trails the drawn step: which things, how often, and when they are stale. */

/**
 * @import { Follower } from "./trailing.js"
 * @import { Page } from "./dom.js"
 * @import { Pictures } from "./pictures.js"
 * @import { Projection } from "./planes/projection.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 * @import { Predictions, Surface } from "./wire.js"
 */
import { isShown } from "./compare/comparison.js";
import { moved } from "./moved.js";
import { countScalars } from "./parameters.js";
import { kindAt } from "./planes/query.js";
import { FIELD_POINTS, SLICE_POINTS } from "./pictures.js";
import { lossScale } from "./plots/scale.js";
import { namesAllParameters } from "./readouts.js";
import { isLineFit } from "./scene.js";

const PREDICTIONS_MS = 1_500;
const VALUES_MS = 3_000;
const SLICE_MS = 2_500;
const TURN_MS = 5_000; // of a plane whose axes turn with the run
const ARROWS_MS = 3_000;
const LIGHT_WORK = 5_000; // examples × parameters; of larger models slices cost the server more than steps do
const MOST_PATIENCE = 4;

/**
 * @param {Pick<Page, "equations">} page
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {Pick<Projection, "paths" | "project" | "turnTo">} projection
 * @param {() => number} reached the furthest step that was drawn
 * @returns {Follower[]}
 */
export function followers(page, store, pictures, projection, reached) {
  const state = () => store.state;
  const isDeep = () => countScalars(state().parameters) > 2;
  const first = () => state().runs[0]?.name ?? "";
  let cutAt = -Infinity;
  store.subscribe(["surface"], () => (cutAt = performance.now()));
  return [
    {
      interval: PREDICTIONS_MS,
      stale: (step) => outdated(state(), step) !== undefined,
      read: async (step) => {
        const run = outdated(state(), step) ?? first();
        const before = state().predictions[run]?.value;
        await pictures.readPredictions(run, step);
        return movedFit(before, state().predictions[run]?.value);
      },
    },
    {
      interval: VALUES_MS,
      stale: (step) => state().values[first()]?.step !== step,
      seen: () => isInSight(page.equations) || namesAllParameters(state()),
      read: (step) => pictures.readValues(first(), step),
    },
    {
      get interval() {
        return Math.max(turns(state()) ? TURN_MS : 0, SLICE_MS * patience(state()));
      },
      renewed: () => cutAt,
      stale: (step) => isDeep() && isOldCut(state(), step, step >= reached()),
      read: async (step) => {
        const before = state().surface?.value;
        await (turns(state(), step) ? projection.turnTo(() => pictures.cut(step)) : pictures.recut(step));
        return movedCut(before, state().surface?.value);
      },
    },
    {
      interval: SLICE_MS,
      stale: (step) => state().view.stage === "line" && areOldLines(state(), step),
      read: (step) => pictures.readLines(shownRuns(state()), step),
    },
    {
      interval: ARROWS_MS,
      stale: () => state().view.arrows && state().field?.of !== state().surface?.value,
      read: () => pictures.readField(),
    },
    {
      interval: SLICE_MS,
      stale: () => isDeep() && projection.paths.get(first())?.plane.id !== state().surface?.value.plane.id,
      seen: () => state().view.stage === "surface", // on the map the next steps bring their own distances
      read: () => projection.project(),
    },
  ];
}

/**
 * Whoever looks back after fast play sees the very step that is named, not the last one before it that came.
 * @param {Projection} projection
 * @param {() => void} came
 * @returns {Follower}
 */
export function gapFollower(projection, came) {
  let tried = -1; // asked for once; what has no answer stays the point before it
  return {
    interval: Infinity,
    seen: () => false,
    stale: (step) => step !== tried && !projection.has(step),
    async read(step) {
      tried = step;
      await projection.fillIn(step);
      if (projection.has(step)) came();
    },
  };
}

/**
 * @param {Readonly<State>} state
 * @returns {string[]}
 */
const shownRuns = ({ runs, compare }) => runs.map(({ name }) => name).filter((name) => isShown(compare, name));

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {boolean} whether they are of other runs, or of another moment
 */
function areOldLines(state, step) {
  const { lines, session } = state;
  const others = lines?.value.now.map(({ run }) => run).join("\n") !== shownRuns(state).join("\n");
  return others || lines?.step !== step || lines.lineage !== session?.lineage;
}

/**
 * @param {Predictions | undefined} before
 * @param {Predictions | undefined} after
 * @returns {number}
 */
const movedFit = (before, after) => (before?.classification ? 1 : moved(before?.z ?? before?.y ?? before?.predicted, after?.z ?? after?.y ?? after?.predicted));

/**
 * @param {Surface | undefined} before
 * @param {Surface | undefined} after
 * @returns {number} in heights as they are drawn: the differences of small losses count
 */
function movedCut(before, after) {
  if (!before || !after || moved(before.x, after.x) || moved(before.y, after.y)) return 1;
  const { height } = lossScale(before, "log");
  return moved(before.loss.map((row) => row.map(height)), after.loss.map((row) => row.map(height)));
}

/**
 * @param {Readonly<State>} state
 * @param {number} [step]
 * @returns {boolean} whether the next cut has other coordinates than the one that is drawn
 */
const turns = ({ surface, ...state }, step = surface?.step ?? 0) => (surface?.kind ?? "parameters") !== "parameters" || kindAt({ surface, ...state }, step) !== "parameters";

/**
 * A plane with coordinates of its own turns with the run; who looks back finds it as it was.
 * @param {Readonly<State>} state
 * @param {number} step
 * @param {boolean} isLatest whether nobody looks back
 * @returns {boolean}
 */
function isOldCut(state, step, isLatest) {
  const { surface, mode, view } = state;
  if (!surface || surface.kind !== kindAt(state, step) || surface.center !== view.center) return true;
  const isFixed = view.center !== "current" && (surface.kind === "parameters" || surface.kind === "random");
  const isOld = !isFixed && surface.step !== step && (surface.kind === "parameters" || mode === "playing" || isLatest);
  return isOld || isCoarse(surface.value, SLICE_POINTS[mode]);
}

/**
 * @param {Readonly<State>} state
 * @param {number} step
 * @returns {string | undefined} the run whose predictions are of the furthest other step, of those that are drawn
 */
function outdated(state, step) {
  const { data, runs, predictions, mode } = state;
  if (!data || isLineFit(state)) return undefined;
  const drawn = data.X.length === 2 || data.classes ? runs.slice(0, 1) : runs;
  const distance = (/** @type {string} */ name) => {
    const known = predictions[name];
    if (!known) return Infinity;
    return Math.abs(known.step - step) + Number(data.X.length === 2 && isCoarse(known.value, FIELD_POINTS[mode]));
  };
  const names = drawn.map(({ name }) => name).filter((name) => distance(name) > 0);
  return names.sort((a, b) => distance(b) - distance(a))[0];
}

/**
 * @param {{x?: number[]} | undefined} grid
 * @param {number} points that a side should have
 * @returns {boolean} whether it was read while it played, with fewer
 */
const isCoarse = (grid, points) => (grid?.x?.length ?? points) < points;

/**
 * @param {Readonly<State>} state
 * @returns {number} how much longer the slices of this model may be apart, 1 for a small one
 */
function patience({ data, parameters }) {
  const work = (data ? data.X[0].length : 1) * countScalars(parameters);
  return Math.min(1 + work / LIGHT_WORK, MOST_PATIENCE);
}

/**
 * @param {HTMLElement} box
 * @returns {boolean}
 */
function isInSight(box) {
  const { top, bottom, height } = box.getBoundingClientRect();
  return height > 0 && top < innerHeight && bottom > 0;
}
