"""One linear layer with one output and squared error, where calls are all that takes time, and three are enough.

With the residual r = ŷ − y the loss is r rᵀ/m and the gradient r ((2/m) X̄)ᵀ: the factor is multiplied into the inputs
once, not into every gradient. `Pass` says the same of networks in general.
"""

import numpy as np
from numpy.typing import NDArray

from app.engine.network import Network
from app.engine.objective import Evaluate

Array = NDArray[np.float64]

MOST_NUMBERS = 65_536
"""Of X̄, of which a copy is made."""


def is_one_layer(network: Network, X_bar: Array) -> bool:
    """Whether this is such a model, and small enough for the copy not to matter."""
    kind = (network.widths[1:], network.output_activation, network.loss)
    return kind == ((1,), "identity", "mean_squared_error") and X_bar.size <= MOST_NUMBERS


def bind_one_layer(theta: Array, gradient: Array | None, X_bar: Array, Y: Array) -> Evaluate:
    """L at θ (n + 1,), and ∂L/∂θ written to the gradient if there is one; for X̄ (n + 1, m), y (1, m)."""
    y, residual, square = Y[0], np.empty(Y.shape[1]), np.empty(())
    m, predict, multiply, subtract, item = len(y), theta.dot, residual.dot, np.subtract, square.item

    def evaluate_loss() -> float:
        predict(X_bar, residual)
        subtract(residual, y, residual)
        multiply(residual, square)  # into an array: a NumPy number would take longer to make than the product
        total: float = item()
        return total / m

    if gradient is None:
        return evaluate_loss
    slopes = (X_bar * (2.0 / m)).T

    def evaluate() -> float:
        predict(X_bar, residual)
        subtract(residual, y, residual)
        multiply(slopes, gradient)
        multiply(residual, square)
        total: float = item()
        return total / m

    return evaluate
