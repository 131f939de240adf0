// @ts-check
/** Through which point the map is cut, and how far the drawn point is from it. */

/**
 * @import { DrawnRun } from "../runs.js"
 * @import { State } from "../state.js"
 */
import { formatNumber } from "../format.js";
import { countScalars } from "../parameters.js";
import { text } from "../texts.js";

const WORTH_SAYING = 1e-6; // less off the plane is rounding

/**
 * @param {Readonly<State>} state
 * @param {DrawnRun | undefined} run
 * @returns {string} "" where the map holds all parameters there are
 */
export function sliceWords({ surface, parameters }, run) {
  if (!surface || !run || countScalars(parameters) <= 2) return "";
  const { offPlane, sliceLoss } = run.point;
  const cut = surface.center === "current" ? text("stage.slice", { step: surface.step }) : text(`planes.slice_${surface.center}`);
  if (!isOff(run, surface.value.plane.id)) return cut;
  return text("planes.off", { cut, distance: formatNumber(offPlane), slice: formatNumber(sliceLoss) });
}

/**
 * @param {DrawnRun} run
 * @param {string} plane
 * @returns {boolean} whether its point is known to be off this plane
 */
export const isOff = (run, plane) => isMeasured(run, plane) && run.point.offPlane > WORTH_SAYING;

/**
 * @param {DrawnRun} run
 * @param {string} plane
 * @returns {boolean} whether the distance of its point is from this plane
 */
export const isMeasured = ({ path, point }, plane) => path.plane.id === plane && point.step >= path.plane.from;
