"""The loss over a window of a plane: of any objective, exactly or to a tolerance, within bounds."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from app.engine.model import Model
from app.engine.objective import Objective
from app.engine.planes import Plane
from app.engine.surfaces.interpolated import SHARE, interpolated

Array = NDArray[np.float64]

DIVERGENT = 1e12
"""Cells so many times as high as the lowest (or 1) are divergent corners; a run counts as diverged there."""


class WorkError(ValueError):
    """More than may be worked through: `got` numbers; `resolution` cells a side would be little enough, but for 2."""

    def __init__(self, got: int, resolution: int) -> None:
        super().__init__(f"{got} numbers, {resolution} a side would do")
        self.got, self.resolution = got, resolution

    @classmethod
    def of(cls, work: Callable[[int], int], asked: int, most: float) -> "WorkError":
        """For so many a side; `work` says what fewer would take."""
        return cls(work(asked), max(2, 1 + bisect_right(range(2, asked), most, key=work)))


@dataclass(frozen=True, eq=False)
class Heights:
    """A row of `losses` for each y, a column for each x, none off by more than `error` times their range.

    0 says that every cell was computed. Cells higher than `clipped_at`, or too high for a number, are that high.
    """

    losses: Array
    error: float = 0.0
    clipped_at: float | None = None


def heights(
    objective: Objective,
    plane: Plane,
    x: Array,
    y: Array,
    tolerance: float = 0.0,
    *,
    threads: int = 1,
    most_work: float = inf,
) -> Heights | None:
    """Over the grid x × y (ascending); None where no cell is a number.

    A `tolerance` above 0 allows interpolation where it pays and can be checked. WorkError where it would be more than
    `most_work`, in the unit of `plane_work`.
    """
    if isinstance(objective, Model):
        found = _approximated(objective, plane, x, y, tolerance, most_work)
        if found is not None:
            return found
    work = _work(objective, plane, x, y)
    if work > most_work:
        raise WorkError.of(lambda side: _work(objective, plane, x[:side], y[:side]), max(len(x), len(y)), most_work)
    if isinstance(objective, Model):
        return _clipped(objective.plane_losses(plane, x, y, threads))
    with np.errstate(all="ignore"):
        return _clipped(objective.plane_losses(plane, x, y))


def _work(objective: Objective, plane: Plane, x: Array, y: Array) -> int:
    return objective.plane_work(plane, len(x), len(y))


def _approximated(model: Model, plane: Plane, x: Array, y: Array, tolerance: float, most_work: float) -> Heights | None:
    """None where it does not pay, or where cells would have to be clipped: what is left has another range.

    Penalties are exact, and so may shrink the range that the error is relative to.
    """
    if tolerance == 0.0 or not model.bends_smoothly:
        return None
    surface = model.surface_around(plane, x, y)
    if surface.is_closed:
        return None
    found = interpolated(surface.at, x, y, tolerance, min(SHARE, most_work / surface.work(len(x), len(y))))
    if found is None:
        return None
    clipped = _clipped(model.with_penalties(found.values, plane, x, y))
    if clipped is None or clipped.clipped_at is not None:
        return None
    error = found.error / float(np.ptp(clipped.losses))
    return Heights(clipped.losses, error) if error <= tolerance else None


def _clipped(losses: Array) -> Heights | None:
    lowest, highest = float(losses.min()), float(losses.max())  # not numbers either where a cell is none
    if isfinite(lowest) and highest <= DIVERGENT * max(1.0, abs(lowest)):
        return Heights(losses)
    finite = np.isfinite(losses)
    if not finite.any():
        return None
    lowest, highest = float(losses[finite].min()), float(losses[finite].max())
    level = min(DIVERGENT * max(1.0, abs(lowest)), highest)
    return Heights(np.where(finite & (losses <= level), losses, level), clipped_at=level)
