"""Losses of a network at many θ at once, wherever they lie: slices beneath a path, tables of starts."""

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.network import Network
from app.engine.surfaces.totals import TOTALS

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
    output_activation = "identity" if LOSSES[network.loss].classes else network.output_activation  # these take Z
    for layer, (inputs, units) in enumerate(network.shapes):
        W_bar = thetas[:, start : start + units * (inputs + 1)].reshape(-1, units, inputs + 1)
        start += units * (inputs + 1)
        Z = W_bar @ A if layer == 0 else W_bar[:, :, :-1] @ A + W_bar[:, :, -1:]
        A = _activated(network.activation if layer < last else output_activation, Z)
    return np.asarray(TOTALS[network.loss](Z, A, Y) / Y.shape[1])


def _activated(name: str, Z: Array) -> Array:
    A = np.empty_like(Z) if ACTIVATIONS[name].keeps_z else Z
    ACTIVATIONS[name].apply(Z, A)
    return A
