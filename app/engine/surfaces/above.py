"""The layers above the second, for a block of cells: one matrix product each, and their activation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.surfaces.layers import Layer, Mask
from app.engine.surfaces.scratch import scratch
from app.engine.surfaces.sums import MOST_EXPONENT

Array = NDArray[np.float64]
Extra = Callable[[Array], None]
"""Adds to Z what does not come through the product."""


@dataclass(frozen=True, eq=False)
class Work:
    """Arrays of one layer for a block: Z and A = f(Z) (rows, columns, units, m), where possible the same."""

    Z: Array
    A: Array

    @classmethod
    def of(cls, activation: str, shape: tuple[int, int, int, int], name: str) -> "Work":
        """Neighbouring layers need arrays of their own by `name`; nobody looks at Z later."""
        A = scratch(name, shape)
        return cls(scratch("Z", shape) if ACTIVATIONS[activation].keeps_z else A, A)


@dataclass(frozen=True, eq=False)
class Above:
    """A layer at some columns, W̄ = W̄(a) + b·B; `inputs` are those of its inputs that stand in the tiles."""

    activation: str
    W_bar: Array
    B: Array | None

    @classmethod
    def of(cls, layer: Layer, a: Array, inputs: Mask) -> "Above":
        B = layer.B[:, inputs]
        return cls(layer.activation, layer.at(a, 0.0, inputs), B if B.any() else None)

    def has_safe_sigmoid(self, b: Array) -> bool:
        """Whether e^{bias} is a number at all b, so far from the largest that e^{−WA} overflows only where σ is 0."""
        if self.activation != "sigmoid":
            return False
        biases = np.abs(self.W_bar[..., -1]) + (0.0 if self.B is None else np.abs(b).max() * np.abs(self.B[:, -1]))
        return bool(biases.max() < 0.5 * MOST_EXPONENT)

    def apply(self, below: Array, b: Array, work: Work, extra: Extra | None) -> None:
        """Z = W A + bias and f(Z), for activations A of the layer below and b (rows, 1, 1, 1)."""
        W_bar = self._at(b)
        multiply(W_bar[..., :-1], below, work.Z)
        np.add(work.Z, W_bar[..., -1:], out=work.Z)
        if extra is not None:
            extra(work.Z)
        ACTIVATIONS[self.activation].apply(work.Z, work.A)

    def apply_sigmoid(self, below: Array, b: Array, work: Work) -> None:
        """σ(WA + bias) = κ/(κ + e^{−WA}) with κ = e^{bias}, one for all examples: two passes less over the block."""
        W_bar = self._at(b)
        kappa = np.exp(W_bar[..., -1:])
        multiply(-W_bar[..., :-1], below, work.A)
        np.exp(work.A, out=work.A)
        np.add(work.A, kappa, out=work.A)
        np.divide(kappa, work.A, out=work.A)

    def _at(self, b: Array) -> Array:
        return self.W_bar if self.B is None else self.W_bar + b * self.B


def multiply(W: Array, A: Array, out: Array) -> None:
    """W A, for a single input without BLAS, which takes longer to call than to compute."""
    if A.shape[2] == 1:
        np.multiply(W, A, out=out)
    else:
        np.matmul(W, A, out=out)
