"""The points of a path as a client gets them: thinned to what was asked for, with coordinates on a plane."""

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from app.engine.path import Track
from app.engine.planes import Plane, named_plane
from app.engine.run import Run
from app.engine.state import State

Array = NDArray[np.float64]
Json = dict[str, Any]

MOST_SLICE_WORK = 20_000_000
"""Examples × units that the losses beneath a path may cost in one answer, about 0.1 s; older points go without."""

MANY_STEPS = 2**40


@dataclass(frozen=True)
class Window:
    """Points after step `since` (None: from the start) up to a state, at most `max_points`, seen from `plane`."""

    since: int | None = None
    max_points: int | None = None
    plane: Plane | None = None


@dataclass(frozen=True)
class Points:
    """The steps `first`, `first + stride`, …, `count` of them, and with `tail` the state's own after them."""

    first: int
    stride: int
    count: int
    tail: bool

    def __len__(self) -> int:
        return self.count + self.tail

    def rows_of(self, track: Track) -> tuple[Array, int, int]:
        """What a track holds of them, (M, width): from the place `start` on, one in `every` has a row."""
        stride = max(self.stride, track.stride)
        first = self.first + -self.first % stride
        last = min(self.first + (self.count - 1) * self.stride, (track.count - 1) * track.stride)
        rows = track.rows[first // track.stride : last // track.stride + 1 : stride // track.stride]
        return rows if last >= first else rows[:0], (first - self.first) // self.stride, stride // self.stride


def trajectory(run: Run, state: State, window: Window) -> Json:
    """Equal lists: step, loss, gradient_norm, what it took to come there, and x, y, off_plane, slice_loss.

    The last four are null where θ was thinned away. `cost` is loss evaluations + 2·gradients, `samples` examples seen.

    Every point kept, and the newest; `stride` is the distance between those kept.
    """
    points = points_to_show(run, state, window)
    steps = np.arange(points.first, points.first + len(points) * points.stride, points.stride)
    table = np.full((6, len(points)), np.nan)
    rows, _, _ = points.rows_of(run.path.scalars)
    table[:2, : points.count] = rows.T
    if points.tail:
        steps[-1] = state.step
        table[:2, -1] = state.loss, state.gradient_norm
    if len(points):
        _put_on_plane(run, state, points, window.plane or default_plane(run), table)
    names = ("loss", "gradient_norm", "x", "y", "off_plane", "slice_loss")
    loss, gradient, samples = run.costs.at(steps)
    spent = {"cost": loss + 2 * gradient, "samples": samples}
    return {"stride": points.stride, "step": steps, **dict(zip(names, table, strict=True)), **spent}


_default_planes: WeakKeyDictionary[Run, Plane] = WeakKeyDictionary()


def default_plane(run: Run) -> Plane:
    """The first two parameters, the others as at the start."""
    plane = _default_planes.get(run)
    if plane is None:
        layout = run.objective.layout
        i, j = int(layout.order[0]), int(layout.order[1])
        plane = named_plane(run.plan.start, i, j, layout.addresses[0], layout.addresses[1])
        _default_planes[run] = plane
    return plane


def points_to_show(run: Run, state: State, window: Window) -> Points:
    """Those kept after `since`, at most so many; the state's own has to be added where it is none of them."""
    track = run.path.scalars
    since = -1 if window.since is None else window.since
    last, stride = min(state.step, (track.count - 1) * track.stride), track.stride
    most = MANY_STEPS if window.max_points is None else max(2, window.max_points)
    while (last - since - 1) // stride + 2 > most and stride < MANY_STEPS:
        stride *= 2
    first = since + 1 + -(since + 1) % stride
    count = max(0, (last - first) // stride + 1)
    newest = first + (count - 1) * stride if count else since
    return Points(first, stride, count, tail=newest < state.step)


def _put_on_plane(run: Run, state: State, points: Points, plane: Plane, table: Array) -> None:
    """Fill in x, y, the distance from the plane and the loss of the plane beneath, wherever θ is known."""
    thetas, start, every = points.rows_of(run.path.thetas)
    places = slice(start, start + len(thetas) * every, every)
    newest_is_known = len(thetas) > 0 and start + (len(thetas) - 1) * every == len(points) - 1
    _put(run, plane, thetas, table[:, places])
    if not newest_is_known:
        _put(run, plane, state.theta[None], table[:, -1:])


def _put(run: Run, plane: Plane, thetas: Array, table: Array) -> None:
    """Of θs (M, P), into the last four rows of the table (6, M), whose first holds the losses of the path."""
    if not len(thetas):
        return
    if thetas.shape[1] == 2 and plane.named_axes:  # two parameters: nothing is off the plane
        i, j = plane.named_axes
        table[2], table[3], table[4], table[5] = thetas[:, i], thetas[:, j], 0.0, table[0]
        return
    with np.errstate(over="ignore"):
        x, y, off = plane.coordinates(thetas)
    table[2], table[3], table[4] = x, y, finite_or_nan(off)
    table[5] = table[0]
    elsewhere = np.flatnonzero(off)
    if len(elsewhere):
        known = elsewhere[-max(1, MOST_SLICE_WORK // run.objective.step_work) :]
        table[5, elsewhere] = np.nan
        table[5, known] = finite_or_nan(run.objective.losses(plane.points(x[known], y[known])))


def finite_or_nan(values: Array) -> Array:
    """What overflowed has no number to show."""
    return np.where(np.isfinite(values), values, np.nan)
