"""m·L of many predictions at once, for every registered loss: what `losses` says of one, for a block of them."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Totals = Callable[[Array, Array, Array], Array]
"""From Z, f(Z) (both (N, outputs, m), which may be the same array and are used up) and Y (outputs, m): (N,)."""


def _squared(Z: Array, predictions: Array, Y: Array) -> Array:
    residuals = np.subtract(predictions, Y, out=predictions).reshape(len(Z), -1)
    return np.asarray(np.vecdot(residuals, residuals))


def _absolute(Z: Array, predictions: Array, Y: Array) -> Array:
    residuals = np.subtract(predictions, Y, out=predictions)
    return np.asarray(np.abs(residuals, out=residuals).sum(axis=(1, 2)))


def _huber(Z: Array, predictions: Array, Y: Array) -> Array:
    residuals = np.subtract(predictions, Y, out=predictions)
    inside = np.clip(residuals, -1.0, 1.0)
    residuals -= 0.5 * inside  # h = h′(r − ½h′), h′ = r clipped to ±1
    return np.asarray(np.vecdot(residuals.reshape(len(Z), -1), inside.reshape(len(Z), -1)))


def _binary(Z: Array, predictions: Array, Y: Array) -> Array:
    """Σ log(1 + e^z) − yz = Σ max(z, 0) − yz + log(1 + e^{−|z|})."""
    linear = (np.maximum(Z, 0.0) - Y * Z).sum(axis=(1, 2))
    np.abs(Z, out=Z)
    np.negative(Z, out=Z)
    np.exp(Z, out=Z)
    return np.asarray(linear + np.log1p(Z, out=Z).sum(axis=(1, 2)))


def _softmax(Z: Array, predictions: Array, Y: Array) -> Array:
    """Σ log Σ e^{z − max z} − y(z − max z)."""
    Z -= Z.max(axis=1, keepdims=True)
    linear = (Y * Z).sum(axis=(1, 2))
    return np.asarray(np.log(np.exp(Z, out=Z).sum(axis=1)).sum(axis=1) - linear)


TOTALS: Mapping[str, Totals] = {
    "mean_squared_error": _squared,
    "mean_absolute_error": _absolute,
    "huber": _huber,
    "binary_cross_entropy": _binary,
    "softmax_cross_entropy": _softmax,
}
