"""Planes through parameter space, θ(x, y) = θ₀ + x·d₁ + y·d₂, and the coordinates of points on them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plane:
    """`origin` θ₀ and the directions d₁, d₂ (P,), with what their axes are called.

    `explained_variance` is the share of a path's variance along each of them, where they are its principal components.
    """

    origin: Array
    d1: Array
    d2: Array
    x_label: str
    y_label: str
    explained_variance: Sequence[float] | None = None

    @cached_property
    def id(self) -> str:
        """The hash of θ₀, d₁ and d₂: the same plane has the same name, whoever asked for it and however."""
        digest = hashlib.sha256()
        for vector in (self.origin, self.d1, self.d2):
            digest.update((vector + 0.0).tobytes())  # + 0.0 makes −0 the 0 it equals
        return digest.hexdigest()[:24]

    @cached_property
    def _pseudo_inverse(self) -> Array:
        directions = np.stack([self.d1, self.d2])
        lengths = np.abs(directions).max(axis=1, keepdims=True)
        directions /= lengths  # squares of very small or large numbers would be none
        return np.asarray(np.linalg.solve(directions @ directions.T, directions) / lengths, dtype=np.float64)

    def components(self, vectors: Array) -> tuple[Array, Array]:
        """Of vectors (N, P), such as gradients, along d₁ and d₂, (N,) each: of what stands in the plane of each."""
        if self.named_axes is not None:
            i, j = self.named_axes
            return vectors[:, i].copy(), vectors[:, j].copy()
        x, y = self._pseudo_inverse @ vectors.T
        return x, y

    @cached_property
    def named_axes(self) -> tuple[int, int] | None:
        """The two places in θ that the plane varies, where x and y are the values of two named parameters."""
        places = [np.flatnonzero(direction) for direction in (self.d1, self.d2)]
        if any(len(place) != 1 for place in places) or not self.d1.max() == self.d2.max() == 1.0:
            return None
        i, j = int(places[0][0]), int(places[1][0])
        return (i, j) if self.origin[i] == self.origin[j] == 0.0 else None

    @np.errstate(over="ignore", invalid="ignore")
    def coordinates(self, thetas: Array) -> tuple[Array, Array, Array]:
        """x, y and the distance from the plane of each row of θs (N, P), each (N,); infinite if too large."""
        if self.named_axes is not None:  # nothing to solve: x and y are the values themselves, to the last bit
            i, j = self.named_axes
            rest = thetas - self.origin
            rest[:, [i, j]] = 0.0
            return thetas[:, i].copy(), thetas[:, j].copy(), np.linalg.norm(rest, axis=1)
        offsets = thetas - self.origin
        x, y = (
            np.vecdot(offsets, row) for row in self._pseudo_inverse
        )  # a product of all would round each by the others
        return x, y, np.linalg.norm(offsets - np.outer(x, self.d1) - np.outer(y, self.d2), axis=1)

    def points(self, x: Array, y: Array) -> Array:
        """θ (N, P) at the coordinates x, y (N,) each."""
        return self.origin + np.outer(x, self.d1) + np.outer(y, self.d2)


def named_plane(theta: Array, i: int, j: int, x_label: str, y_label: str) -> Plane:
    """The plane that varies the parameters at places i and j of θ and holds the others where θ has them.

    θ₀ has 0 in those two places, so that x and y are the parameters' values and a line fit has one plane.
    """
    origin, d1, d2 = theta.copy(), np.zeros_like(theta), np.zeros_like(theta)
    origin[[i, j]] = 0.0
    d1[i] = d2[j] = 1.0
    return Plane(origin, d1, d2, x_label, y_label)
