"""The points of a path as a client gets them: thinned to what was asked for, with coordinates on a plane."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.planes import Plane, named_plane
from app.engine.run import Run
from app.engine.state import State

Array = NDArray[np.float64]
Steps = NDArray[np.int64]
Json = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """Points after step `since` (None: from the start) up to a state, at most `max_points`, seen from `plane`."""

    since: int | None = None
    max_points: int | None = None
    plane: Plane | None = None


def trajectory(run: Run, state: State, window: Window) -> Json:
    """Equal lists: step, loss, gradient_norm, and x, y, off_plane, slice_loss, which are null where θ was thinned away.

    Every point kept, and the newest; `stride` is the distance between those kept.
    """
    first = 0 if window.since is None else window.since + 1
    steps, stride = _steps(run, state, first, window.max_points)
    losses, norms = _scalars(run, state, steps)
    x, y, off_plane, slice_loss = _on_plane(run, state, steps, losses, window.plane)
    return {
        "stride": stride,
        "step": steps,
        "loss": losses,
        "gradient_norm": norms,
        "x": x,
        "y": y,
        "off_plane": off_plane,
        "slice_loss": slice_loss,
    }


def default_plane(run: Run) -> Plane:
    """The first two parameters, the others as at the start."""
    layout = run.objective.layout
    i, j = int(layout.order[0]), int(layout.order[1])
    return named_plane(run.plan.start, i, j, layout.addresses[0], layout.addresses[1])


def _steps(run: Run, state: State, first: int, max_points: int | None) -> tuple[Steps, int]:
    """The steps to show, from `first` to the state's: multiples of a stride, and the state's own."""
    track = run.path.scalars
    last = min(state.step, (track.count - 1) * track.stride)
    stride = track.stride
    while max_points is not None and (last - first) // stride + 2 > max(2, max_points) and stride < 2**40:
        stride *= 2
    steps = np.arange(first + -first % stride, last + 1, stride, dtype=np.int64)
    if state.step >= first and (len(steps) == 0 or steps[-1] != state.step):
        steps = np.append(steps, state.step)
    return steps, stride


def _scalars(run: Run, state: State, steps: Steps) -> tuple[Array, Array]:
    """Loss and gradient norm at these steps; the state's own where it is not among the points kept."""
    track = run.path.scalars
    kept = steps % track.stride == 0
    kept &= steps // track.stride < track.count
    rows = np.empty((len(steps), 2))
    rows[kept] = track.rows[steps[kept] // track.stride]
    rows[~kept] = state.loss, state.gradient_norm
    return np.ascontiguousarray(rows[:, 0]), np.ascontiguousarray(rows[:, 1])


def _on_plane(run: Run, state: State, steps: Steps, losses: Array, plane: Plane | None) -> tuple[Array, ...]:
    """Coordinates, distance and the loss of the plane beneath, NaN (null in JSON) where θ is not known."""
    track = run.path.thetas
    known = (steps % track.stride == 0) & (steps // track.stride < track.count)
    thetas = track.rows[steps[known] // track.stride]
    if len(steps) and not known[-1] and steps[-1] == state.step:
        known[-1] = True
        thetas = np.vstack([thetas, state.theta])
    plane = plane or default_plane(run)
    x, y, off = plane.coordinates(thetas)
    beneath = losses[known]
    elsewhere = off != 0.0
    if elsewhere.any():
        beneath[elsewhere] = finite_or_nan(run.objective.losses(plane.points(x[elsewhere], y[elsewhere])))
    return tuple(_spread(values, known) for values in (x, y, off, beneath))


def finite_or_nan(values: Array) -> Array:
    """A loss that overflowed has no number to show."""
    return np.where(np.isfinite(values), values, np.nan)


def _spread(values: Array, known: NDArray[np.bool_]) -> Array:
    spread = np.full(len(known), np.nan)
    spread[known] = values
    return spread
