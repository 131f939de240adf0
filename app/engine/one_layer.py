"""One linear layer with one output and squared error, where loss and gradient come from the same product.

The residual r = ŷ − y stands as one more row below X̄. So r [X̄; r]ᵀ = [r X̄ᵀ, ‖r‖²], which is m/2 times the gradient and
m times the loss: a call less for the smallest models, in which calls are all that takes time. `Pass` says the same of
networks in general.
"""

import numpy as np
from numpy.typing import NDArray

from app.engine.network import Network
from app.engine.objective import Evaluate

Array = NDArray[np.float64]

MOST_NUMBERS = 65_536
"""Of X̄, which has to be copied to get that row."""


def is_one_layer(network: Network, X_bar: Array) -> bool:
    """Whether this is such a model, and small enough for the copy not to matter."""
    kind = (network.widths[1:], network.output_activation, network.loss)
    return kind == ((1,), "identity", "mean_squared_error") and X_bar.size <= MOST_NUMBERS


def bind_one_layer(theta: Array, gradient: Array | None, X_bar: Array, Y: Array) -> Evaluate:
    """L at θ (n + 1,), and ∂L/∂θ = (2/m) r X̄ᵀ written to the gradient if there is one; for X̄ (n + 1, m), y (1, m)."""
    rows, m = np.vstack([X_bar, np.empty_like(Y)]), int(Y.shape[1])
    residual, products = rows[-1:], np.empty((1, len(rows)))
    W_bar, inputs, columns, prediction = theta.reshape(1, -1), rows[:-1], rows.T, np.empty_like(Y)
    subtract, multiply, item, last = np.subtract, np.multiply, products.item, len(theta)
    predict, correlate, raw, scale = W_bar.dot, residual.dot, products[0, :-1], np.array(2.0 / m)

    def evaluate_loss() -> float:
        predict(inputs, prediction)
        subtract(prediction, Y, residual)
        correlate(columns, products)
        total: float = item(last)
        return total / m

    if gradient is None:
        return evaluate_loss

    def evaluate() -> float:
        predict(inputs, prediction)
        subtract(prediction, Y, residual)
        correlate(columns, products)
        multiply(raw, scale, gradient)
        total: float = item(last)
        return total / m

    return evaluate
