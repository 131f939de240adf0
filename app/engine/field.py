"""The negative gradient over a plane: which way descent points, as far as the plane shows it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from app.engine.batch import losses_and_gradients
from app.engine.model import Model
from app.engine.objective import Objective
from app.engine.planes import Plane

Array = NDArray[np.float64]


def field(objective: Objective, plane: Plane, x: Array, y: Array, threads: int = 1) -> tuple[Array, Array]:
    """U and v (len(y), len(x)) with −∂L/∂θ = u·d₁ + v·d₂ + what stands at right angles to the plane.

    Of a quadratic they are affine in x and y: three corners of the grid (ascending) say all.
    """
    if _is_quadratic(objective) and len(x) > 2 and len(y) > 2:
        ends = field(objective, plane, x[[0, -1]], y[[0, -1]])
        u, v = (_affine(corners, x, y) for corners in ends)
        return u, v
    u, v = np.empty((2, len(y), len(x)))

    def fill(row: int) -> None:
        _, gradients = losses_and_gradients(objective, plane.points(x, np.full_like(x, y[row])))
        u[row], v[row] = plane.components(-gradients)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(len(y))))
    return u, v


def field_work(objective: Objective, columns: int, rows: int) -> int:
    """About how many numbers it works through, in the unit of `step_work`: a gradient takes as long as three losses."""
    gradients = min(4, columns * rows) if _is_quadratic(objective) else columns * rows
    return 3 * gradients * objective.step_work


def _is_quadratic(objective: Objective) -> bool:
    return isinstance(objective, Model) and objective.is_linear_map and len(objective.network.widths) == 2


def _affine(corners: Array, x: Array, y: Array) -> Array:
    """Over the grid x × y from values (2, 2) at its corners."""
    s, t = ((values - values[0]) / (values[-1] - values[0]) for values in (y, x))
    (low, right), (up, _) = corners.tolist()
    return np.asarray(low + (up - low) * s[:, None] + (right - low) * t)
