"""Where runs end: points of a function of x and y are told apart by place, minima of a model by their loss.

A network has each minimum many times (its hidden units may change places): starts are told apart by what they reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.engine.functions.plane_function import Landmark, PlaneFunction
from app.engine.objective import Objective
from app.engine.plane_objective import PlaneObjective
from app.engine.windows import Window

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Kind = Literal["minimum", "saddle", "maximum", "level"]

MOST_MINIMA = 200
NO_MINIMUM = -1
REACH = 0.02
SAME = 1e-4
"""Shares of the window's longer side: how far a point may lie from its minimum, and how far two of one may."""

FLAT = 1e-6
"""Against the larger curvature: below this a function does not bend that way, and its minima are a valley."""

LEVEL = 1e-3
"""A gap between losses, as a share of the median loss of the starts, that parts two levels."""

NEWTON_STEPS = 8


@dataclass(frozen=True)
class Minimum:
    """`x` and `y` where it is a point, `loss` the least seen there; `known` is what theory says of that point."""

    kind: Kind
    loss: float
    x: float | None = None
    y: float | None = None
    known: Literal["global", "local", "saddle", "optimum"] | None = None


@np.errstate(all="ignore")
def minima(
    objective: Objective, ends: Array | None, losses: Array, window: Window, scale: float
) -> tuple[list[Minimum], Places]:
    """The minima reached, the lowest first, and for each run the place of its own in that list, `NO_MINIMUM` without.

    `ends` (N, 2) and `losses` (N,) are those of runs that arrived, `scale` the median loss of all starts.
    """
    if isinstance(objective, PlaneObjective) and ends is not None:
        found = list(_points(objective.function, ends, losses, window, scale))
    else:
        found = list(_levels(losses, np.arange(len(losses)), scale))
        found = [(_recognised(minimum, objective, scale), rows) for minimum, rows in found]
    found.sort(key=lambda one: one[0].loss)
    places = np.full(len(losses), NO_MINIMUM, dtype=np.intp)
    for place, (_, rows) in enumerate(found[:MOST_MINIMA]):
        places[rows] = place
    return [minimum for minimum, _ in found[:MOST_MINIMA]], places


def _recognised(level: Minimum, objective: Objective, scale: float) -> Minimum:
    optimum = objective.optimum
    is_optimum = optimum is not None and abs(level.loss - optimum.loss) <= LEVEL * scale
    return Minimum("level", level.loss, known="optimum") if is_optimum else level


def _levels(losses: Array, rows: Places, scale: float) -> Iterator[tuple[Minimum, Places]]:
    """Losses in order, parted where a gap is wide."""
    if not len(rows):
        return
    order = rows[np.argsort(losses[rows], kind="stable")]
    gaps = np.flatnonzero(np.diff(losses[order]) > LEVEL * scale) + 1
    for level in np.split(order, gaps):
        yield Minimum("level", float(losses[level[0]])), level


def _points(
    function: PlaneFunction, ends: Array, losses: Array, window: Window, scale: float
) -> Iterator[tuple[Minimum, Places]]:
    """Ends that lead to one stationary point; where the function is flat one way, those of one level."""
    side = max(window[1] - window[0], window[3] - window[2])
    points, found = _polished(function, ends, REACH * side)
    low, high = _curvatures(function, points)
    steepest = np.maximum(np.abs(low), np.abs(high))
    flat = ~(np.minimum(np.abs(low), np.abs(high)) > FLAT * steepest)
    yield from _levels(losses, np.flatnonzero(flat), scale)
    values = function.value(points[:, 0], points[:, 1])
    left = np.flatnonzero(found & ~flat)
    while len(left):
        first = left[0]
        near = np.hypot(*(points[left] - points[first]).T) <= SAME * side
        near[0] = True
        kind: Kind = "minimum" if low[first] > 0 else "maximum" if high[first] < 0 else "saddle"
        x, y = points[first].tolist()
        mark = _landmark(function.landmarks, x, y, SAME * side)
        known, value = (mark.kind, mark.value) if mark else (None, float(values[first]))
        x, y = (mark.x, mark.y) if mark else (x, y)
        yield Minimum(kind, float(value), float(x), float(y), known), left[near]
        left = left[~near]


def _polished(function: PlaneFunction, ends: Array, reach: float) -> tuple[Array, NDArray[np.bool_]]:
    """The stationary points (N, 2) that Newton's method leads to from the ends, and whether there is one near (N,)."""
    points = ends.copy()
    for _ in range(NEWTON_STEPS):
        x, y = points.T
        fx, fy = (np.broadcast_to(slope, x.shape) for slope in function.gradient(x, y))
        fxx, fxy, fyy = (np.broadcast_to(bend, x.shape) for bend in function.hessian(x, y))
        determinant = fxx * fyy - fxy * fxy
        move = np.stack([fyy * fx - fxy * fy, fxx * fy - fxy * fx], axis=1) / determinant[:, None]
        points = np.where(np.isfinite(move), points - move, points)
    near = np.hypot(*(points - ends).T) <= reach
    points[~near] = ends[~near]
    return points, near


def _curvatures(function: PlaneFunction, points: Array) -> tuple[Array, Array]:
    """The eigenvalues of the Hessian at each point, the smaller first."""
    fxx, fxy, fyy = (np.broadcast_to(bend, len(points)) for bend in function.hessian(points[:, 0], points[:, 1]))
    mean, spread = 0.5 * (fxx + fyy), np.hypot(0.5 * (fxx - fyy), fxy)
    return mean - spread, mean + spread


def _landmark(landmarks: tuple[Landmark, ...], x: float, y: float, reach: float) -> Landmark | None:
    near = [mark for mark in landmarks if np.hypot(mark.x - x, mark.y - y) <= reach]
    return near[0] if near else None
