"""The path of a run, in bounded bytes: loss and gradient norm kept densely, θ beside them as often as the bytes allow.

Two tracks, each keeping the points whose step is a multiple of its stride. A full track drops every second point and
doubles its stride, so a run of any length fits, its first point always among them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Steps = NDArray[np.int64]

SCALAR_POINTS = 4096
LEAST_THETAS = 64


@dataclass
class Track:
    """Rows of `width` numbers at steps 0, stride, 2·stride, …; at most `capacity` of them."""

    width: int
    capacity: int
    stride: int = 1
    count: int = 0
    thinnings: int = 0

    def __post_init__(self) -> None:
        self._rows = np.empty((min(self.capacity, 64), self.width))

    @property
    def rows(self) -> Array:
        """The points kept, (count, width)."""
        return self._rows[: self.count]

    @property
    def steps(self) -> Steps:
        """The steps they belong to."""
        return np.arange(self.count, dtype=np.int64) * self.stride

    def append(self, first_step: int, rows: Array) -> None:
        """Points of consecutive steps from `first_step` on, which must follow the last ones; some may be dropped."""
        while len(rows):
            kept = rows[-first_step % self.stride :: self.stride]
            room = self.capacity - self.count
            self._grow(min(len(kept), room))
            self._rows[self.count : self.count + min(len(kept), room)] = kept[:room]
            self.count += min(len(kept), room)
            if len(kept) <= room:
                return
            used = -first_step % self.stride + room * self.stride
            first_step, rows = first_step + used, rows[used:]
            self._thin()

    def replace(self, rows: Array, stride: int) -> None:
        """Hold these points, at steps 0, stride, 2·stride, …, in place of all others."""
        self.count, self.stride = 0, stride
        self.extend(rows)

    def extend(self, rows: Array) -> None:
        """Points that follow the last ones at the present stride; there has to be room for them."""
        self._grow(len(rows))
        self._rows[self.count : self.count + len(rows)] = rows
        self.count += len(rows)

    def truncate(self, step: int) -> None:
        """Forget the points after `step`."""
        self.count = min(self.count, step // self.stride + 1)

    def _grow(self, more: int) -> None:
        if self.count + more > len(self._rows):
            grown = np.empty((min(self.capacity, max(2 * len(self._rows), self.count + more)), self.width))
            grown[: self.count] = self.rows
            self._rows = grown

    def _thin(self) -> None:
        kept = self.rows[::2].copy()
        self._rows[: len(kept)] = kept
        self.count, self.stride, self.thinnings = len(kept), 2 * self.stride, self.thinnings + 1


class Path:
    """What is remembered of a run of P parameters within `max_bytes`; at least 64 θ whatever P."""

    def __init__(self, parameters: int, max_bytes: int) -> None:
        points = min(SCALAR_POINTS, max(LEAST_THETAS, max_bytes // 32))
        left = max_bytes - 16 * points
        self.scalars = Track(2, points)
        self.thetas = Track(parameters, min(points, max(LEAST_THETAS, left // (8 * parameters))))

    def append(self, first_step: int, losses: Array, norms: Array, thetas: Array) -> None:
        """Points of consecutive steps: losses and gradient norms (N,), θ (N, P)."""
        scalars = np.empty((len(losses), 2))
        scalars[:, 0], scalars[:, 1] = losses, norms
        self.scalars.append(first_step, scalars)
        self.thetas.append(first_step, thetas)

    def truncate(self, step: int) -> None:
        """Forget what came after `step`."""
        self.scalars.truncate(step)
        self.thetas.truncate(step)
