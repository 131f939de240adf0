"""All second derivatives of a loss: from a formula where there is one, else from differences of the gradient."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.engine.curvature import KnowsHessian, is_quadratic
from app.engine.gradients import CENTRAL_STEP
from app.engine.model import Model
from app.engine.objective import Objective
from app.engine.penalty import weight_mask

Array = NDArray[np.float64]


def exact_hessian(objective: Objective, theta: Array) -> Array | None:
    """∂²L/∂θ² (P, P) at θ (P,); None where no formula is known."""
    if isinstance(objective, Model):
        return _of_linear_model(objective) if is_quadratic(objective) else None
    return objective.hessian(theta) if isinstance(objective, KnowsHessian) else None


def difference_hessian(gradient: Callable[[Array], Array], theta: Array) -> Array:
    """∂²L/∂θ² ≈ (g(θ + hᵢeᵢ) − g(θ − hᵢeᵢ))/2hᵢ, row by row and made symmetric: 2P gradients."""
    rows = []
    for i, value in enumerate(theta.tolist()):
        h = CENTRAL_STEP * max(1.0, abs(value))
        above, below = theta.copy(), theta.copy()
        above[i], below[i] = value + h, value - h
        rows.append((gradient(above) - gradient(below)) / (above[i] - below[i]))
    matrix = np.stack(rows)
    return np.asarray(0.5 * (matrix + matrix.T))


def _of_linear_model(model: Model) -> Array:
    """(2/m) X̄X̄ᵀ for every output, and l2 for every weight."""
    blocks = np.kron(np.eye(len(model.Y)), model.quadratic.hessian())
    return np.asarray(blocks + np.diag(model.penalty.l2 * weight_mask(model.network)))
