"""The equations written out as the texts have them, for real and complex numbers: what the engine is held against.

Nothing here is taken from the engine. Gradients come from the explicit equations of the four models, or from a complex
step, Im L(θ + ihe_j)/h with h = 1e-30, which has no rounding error (Squire and Trapp 1998).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = NDArray[Any]

ACTIVATIONS: dict[str, Callable[[Numbers], Numbers]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "relu": lambda z: np.where(z.real > 0, z, 0 * z),
    "leaky_relu": lambda z: np.where(z.real > 0, z, 0.01 * z),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "gelu": lambda z: 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=0),
}


def absolute(r: Numbers) -> Numbers:
    return np.where(r.real > 0, r, -r)


def huber(r: Numbers) -> Numbers:
    return np.where(np.abs(r.real) <= 1, 0.5 * r * r, absolute(r) - 0.5)


LOSSES: dict[str, Callable[[Numbers, Array], Any]] = {
    "mean_squared_error": lambda p, y: ((p - y) ** 2).sum(),
    "mean_absolute_error": lambda p, y: absolute(p - y).sum(),
    "huber": lambda p, y: huber(p - y).sum(),
    "binary_cross_entropy": lambda p, y: -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(),
    "softmax_cross_entropy": lambda p, y: -(y * np.log(p)).sum(),
}
"""Sums over outputs and examples of ŷ and y; L is that over m."""


def predict(layers: list[tuple[Numbers, Numbers]], X: Array, activation: str, output_activation: str) -> Numbers:
    """ŷ (outputs, m) with (W (k, n), b (k, 1)) of every layer."""
    A: Numbers = X
    for number, (W, b) in enumerate(layers, 1):
        A = ACTIVATIONS[output_activation if number == len(layers) else activation](W @ A + b)
    return A


def layers_of(values: dict[str, Any]) -> list[tuple[Numbers, Numbers]]:
    """(W, b) of every layer from parameters by name, in their order."""
    arrays = [np.asarray(value) for value in values.values()]
    return [(np.atleast_2d(W), np.atleast_2d(b)) for W, b in zip(arrays[::2], arrays[1::2], strict=True)]


def complex_step(f: Callable[[Numbers], Any], theta: Array) -> Array:
    """∂f/∂θ (P,)."""
    step = 1e-30j * np.eye(len(theta))
    return np.array([f(theta + direction).imag / 1e-30 for direction in step])


def line_gradients(w: Numbers, b: Numbers, X: Array, y: Array) -> tuple[float, dict[str, Array]]:
    """ŷ = wX + b: L and its gradients by name. Univariate regression is the same with n = 1."""
    residual = w @ X + b - y
    scaled = 2 / X.shape[1] * residual
    return float((residual**2).sum() / X.shape[1]), {"w": scaled @ X.T, "b": scaled.sum(axis=1, keepdims=True)}


def two_layer_gradients(
    W1: Numbers, b1: Numbers, w2: Numbers, b2: Numbers, X: Array, y: Array, *, sigmoid: bool
) -> tuple[float, dict[str, Array]]:
    """Z = W₁X + b₁, A = σ(Z) or Z, ŷ = w₂A + b₂."""
    ones = np.ones((X.shape[1], 1))
    Z = W1 @ X + b1
    A = 1 / (1 + np.exp(-Z)) if sigmoid else Z
    residual = w2 @ A + b2 - y
    scaled = 2 / X.shape[1] * residual
    delta = w2.T @ scaled
    if sigmoid:
        delta = delta * A * (1 - A)
    gradients = {"W1": delta @ X.T, "b1": delta @ ones, "w2": scaled @ A.T, "b2": scaled @ ones}
    return float((residual**2).sum() / X.shape[1]), gradients
