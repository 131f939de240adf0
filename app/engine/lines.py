"""The loss along the straight line between two points: Goodfellow, Vinyals and Saxe 2015."""

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.planes import Plane

Array = NDArray[np.float64]


def line_losses(objective: Objective, start: Array, end: Array, t: Array) -> Array:
    """L at (1 − t)·start + t·end for ascending t, (len(t),); start and end are (P,)."""
    line = Plane(start, end - start, np.zeros_like(start), "t", "")
    return objective.plane_losses(line, t, np.zeros(1)).ravel()
