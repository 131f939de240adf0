"""The exact loss of a network over a grid of a plane, each case by its fastest way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from app.engine.network import Network
from app.engine.planes import Plane
from app.engine.quadratic import squared_lengths
from app.engine.surfaces.layers import Mask, Slice
from app.engine.surfaces.separated import Separated, closed
from app.engine.surfaces.sums import Followers, Sums
from app.engine.surfaces.tiles import Tiles, examples_at_once, pieces

Array = NDArray[np.float64]

WORTH_A_THREAD = 4_000_000
"""Numbers to work through, some milliseconds: less is done before another thread has begun."""


class Surface:
    """The loss of a network, without penalties, on a plane around its point `middle` (x, y).

    For the examples X̄ (n + 1, m) and Y (outputs, m).
    """

    def __init__(self, network: Network, X_bar: Array, Y: Array, plane: Plane, middle: tuple[float, float]) -> None:
        self.network, self.X_bar, self.Y, self.middle = network, X_bar, Y, middle
        self.along = Slice.of(network, plane, middle)
        self.followers = Followers.of(self.along)

    def at(self, x: Array, y: Array, threads: int = 1) -> Array:
        """L over a grid, a row for each y, a column for each x, by as many threads as it is worth."""
        a, b = x - self.middle[0], y - self.middle[1]
        if self.along.swapped:
            return self._grid(b, a, threads).T
        return self._grid(a, b, threads)

    def work(self, columns: int, rows: int) -> int:
        """About how many numbers a grid of so many cells works through; those of a product count for an eighth."""
        m, cells = int(self.Y.shape[1]), columns * rows
        once = m * sum(int(layer.C.size) for layer in self.along.layers)
        if self._is_quadratic:
            return once + cells + (max(columns, rows) * m * self._units if self.along.first < self.along.second else 0)
        if self.is_closed:
            return once + (columns + rows) * m * self._units + cells * m * len(self.Y) // 8
        inputs = int(self._front.sum())
        units, products = inputs, 0
        for layer in self.along.above:
            units, products = units + len(layer.C), products + len(layer.C) * inputs
            inputs = len(layer.C)
        return once + cells * m * (units + products // 8)

    @property
    def _units(self) -> int:
        """Of all layers."""
        return sum(self.network.widths[1:])

    @property
    def _front(self) -> Mask:
        """The units of the second layer that differ from cell to cell: all of them where it is the last."""
        return self.followers.both if self.along.above else np.ones_like(self.followers.both)

    @cached_property
    def is_closed(self) -> bool:
        """Whether a formula gives the whole grid at once, so that fewer cells would save nothing."""
        return self._is_quadratic or closed(self.along, self.followers, self.network.loss)

    @property
    def _is_quadratic(self) -> bool:
        last = self.along.layers[-1]
        squared = last.activation == "identity" and self.network.loss == "mean_squared_error"
        return squared and not self.along.above

    def _grid(self, a: Array, b: Array, threads: int) -> Array:
        if self.is_closed:
            return self._part(a, b)
        work = self.work(len(a), len(b))
        parts = pieces(len(b), -(-len(b) // max(1, min(threads, len(b), work // WORTH_A_THREAD))))
        rows = [b[part] for part in parts]
        if len(rows) == 1:
            return self._part(a, b)
        with ThreadPoolExecutor(len(rows)) as pool:
            return np.concatenate(list(pool.map(partial(self._part, a), rows)))

    def _part(self, a: Array, b: Array) -> Array:
        """L at some rows."""
        with np.errstate(all="ignore"):
            np.setbufsize(512)  # NumPy's own 8192 makes it copy what it can read in place; `errstate` puts it back
            return np.asarray(self._totals(a, b) / self.Y.shape[1])

    def _totals(self, a: Array, b: Array) -> Array:
        """m·L, (len(b), len(a))."""
        units, tiles = self._front, Tiles(self.along, self._front, self.network.loss, a, b)
        grid = np.zeros((len(b), len(a)))
        for X_bar, Y in self._examples():
            if self._is_quadratic:
                grid += self._squares(X_bar, Y, a, b)
                continue
            sums = Sums.of(self.along, X_bar, a)
            if self.is_closed:
                grid += Separated.of(self.along, self.followers, sums, a, b, bias=True).squares(a, b, Y)
            else:
                separated = None if units.all() else Separated.of(self.along, self.followers, sums, a, b, bias=False)
                grid += tiles.totals(sums, separated, Y)
        return grid

    def _squares(self, X_bar: Array, Y: Array, a: Array, b: Array) -> Array:
        """‖Z₀ − Y + aZ₁ + bZ₂‖²; where the layers before depend on a, Z₀ and Z₂ do too."""
        if self.along.first == self.along.second:
            last, X_bar = self.along.layers[-1], self.along.before(X_bar)
            E0, E1, E2 = last.C @ X_bar - Y, last.A @ X_bar, last.B @ X_bar
            return squared_lengths(E0.ravel(), E1.ravel(), E2.ravel(), a, b)
        sums = Sums.of(self.along, X_bar, a)
        E, Q = (sums.P - Y).reshape(len(a), -1), sums.Q.reshape(len(a), -1)
        return np.asarray(np.vecdot(E, E) + np.outer(b, 2.0 * np.vecdot(E, Q)) + np.outer(b * b, np.vecdot(Q, Q)))

    def _examples(self) -> Iterator[tuple[Array, Array]]:
        """All examples, as many at a time as a block takes."""
        at_once = examples_at_once(self.Y.shape[1], max(self.network.widths[1:]))
        for start in range(0, self.Y.shape[1], at_once):
            yield self.X_bar[:, start : start + at_once], self.Y[:, start : start + at_once]
