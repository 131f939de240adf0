"""The straight line between two points of parameter space: Goodfellow, Vinyals and Saxe 2015."""

import numpy as np
from numpy.typing import NDArray

from app.engine.planes import Plane

Array = NDArray[np.float64]


def line_between(start: Array, end: Array) -> Plane:
    """(1 − x)·start + x·end, as a plane on which y changes nothing; start and end are (P,)."""
    return Plane(start.copy(), end - start, np.zeros_like(start), "t", "")
