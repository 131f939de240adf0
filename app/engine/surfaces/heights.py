"""The loss over a window of a plane: of any objective, exactly or to a tolerance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.model import Model
from app.engine.objective import Objective
from app.engine.planes import Plane
from app.engine.surfaces.interpolated import interpolated

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Heights:
    """A row of `losses` for each y, a column for each x, none off by more than `error` times their range.

    0 says that every cell was computed. Too large for a float64 is infinite or NaN.
    """

    losses: Array
    error: float = 0.0


def heights(
    objective: Objective, plane: Plane, x: Array, y: Array, tolerance: float = 0.0, threads: int = 1
) -> Heights:
    """Over the grid x × y (ascending); a `tolerance` above 0 allows interpolation where it pays and can be checked."""
    if not isinstance(objective, Model):
        return Heights(objective.plane_losses(plane, x, y))
    found = _approximated(objective, plane, x, y, tolerance) if tolerance > 0.0 and objective.bends_smoothly else None
    return found or Heights(objective.plane_losses(plane, x, y, threads))


def _approximated(model: Model, plane: Plane, x: Array, y: Array, tolerance: float) -> Heights | None:
    """None where it does not pay. Penalties are exact, and so may shrink the range that the error is relative to."""
    surface = model.surface_around(plane, x, y)
    found = None if surface.is_closed else interpolated(surface.at, x, y, tolerance)
    if found is None:
        return None
    losses = model.with_penalties(found.values, plane, x, y)
    error = found.error / float(np.ptp(losses)) if np.isfinite(losses).all() else np.inf
    return Heights(losses, error) if error <= tolerance else None
