r"""The general network: one forward loop, one backward loop, for any depth. All the models are settings of it.

The first text's recursion, with weights and bias in one matrix W̄ = [W | b] against inputs with a row of ones:

    forward    Z[l+1] = W̄[l] X̄[l]          X̄[l+1] = [f(Z[l+1]); 1]          X̄[0] = [X; 1]
    start      Ψ = ∂L/∂ŷ ⊙ f′(Z[L])         for mean squared error and the identity (2/m)(ŷ − y)
    gradient   ∂L/∂W̄[l] = Ψ X̄[l]ᵀ           its last column is ∂L/∂b, since X̄ ends in ones
    back       Ψ ← (W[l]ᵀ Ψ) ⊙ f′(Z[l])      W[l] is W̄[l] without its column of biases

What one layer multiplies by is what the layer above has already computed: that is the whole trick.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES, Measure

Array = NDArray[np.float64]
negative = np.negative


@dataclass(frozen=True)
class Network:
    """An architecture: `widths` (n, n₁, …, n_L), the hidden activation, the output's, the loss.

    >>> Network((2, 4, 1), activation="sigmoid").size
    17
    """

    widths: tuple[int, ...]
    activation: str = "identity"
    output_activation: str = "identity"
    loss: str = "mean_squared_error"

    @property
    def size(self) -> int:
        """P, the number of parameters: n_{l+1}(n_l + 1) for every layer."""
        return sum(units * (inputs + 1) for inputs, units in self.shapes)

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """(inputs, units) of every layer."""
        return list(zip(self.widths[:-1], self.widths[1:], strict=True))

    def matrices(self, flat: Array) -> list[Array]:
        """Every W̄[l], (n_{l+1}, n_l + 1), as a view into θ, or every gradient as a view into g."""
        ends = np.cumsum([units * (inputs + 1) for inputs, units in self.shapes])
        pieces = np.split(flat, ends[:-1])
        return [piece.reshape(units, inputs + 1) for piece, (inputs, units) in zip(pieces, self.shapes, strict=True)]


class Pass:
    """Forward and backward through a network, for one θ, one g and a number of examples, in work arrays made once.

    `theta` and `gradient` (P,) are read and written in place, `X_bar` (n + 1, m) and `Y` (outputs, m) are read:
    whoever changes their contents and calls again gets the answer for the new contents.
    """

    def __init__(self, network: Network, theta: Array, gradient: Array, X_bar: Array, Y: Array) -> None:
        self.network, self.Y, self._theta = network, Y, theta
        self.W_bar, self.gradients = network.matrices(theta), network.matrices(gradient)
        m, last = Y.shape[1], len(network.shapes) - 1
        self.X_bar, self.Z = [X_bar], []
        for layer, (_, units) in enumerate(network.shapes):
            # The row of ones stands below the activations in the same array: no layer has to append it.
            outputs = np.ones((units + (layer < last), m))
            apart = self._keeps_z(layer)
            self.Z.append(np.empty((units, m)) if apart else outputs[:units])
            self.X_bar.append(outputs)
        self.psi = [np.empty((units, m)) for _, units in network.shapes]
        self._room = {units: np.empty((units, m)) for units in network.widths[1:-1]}
        self._negated = np.empty_like(theta)
        self._factors = [
            minus_W_bar if self._is_mirrored(layer) else W_bar
            for layer, (W_bar, minus_W_bar) in enumerate(zip(self.W_bar, network.matrices(self._negated), strict=True))
        ]
        self._mirrors = any(self._is_mirrored(layer) for layer in range(last + 1))
        self._forward = [self._forward_layer(layer) for layer in range(last + 1)]
        self._backward = [self._backward_layer(layer) for layer in range(last, 0, -1)]
        self._lowest = self.psi[0], X_bar.T, self.gradients[0]
        self._measure = self._bind_loss()

    @property
    def prediction(self) -> Array:
        """ŷ (outputs, m) of the last forward pass."""
        return self.X_bar[-1]

    def forward(self) -> Array:
        """ŷ at θ."""
        if self._mirrors:
            negative(self._theta, self._negated)  # layers whose f begins with −z take −W̄, which is smaller than Z
        for W_bar, X_bar, Z, activate in self._forward:
            W_bar.dot(X_bar, Z)  # Z[l+1] = W̄[l] X̄[l]
            if activate is not None:
                activate()  # X̄[l+1] = [f(Z[l+1]); 1]
        return self.X_bar[-1]

    def loss(self) -> float:
        """L at θ, without penalties."""
        self.forward()
        return self._measure()

    def loss_and_gradient(self) -> float:
        """L at θ, and ∂L/∂θ written to the gradient."""
        self.forward()
        loss = self._measure()  # L, and Ψ = ∂L/∂ŷ ⊙ f′(Z) of the last layer
        for psi, X_bar_T, gradient, W_T, psi_below, bend in self._backward:
            psi.dot(X_bar_T, gradient)  # ∂L/∂W̄[l] = Ψ X̄[l]ᵀ
            W_T.dot(psi, psi_below)  # Ψ ← W[l]ᵀ Ψ
            if bend is not None:
                bend()  # Ψ ← Ψ ⊙ f′(Z[l])
        psi, X_bar_T, gradient = self._lowest
        psi.dot(X_bar_T, gradient)
        return loss

    def _activation(self, layer: int) -> str:
        last = layer == len(self.network.shapes) - 1
        return self.network.output_activation if last else self.network.activation

    def _keeps_z(self, layer: int) -> bool:
        if layer == len(self.network.shapes) - 1 and LOSSES[self.network.loss].classes:
            return True  # the cross-entropies are computed from Z
        return ACTIVATIONS[self._activation(layer)].keeps_z

    def _is_mirrored(self, layer: int) -> bool:
        """Whether −Z is computed instead of Z: of what begins with −z and overwrites it."""
        return not self._keeps_z(layer) and ACTIVATIONS[self._activation(layer)].of_negative is not None

    def _forward_layer(self, layer: int) -> tuple[Array, Array, Array, Callable[[], object] | None]:
        return self._factors[layer], self.X_bar[layer], self.Z[layer], self._activate(layer)

    def _activate(self, layer: int) -> Callable[[], object] | None:
        """X̄[l+1] = [f(Z[l+1]); 1]; None where f is the identity."""
        Z, A, name = self.Z[layer], self._activations(layer), self._activation(layer)
        if name in {"identity", "softmax"}:
            return partial(softmax, Z, A) if name == "softmax" else None
        activation = ACTIVATIONS[name]
        if activation.of_negative is not None and self._is_mirrored(layer):
            return partial(activation.of_negative, A)
        return partial(activation.apply, Z, A)

    def _activations(self, layer: int) -> Array:
        """f(Z) of a layer: what it hands on, without the row of ones."""
        return self.X_bar[layer + 1][: self.network.widths[layer + 1]]

    def _backward_layer(self, layer: int) -> tuple[Array, Array, Array, Array, Array, Callable[[], object] | None]:
        psi, below = self.psi[layer], self.psi[layer - 1]
        W_T = self.W_bar[layer][:, :-1].T
        return psi, self.X_bar[layer].T, self.gradients[layer], W_T, below, self._bend(layer - 1, below)

    def _bend(self, layer: int, psi: Array) -> Callable[[], object] | None:
        """Ψ ← Ψ ⊙ f′(Z) in place; None where f′ is 1."""
        name = self._activation(layer)
        if name == "identity":
            return None
        return partial(ACTIVATIONS[name].bend, self.Z[layer], self._activations(layer), self._room[len(psi)], psi)

    def _bind_loss(self) -> Measure:
        loss, name = LOSSES[self.network.loss], self.network.output_activation
        Z, A = self.Z[-1], self.X_bar[-1]
        slope = None if name == "identity" or loss.classes else partial(ACTIVATIONS[name].slope, Z, A)
        return loss.bind(Z, A, self.Y, self.psi[-1], slope)


def softmax(Z: Array, out: Array) -> None:
    """e^{z − max z} / Σ e^{z − max z} down each column; the shift changes nothing and keeps e^z finite."""
    np.subtract(Z, Z.max(axis=0), out)
    np.exp(out, out)
    np.divide(out, out.sum(axis=0), out)


def with_ones(X: Array) -> Array:
    """X̄ = [X; 1] (n + 1, m), row by row in memory whatever X is: the products' last bits depend on it."""
    return np.ascontiguousarray(np.vstack([X, np.ones((1, X.shape[1]))]))
