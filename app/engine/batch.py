"""Losses and gradients at many θ at once, wherever they lie: fields of arrows, sweeps, maps of basins.

The same recursion as in `network`, every product for all θ of a block. Blocks stay in the cache.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.many import BLOCK_BYTES
from app.engine.model import Model
from app.engine.network import Network
from app.engine.objective import Indices, Objective
from app.engine.penalty import weight_mask
from app.engine.plane_objective import PlaneObjective
from app.engine.surfaces.totals import TOTALS

Array = NDArray[np.float64]
LossesAndGradients = tuple[Array, Array]
"""L (N,) and ∂L/∂θ (N, P)."""

PSI: Mapping[str, Callable[[Array, Array], Array]] = {
    "mean_squared_error": lambda predictions, Y: 2.0 * (predictions - Y),
    "mean_absolute_error": lambda predictions, Y: np.sign(predictions - Y),
    "huber": lambda predictions, Y: np.clip(predictions - Y, -1.0, 1.0),
    "binary_cross_entropy": lambda predictions, Y: predictions - Y,
    "softmax_cross_entropy": lambda predictions, Y: predictions - Y,
}
"""m·∂L/∂ŷ from ŷ (N, outputs, m) and Y (outputs, m); of the cross-entropies m·∂L/∂Z, output activation included."""


@np.errstate(all="ignore")
def losses_and_gradients(objective: Objective, thetas: Array, batch: Indices | None = None) -> LossesAndGradients:
    """At each row of θs (N, P), on all examples or on those of a mini-batch, penalties included."""
    if isinstance(objective, PlaneObjective):
        x, y = thetas[:, 0], thetas[:, 1]
        slopes = np.broadcast_arrays(*objective.function.gradient(x, y), x)[:2]
        return np.broadcast_to(objective.function.value(x, y), x.shape).copy(), np.stack(slopes, axis=1)
    if isinstance(objective, Model):
        return _of_model(objective, thetas, batch)
    found = [_one(objective, theta) for theta in thetas]
    return np.array([loss for loss, _ in found]), np.array([g for _, g in found]).reshape(thetas.shape)


def _one(objective: Objective, theta: Array) -> tuple[float, Array]:
    gradient = np.empty_like(theta)
    return objective.bind(theta.copy(), gradient)(), gradient


def _of_model(model: Model, thetas: Array, batch: Indices | None) -> LossesAndGradients:
    X_bar, Y = (model.X_bar, model.Y) if batch is None else (model.X_bar[:, batch], model.Y[:, batch])
    losses, gradients = np.empty(len(thetas)), np.empty_like(thetas)
    rows = max(1, BLOCK_BYTES // (8 * max(model.network.widths[1:]) * Y.shape[1]))
    for start in range(0, len(thetas), rows):
        block = slice(start, start + rows)
        losses[block] = _pass(model.network, thetas[block], X_bar, Y, gradients[block])
    if model.penalty:
        losses += model.penalty.values(thetas, model.network)
        gradients += model.penalty.slope(thetas * weight_mask(model.network))
    return losses, gradients


def _matrices(network: Network, flat: Array) -> list[Array]:
    """Every W̄[l] (N, units, inputs + 1) as a view into θs or gradients (N, P)."""
    ends = np.cumsum([units * (inputs + 1) for inputs, units in network.shapes])
    pieces = np.split(flat, ends[:-1], axis=1)
    return [piece.reshape(-1, units, inputs + 1) for piece, (inputs, units) in zip(pieces, network.shapes, strict=True)]


def _pass(network: Network, thetas: Array, X_bar: Array, Y: Array, gradients: Array) -> Array:
    """Forward and backward; the gradients are written, L (N,) without penalties is returned."""
    W_bar, m = _matrices(network, thetas), Y.shape[1]
    Z, A = _forward(network, W_bar, X_bar)
    psi = PSI[network.loss](A[-1], Y) / m
    name = network.output_activation
    if name != "identity" and not LOSSES[network.loss].classes:
        psi *= _slope(name, Z[-1], A[-1])
    below = _matrices(network, gradients)
    for layer in reversed(range(len(W_bar))):
        inputs = X_bar[:-1] if layer == 0 else A[layer - 1]
        below[layer][:, :, :-1] = psi @ np.swapaxes(inputs, -1, -2)  # ∂L/∂W[l] = Ψ X[l]ᵀ
        below[layer][:, :, -1] = psi.sum(axis=-1)
        if layer:
            psi = np.swapaxes(W_bar[layer][:, :, :-1], -1, -2) @ psi  # Ψ ← W[l]ᵀ Ψ
            psi *= _slope(network.activation, Z[layer - 1], A[layer - 1])  # Ψ ← Ψ ⊙ f′(Z[l])
    return np.asarray(TOTALS[network.loss](Z[-1], A[-1], Y) / m)


def _forward(network: Network, W_bar: list[Array], X_bar: Array) -> tuple[list[Array], list[Array]]:
    """Z and f(Z) (N, units, m) of every layer."""
    Z, A = list[Array](), list[Array]()
    for layer, W in enumerate(W_bar):
        Z.append(W @ X_bar if layer == 0 else W[:, :, :-1] @ A[-1] + W[:, :, -1:])
        last = layer == len(W_bar) - 1
        A.append(_activated(network.output_activation if last else network.activation, Z[-1]))
    return Z, A


def _activated(name: str, Z: Array) -> Array:
    if name == "softmax":
        powers = np.exp(Z - Z.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    A = np.empty_like(Z)
    ACTIVATIONS[name].apply(Z, A)
    return A


def _slope(name: str, Z: Array, A: Array) -> Array:
    out = np.empty_like(A)
    ACTIVATIONS[name].slope(Z, A, out)
    return out
