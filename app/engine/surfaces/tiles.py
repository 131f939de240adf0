"""The general way: blocks of cells × examples, small enough that every pass over them finds them in the cache.

All arrays of a block are (rows, columns, units, m): a row for each b, a column for each a.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.surfaces.above import Above, Work
from app.engine.surfaces.layers import Mask, Slice
from app.engine.surfaces.scratch import scratch
from app.engine.surfaces.separated import Separated
from app.engine.surfaces.sums import Sums
from app.engine.surfaces.totals import TOTALS

Array = NDArray[np.float64]

BLOCK = 196_608
"""Numbers in one work array, 1.5 MB: larger ones leave the caches, with smaller ones calls cost more than work."""

LEAST_CELLS = 8
"""In a block, where the grid has that many: it sets how many examples a block holds."""

LINE = 8
"""Numbers in a line of the cache; arrays whose rows begin within one are slower."""


def examples_at_once(examples: int, widest: int) -> int:
    """So many that LEAST_CELLS cells of the widest layer fill a block, and that the last block is no poor rest."""
    most = max(32, BLOCK // (LEAST_CELLS * widest))
    return -(-examples // -(-examples // most) // LINE) * LINE


def pieces(count: int, most: int) -> Iterator[slice]:
    """0 … count in as few pieces of at most `most` as will do, all about equally long."""
    number = -(-count // most)
    return (slice(count * i // number, count * (i + 1) // number) for i in range(number))


Front = Callable[[slice, Work], None]
"""Computes Z and A of the second layer for some rows."""


class Tiles:
    """All cells of the grid a × b; `units` are those of the second layer that differ from cell to cell."""

    def __init__(self, along: Slice, units: Mask, loss: str, a: Array, b: Array) -> None:
        self.layers, self.units, self.loss, self.a, self.b = along.layers[along.second :], units, loss, a, b
        self.widths = [int(units.sum()), *(len(layer.C) for layer in along.above)]

    def totals(self, sums: Sums, separated: Separated | None, Y: Array) -> Array:
        """m·L of the examples Y (outputs, m), (len(b), len(a)); `separated` is what the other units add."""
        grid, sums = np.empty((len(self.b), len(self.a))), sums.of_units(self.units)
        cells, fronts = max(1, BLOCK // (max(self.widths) * Y.shape[1])), self._fronts(sums)
        for columns in pieces(len(self.a), cells):
            front, climb = fronts(columns), self._climber(columns, separated)
            for rows in pieces(len(self.b), max(1, cells // (columns.stop - columns.start))):
                works = self._arrays(rows.stop - rows.start, columns.stop - columns.start, Y.shape[1])
                front(rows, works[0])
                climb(rows, works)
                grid[rows, columns] = self._measure(works[-1], Y)
        return grid

    def _fronts(self, sums: Sums) -> Callable[[slice], Front]:
        """What computes the second layer, once it is told the columns."""
        name = self.layers[0].activation
        if name == "sigmoid" and sums.separable(self.b):
            P, e_bQ = sums.P, _exponential("e_bQ", np.multiply.outer(-self.b, sums.Q[0]))
            return lambda columns: partial(_by_exponentials, _exponential("e_P", P[columns]), e_bQ)
        apply, b = ACTIVATIONS[name].apply, self.b[:, None, None, None]
        Q = np.broadcast_to(sums.Q, sums.P.shape)
        return lambda columns: partial(_by_sums, apply, sums.P[columns], Q[columns], b)

    def _climber(self, columns: slice, separated: Separated | None) -> Callable[[slice, list[Work]], None]:
        """What computes the layers above the second."""
        inputs = [np.append(self.units, True), *(np.ones(layer.C.shape[1], dtype=bool) for layer in self.layers[2:])]
        layers = [Above.of(layer, self.a[columns], some) for layer, some in zip(self.layers[1:], inputs, strict=False)]

        def climb(rows: slice, works: list[Work]) -> None:
            b = self.b[rows, None, None, None]
            extra = None if separated is None else partial(separated.add_to, columns, rows, self.a, self.b)
            for layer, below, work in zip(layers, works[:-1], works[1:], strict=True):
                if extra is None and layer.has_safe_sigmoid(b):
                    layer.apply_sigmoid(below.A, b, work)
                else:
                    layer.apply(below.A, b, work, extra)
                extra = None  # it belongs to the first

        return climb

    def _measure(self, last: Work, Y: Array) -> Array:
        """m·L, (rows, columns)."""
        cells = last.Z.shape[:2]
        Z, A = (values.reshape(-1, *values.shape[2:]) for values in (last.Z, last.A))
        return TOTALS[self.loss](Z, A, Y).reshape(cells)

    def _arrays(self, rows: int, columns: int, m: int) -> list[Work]:
        return [
            Work.of(layer.activation, (rows, columns, width, m), ("even", "odd")[index % 2])
            for index, (layer, width) in enumerate(zip(self.layers, self.widths, strict=True))
        ]


def _exponential(name: str, Z: Array) -> Array:
    return np.asarray(np.exp(Z, out=scratch(name, Z.shape)))


def _by_exponentials(e_P: Array, e_bQ: Array, rows: slice, work: Work) -> None:
    """σ(P + bQ) = I/(I + E), I = e^P (columns, units, m), E = e^{−bQ} (rows, units, m): a sum and a quotient a cell."""
    np.add(e_P, e_bQ[rows, None], out=work.A)
    np.divide(e_P, work.A, out=work.A)


def _by_sums(apply: Callable[[Array, Array], None], P: Array, Q: Array, b: Array, rows: slice, work: Work) -> None:
    """f(P + bQ)."""
    np.multiply(b[rows], Q, out=work.Z)
    np.add(work.Z, P, out=work.Z)
    apply(work.Z, work.A)
