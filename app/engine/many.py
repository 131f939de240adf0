"""Losses of a network at many θ at once: surfaces, slices beneath a path, tables of starts."""

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.network import Network, softmax

Array = NDArray[np.float64]

BLOCK_BYTES = 262_144
"""Work arrays of about this size stay in the second-level cache from one pass to the next."""


def losses(network: Network, thetas: Array, X_bar: Array, Y: Array) -> Array:
    """L without penalties at each row of θs (N, P), as (N,), in blocks that fit the cache."""
    widest = max(network.widths[1:])
    rows = max(1, BLOCK_BYTES // (8 * widest * X_bar.shape[1]))
    blocks = [_block(network, thetas[start : start + rows], X_bar, Y) for start in range(0, len(thetas), rows)]
    return np.concatenate(blocks) if blocks else np.empty(0)


def _block(network: Network, thetas: Array, X_bar: Array, Y: Array) -> Array:
    A, last, start = X_bar, len(network.shapes) - 1, 0
    for layer, (inputs, units) in enumerate(network.shapes):
        W_bar = thetas[:, start : start + units * (inputs + 1)].reshape(-1, units, inputs + 1)
        start += units * (inputs + 1)
        Z = W_bar @ A if layer == 0 else W_bar[:, :, :-1] @ A + W_bar[:, :, -1:]
        A = _activate(network.activation if layer < last else network.output_activation, Z)
    return _losses_of_predictions(network.loss, Z, A, Y)


def _activate(name: str, Z: Array) -> Array:
    if name == "identity":
        return Z
    A = np.empty_like(Z)
    if name == "softmax":
        for one, out in zip(Z, A, strict=True):
            softmax(one, out)
    else:
        ACTIVATIONS[name].apply(Z, A)
    return A


def _losses_of_predictions(kind: str, Z: Array, predictions: Array, Y: Array) -> Array:
    """L of each ŷ (N, outputs, m)."""
    if kind == "mean_squared_error":
        residuals = (predictions - Y).reshape(len(Z), -1)
        return np.asarray(np.einsum("ni,ni->n", residuals, residuals) / Y.shape[1])
    psi = np.empty_like(Y)
    return np.array([LOSSES[kind].bind(z, a, Y, psi, None)() for z, a in zip(Z, predictions, strict=True)])
