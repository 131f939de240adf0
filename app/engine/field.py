"""The negative gradient over a plane: which way descent points, as far as the plane shows it."""

import numpy as np
from numpy.typing import NDArray

from app.engine.batch import losses_and_gradients
from app.engine.objective import Objective
from app.engine.planes import Plane

Array = NDArray[np.float64]


def field(objective: Objective, plane: Plane, x: Array, y: Array) -> tuple[Array, Array]:
    """U and v (len(y), len(x)) with −∂L/∂θ = u·d₁ + v·d₂ + what stands at right angles to the plane."""
    u, v = np.empty((2, len(y), len(x)))
    for row, value in enumerate(y.tolist()):
        _, gradients = losses_and_gradients(objective, plane.points(x, np.full_like(x, value)))
        u[row], v[row] = plane.components(-gradients)
    return u, v
