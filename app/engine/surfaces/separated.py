"""Units that follow one coordinate alone: computed once a column or once a row, not once a cell.

What they add to the weighted sums of the layer above is f₀(a) + b·f₁(a) + g₀(b) + a·g₁(b). Where there are no other
units and the layer above is the last, linear and squared, the whole grid is ‖f₀ + b·f₁ + g₀ + a·g₁‖²: norms of the four
and the products of f's with g's, each one (N, m)(m, N) matrix product.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from app.engine.surfaces.layers import Layer, Slice, activated
from app.engine.surfaces.sums import Followers, Sums

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Separated:
    """f₀, f₁ (len(a), units, m) and g₀, g₁ (len(b), units, m); None where it is nought."""

    f0: Array | None = None
    f1: Array | None = None
    g0: Array | None = None
    g1: Array | None = None

    @classmethod
    def of(cls, along: Slice, followers: Followers, sums: Sums, a: Array, b: Array, *, bias: bool) -> "Separated":
        """What units that do not follow both add to the layer above; with its bias or without."""
        layer, above = along.layers[along.second], along.layers[along.second + 1]
        f0 = f1 = g0 = g1 = None
        if bias or followers.rest.any():
            columns = np.append(followers.rest, bias)
            X_bar = activated(layer.activation, sums.P[:, followers.rest])[:, : columns.sum()]
            f0, f1 = above.at(a, 0.0, columns) @ X_bar, _product(above.B[:, columns], X_bar)
        if followers.only_b.any():
            columns = np.append(followers.only_b, False)
            Z = sums.P[0, followers.only_b] + np.multiply.outer(b, sums.Q[0, followers.only_b])
            X_bar = activated(layer.activation, Z)[:, :-1]
            g0, g1 = above.at(0.0, b, columns) @ X_bar, _product(above.A[:, columns], X_bar)
        return cls(f0, f1, g0, g1)

    def add_to(self, columns: slice, rows: slice, a: Array, b: Array, Z: Array) -> None:
        """Add it to Z (rows, columns, units, m) of a block of cells."""
        if self.f0 is not None:
            Z += self.f0[columns]
        if self.f1 is not None:
            Z += b[rows, None, None, None] * self.f1[columns]
        if self.g0 is not None:
            Z += self.g0[rows, None]
        if self.g1 is not None:
            Z += a[columns, None, None] * self.g1[rows, None]

    def squares(self, a: Array, b: Array, Y: Array) -> Array:
        """‖f₀ + b·f₁ + g₀ + a·g₁ − Y‖² (len(b), len(a)).

        A row of g₀ in the middle goes over to f₀ first, so that no large norms cancel in their sum.
        """
        f0, g0 = _none_or(self.f0, 0.0) - Y, self.g0
        if g0 is not None:
            middle = g0[len(g0) // 2]
            f0, g0 = f0 + middle, g0 - middle
        by_a = [(np.ones_like(b), f0), (b, self.f1)]
        by_b = [(np.ones_like(a), g0), (a, self.g1)]
        grid = _own_squares(by_a) + _own_squares(by_b).T
        products = [
            2.0 * np.outer(row, column) * (_flat(g) @ _flat(f).T)
            for row, f in by_a
            for column, g in by_b
            if f is not None and g is not None
        ]
        return np.asarray(reduce(np.add, products, grid))


def closed(along: Slice, followers: Followers, loss: str) -> bool:
    """Whether the grid is `squares` alone."""
    if len(along.above) != 1 or followers.both.any() or loss != "mean_squared_error":
        return False
    above: Layer = along.above[0]
    return above.activation == "identity"


def _product(matrix: Array, X_bar: Array) -> Array | None:
    return matrix @ X_bar if matrix.any() else None


def _none_or(value: Array | None, otherwise: float) -> Array | float:
    return otherwise if value is None else value


def _flat(values: Array) -> Array:
    return values.reshape(len(values), -1)


def _own_squares(terms: list[tuple[Array, Array | None]]) -> Array:
    """‖t₀ + c·t₁‖² for all c of a column and all rows of t₀ and t₁, (len(c), len(t)); None stands for 0."""
    present = [(factor, _flat(term)) for factor, term in terms if term is not None]
    if not present:
        return np.zeros((1, 1))
    return np.asarray(sum(np.outer(c * d, np.vecdot(first, second)) for c, first in present for d, second in present))
