"""Losses over a plane cell by cell, with the equations of `reference`: nothing here is taken from the engine."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.losses import LOSSES
from app.engine.network import Network
from app.engine.planes import Plane, named_plane
from tests.engine import reference

Array = NDArray[np.float64]
X_AXIS, Y_AXIS = np.linspace(-1.5, 2.5, 9), np.linspace(1.0, 3.0, 7)


def loss_at(network: Network, theta: Array, X: Array, Y: Array) -> Any:
    """L at θ (P,), every layer's [W | b] row by row, without penalties."""
    layers, start = [], 0
    for inputs, units in zip(network.widths[:-1], network.widths[1:], strict=True):
        W_bar = theta[start : start + units * (inputs + 1)].reshape(units, inputs + 1)
        layers.append((W_bar[:, :-1], W_bar[:, -1:]))
        start += W_bar.size
    prediction = reference.predict(layers, X, network.activation, network.output_activation)
    return reference.LOSSES[network.loss](prediction, Y) / X.shape[1]


@np.errstate(over="ignore")
def grid(network: Network, plane: Plane, x: Array, y: Array, X: Array, Y: Array) -> Array:
    """A row for each y, a column for each x."""
    thetas = [[plane.origin + a * plane.d1 + b * plane.d2 for a in x] for b in y]
    return np.array([[loss_at(network, theta, X, Y) for theta in row] for row in thetas])


def problem(
    hidden: tuple[int, ...], activation: str, loss: str, examples: int, outputs: int = 2, seed: int = 0
) -> tuple[Network, Array, Array]:
    """A network of two inputs with X (2, m) and Y (outputs, m): numbers, or labels where the loss wants them."""
    rng = np.random.default_rng(seed)
    kind = LOSSES[loss]
    X, Y = rng.standard_normal((2, examples)), rng.standard_normal((outputs, examples))
    if kind.classes:
        Y = np.eye(outputs)[rng.integers(0, outputs, examples)].T.copy()
    return Network((2, *hidden, outputs), activation, kind.output_activation, loss), X, Y


def general_plane(network: Network, seed: int = 1, scale: float = 1.0) -> Plane:
    """θ₀, d₁, d₂ from N(0, scale²)."""
    origin, d1, d2 = scale * np.random.default_rng(seed).standard_normal((3, network.size))
    return Plane(origin, d1, d2, "a", "b")


def sparse_plane(network: Network, seed: int) -> Plane:
    """Directions that move about every seventh parameter, so that whole units and layers stay where they are."""
    rng = np.random.default_rng(seed)
    d1, d2 = rng.standard_normal((2, network.size)) * (rng.random((2, network.size)) < 0.15)
    return Plane(rng.standard_normal(network.size), d1, d2, "a", "b")


def scalars(network: Network, i: int, j: int, seed: int = 2) -> Plane:
    """The plane of the parameters at places i and j."""
    return named_plane(np.random.default_rng(seed).standard_normal(network.size), i, j, "a", "b")
