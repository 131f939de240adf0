// @ts-check
/** The path of one run as the page keeps it: columns that grow, and thin out when they would grow without end. */

/** @import { RunState, Trajectory } from "./wire.js" */

/** @typedef {"loss" | "gradientNorm" | "x" | "y" | "offPlane" | "sliceLoss" | "cost" | "samples"} Quantity */
/** @typedef {{step: number} & Record<Quantity, number>} Point a number is NaN where the server no longer has it */

const QUANTITIES = /** @type {const} */ ({
  loss: "loss",
  gradientNorm: "gradient_norm",
  x: "x",
  y: "y",
  offPlane: "off_plane",
  sliceLoss: "slice_loss",
  cost: "cost",
  samples: "samples",
});
const ON_PLANE = /** @type {const} */ (["x", "y", "offPlane", "sliceLoss"]);
const MOST_POINTS = 32_768;
const EXACT_POINTS = 1_024; // at the end of the path, where one looks, none is dropped

export class Path {
  /** @type {number[]} */ step = [];
  /** @type {Record<Quantity, number[]>} */ columns = { loss: [], gradientNorm: [], x: [], y: [], offPlane: [], sliceLoss: [], cost: [], samples: [] };
  /** Test loss comes once an answer, not once a step. */
  test = { step: /** @type {number[]} */ ([]), loss: /** @type {number[]} */ ([]) };
  /** The plane that distance and slice are of, from a step on; before it they are of others. */
  plane = { id: "", from: 0 };

  /** @returns {number} how many points there are */
  get length() {
    return this.step.length;
  }

  /** @returns {number} the last step, -1 where there is none */
  get end() {
    return this.step[this.length - 1] ?? -1;
  }

  /**
   * @param {Trajectory} trajectory points at or before the end of the path are left out
   * @param {string} [plane] the one its distances are from
   */
  append(trajectory, plane = "") {
    const from = trajectory.step.findIndex((step) => step > this.end);
    if (from < 0) return;
    if (plane !== this.plane.id) this.plane = { id: plane, from: trajectory.step[from] };
    for (let i = from; i < trajectory.step.length; i += 1) this.step.push(trajectory.step[i]);
    for (const [name, wire] of Object.entries(QUANTITIES)) {
      const column = this.columns[/** @type {Quantity} */ (name)];
      const values = trajectory[wire] ?? [];
      for (let i = from; i < trajectory.step.length; i += 1) column.push(values[i] ?? NaN);
    }
    if (this.length > MOST_POINTS) this.#thin();
  }

  /**
   * @param {number} step
   * @returns {boolean} whether the point of this very step is here; after the end there is none to be here
   */
  has(step) {
    return step > this.end || this.step[this.indexAt(step)] === step;
  }

  /**
   * Puts points in between that were left out of an answer; those without a place on the map stay out.
   * @param {Trajectory} trajectory
   */
  fillIn(trajectory) {
    trajectory.step.forEach((step, i) => {
      if (this.has(step) || typeof trajectory.x?.[i] !== "number") return;
      const place = this.indexAt(step) + 1;
      this.step.splice(place, 0, step);
      for (const [name, wire] of Object.entries(QUANTITIES)) this.columns[/** @type {Quantity} */ (name)].splice(place, 0, trajectory[wire]?.[i] ?? NaN);
    });
    if (this.length > MOST_POINTS) this.#thin();
  }

  /**
   * @param {number} step
   * @param {number} loss
   */
  appendTest(step, loss) {
    if (step <= (this.test.step.at(-1) ?? -1)) return;
    this.test.step.push(step);
    this.test.loss.push(loss);
  }

  /**
   * Distances from another plane, for points that are here.
   * @param {Trajectory} trajectory
   * @param {string} plane
   */
  project(trajectory, plane) {
    if (!trajectory.step.length) return;
    this.plane = { id: plane, from: trajectory.step[0] };
    this.#put(trajectory, ["offPlane", "sliceLoss"]);
  }

  /**
   * Another plane with coordinates of its own; points that none of the trajectories has are on no map until it turns again.
   * @param {Trajectory[]} trajectories
   * @param {string} plane
   */
  turn(trajectories, plane) {
    this.plane = { id: plane, from: 0 };
    for (const name of ON_PLANE) this.columns[name].fill(NaN);
    for (const trajectory of trajectories) this.#put(trajectory, ON_PLANE);
  }

  /**
   * @param {Trajectory} trajectory
   * @param {readonly Quantity[]} names of what it tells about points that are here
   */
  #put(trajectory, names) {
    trajectory.step.forEach((step, i) => {
      const index = this.indexAt(step);
      if (this.step[index] !== step) return;
      for (const name of names) this.columns[name][index] = trajectory[QUANTITIES[name]]?.[i] ?? NaN;
    });
  }

  /** @param {number} last points after this step go */
  truncate(last) {
    const length = this.indexAt(last) + 1;
    this.#keep((_, i) => i < length);
    const tests = this.test.step.filter((step) => step <= last).length;
    this.test.step.length = tests;
    this.test.loss.length = tests;
  }

  /**
   * @param {number} position a step, whole or not
   * @returns {number} the index of the last point at or before it, -1 where there is none
   */
  indexAt(position) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.step[middle] <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * @param {number} index
   * @returns {Point}
   */
  point(index) {
    const { loss, gradientNorm, x, y, offPlane, sliceLoss, cost, samples } = this.columns;
    return {
      step: this.step[index],
      loss: loss[index],
      gradientNorm: gradientNorm[index],
      x: x[index],
      y: y[index],
      offPlane: offPlane[index],
      sliceLoss: sliceLoss[index],
      cost: cost[index],
      samples: samples[index],
    };
  }

  /** Every second point goes, except the latest and the first. */
  #thin() {
    const exactFrom = this.length - EXACT_POINTS;
    this.#keep((_, i) => i >= exactFrom || i % 2 === 0);
  }

  /** @param {(value: number, index: number) => boolean} wanted */
  #keep(wanted) {
    this.step = this.step.filter(wanted);
    for (const name of /** @type {Quantity[]} */ (Object.keys(this.columns))) {
      this.columns[name] = this.columns[name].filter(wanted);
    }
  }
}

/**
 * Indices to draw of the first `count` points: at most `most`, the last `exact` of them all, the others at a stride that is
 * a power of two, so that the drawing keeps still while the path grows.
 * @param {number} count
 * @param {number} [most]
 * @param {number} [exact]
 * @returns {number[]}
 */
export function drawnIndices(count, most = 1500, exact = 100) {
  const early = Math.max(0, count - exact);
  let stride = 1;
  while (early / stride > most - exact - 1) stride *= 2;
  const indices = [];
  for (let i = 0; i < early; i += stride) indices.push(i);
  for (let i = early; i < count; i += 1) indices.push(i);
  return indices;
}

/**
 * @param {Map<string, Path>} paths by run
 * @param {RunState} run as an answer has it
 * @param {string} [plane]
 */
export function extend(paths, { name, trajectory, step, test_loss }, plane) {
  const path = paths.get(name) ?? new Path();
  paths.set(name, path);
  if (trajectory) path.append(trajectory, plane);
  if (typeof test_loss === "number") path.appendTest(step, test_loss);
}
