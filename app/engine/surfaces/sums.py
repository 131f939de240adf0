"""The weighted sums of the layer with which both coordinates have begun to move: Z = P(a) + b·Q(a)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.surfaces.layers import Layer, Slice

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_EXPONENT = 700.0
"""e to this power is still a float64, and so is the sum of two."""


@dataclass(frozen=True, eq=False)
class Sums:
    """P is (N, units, m) for N values of a; Q too, or (1, units, m) where it is the same for all."""

    P: Array
    Q: Array

    @classmethod
    def of(cls, along: Slice, X_bar: Array, a: Array) -> "Sums":
        """On the examples X̄ (n + 1, m)."""
        layer, X_bar = along.layers[along.second], along.before(X_bar)
        if along.second > along.first:
            X_bar = along.along(X_bar, a)
            return cls(layer.at(a, 0.0) @ X_bar, layer.B @ X_bar)
        return cls(layer.C @ X_bar + np.multiply.outer(a, layer.A @ X_bar), (layer.B @ X_bar)[None])

    def of_units(self, units: Mask) -> "Sums":
        """Those of some units alone."""
        return self if units.all() else Sums(self.P[:, units], self.Q[:, units])

    def separable(self, b: Array) -> bool:
        """Whether e^Z is a product of e^P, which knows only a, and e^{bQ}, which knows only b, without overflow."""
        if len(self.Q) > 1:
            return False
        largest = max(np.abs(self.P).max(initial=0.0), np.abs(b).max() * np.abs(self.Q).max(initial=0.0))
        return bool(largest < MOST_EXPONENT)


@dataclass(frozen=True, eq=False)
class Followers:
    """Which units of the second layer follow both coordinates, b alone, or a alone if any (`rest`)."""

    both: Mask
    only_b: Mask
    rest: Mask

    @classmethod
    def of(cls, along: Slice) -> "Followers":
        layer: Layer = along.layers[along.second]
        by_b = np.asarray(layer.B.any(axis=1))
        by_a = np.asarray(layer.A.any(axis=1)) | (along.second > along.first)
        return cls(by_a & by_b, by_b & ~by_a, ~by_b)
