"""Which part of a plane to look at: what it holds, and how wide it is where nothing has moved far."""

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.planes import Plane

Array = NDArray[np.float64]
Window = tuple[float, float, float, float]
"""x_min, x_max, y_min, y_max."""

LARGEST = 1e300
"""Beyond it the width of a window would be no number."""

LEAST_SHARE = 0.25
"""Of the longer side, in natural units, that the shorter one has at least."""

PROBE = 1e-3
SMALLEST_UNIT = 1e-9


def window_around(x: Array, y: Array, units: tuple[float, float], margin: float = 0.15) -> Window:
    """Holds the points (x, y) with a margin on every side, and is never flat.

    `units` are how far is far along either axis: no side reaches less than one unit from its middle, nor, counted in
    units, less than a quarter as far as the other.
    """
    (x_middle, x_half), (y_middle, y_half) = (_stretch(values, margin) for values in (x, y))
    longest = max(x_half / units[0], y_half / units[1])
    least = max(1.0, LEAST_SHARE * longest)
    x_half, y_half = max(x_half, least * units[0]), max(y_half, least * units[1])
    ends = np.clip((x_middle - x_half, x_middle + x_half, y_middle - y_half, y_middle + y_half), -LARGEST, LARGEST)
    x_min, x_max, y_min, y_max = ends.tolist()
    return x_min, x_max, y_min, y_max


@np.errstate(all="ignore")
def natural_units(objective: Objective, plane: Plane, x: float, y: float, size: float) -> tuple[float, float]:
    """How far from (x, y) is far, along x and along y: where curvature alone has changed the loss by `size`.

    At most a tenth of the coordinate, or 1 where that is more: along flat directions there is no end. Weights of years
    and of percentages so have units of their own. The curvature is that of central differences.
    """
    scales = np.maximum(1.0, 0.1 * np.abs([x, y]))
    h = PROBE * scales
    across, up = x + h[0] * np.array([0, 1, -1, 0, 0]), y + h[1] * np.array([0, 0, 0, 1, -1])
    middle, right, left, above, below = objective.losses(plane.points(across, up))
    curvatures = np.abs(np.array([right - 2.0 * middle + left, above - 2.0 * middle + below])) / h**2
    units = np.sqrt(2.0 * size / curvatures)
    units = np.clip(np.where(np.isfinite(units), units, scales), SMALLEST_UNIT * scales, scales)
    return float(units[0]), float(units[1])


def _stretch(values: Array, margin: float) -> tuple[float, float]:
    """Middle and half of the length, margins included."""
    low, high = float(values.min()), float(values.max())
    return 0.5 * low + 0.5 * high, (0.5 + margin) * high - (0.5 + margin) * low
