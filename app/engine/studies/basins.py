"""Basins of attraction: over a window of a plane, which minimum a start falls to, and how many steps that takes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.engine.batch import losses_and_gradients
from app.engine.objective import Objective
from app.engine.optimizers.optimizer import Settings
from app.engine.planes import Plane
from app.engine.state import squared_norms
from app.engine.studies.cells import CellRuns
from app.engine.studies.crowd import Outcome
from app.engine.studies.minima import NO_MINIMUM, Minimum, minima
from app.engine.studies.stepping import Constants
from app.engine.windows import Window

Array = NDArray[np.float64]

SOME_STARTS = 49


@dataclass(frozen=True, eq=False)
class BasinMap:
    """What is known of the cells so far; grids have a row for each y, a column for each x.

    A run has arrived where its gradient norm stays at or below `goal`.
    """

    x: Array
    y: Array
    outcome: NDArray[np.int8]
    steps: NDArray[np.int64]
    losses: Array
    minimum: NDArray[np.intp]
    minima: list[Minimum]
    goal: float


@dataclass(eq=False)
class Basins:
    """A run from every point of a grid of `resolution` × `resolution` starts, with the settings of one run.

    It has arrived where its gradient norm stays below `tolerance` of the median over the starts.
    """

    objective: Objective
    settings: Settings
    seed: int
    plane: Plane
    window: Window
    resolution: int
    steps: int
    tolerance: float
    x: Array = field(init=False)
    y: Array = field(init=False)

    def __post_init__(self) -> None:
        self.x = np.linspace(self.window[0], self.window[1], self.resolution)
        self.y = np.linspace(self.window[2], self.window[3], self.resolution)
        shape = (self.resolution, self.resolution)
        self._runs = CellRuns(
            self.objective, self.settings, self.seed, self.steps, shape, self._starts, kept_parameters=2
        )

    def work(self) -> Iterator[float]:
        """Make the runs; yields the share that is done."""
        self._runs.goal = self.tolerance * self._sizes[1]
        yield from self._runs.work()

    def result(self) -> BasinMap:
        """The map so far."""
        runs, shape = self._runs, self._runs.shape
        arrived = np.flatnonzero(runs.outcome == Outcome.ARRIVED)
        ends = None if runs.ends is None else runs.ends[arrived]
        scale, gradient_norm = self._sizes
        found, places = minima(self.objective, ends, runs.losses[arrived], self.window, scale)
        minimum = np.full(len(runs.outcome), NO_MINIMUM, dtype=np.intp)
        minimum[arrived] = places
        return BasinMap(
            self.x,
            self.y,
            runs.outcome.reshape(shape),
            runs.made.reshape(shape),
            runs.losses.reshape(shape),
            minimum.reshape(shape),
            found,
            self.tolerance * gradient_norm,
        )

    def _starts(self, cells: NDArray[np.intp]) -> tuple[Array, Constants]:
        rows, columns = np.divmod(cells, self.resolution)
        return self.plane.points(self.x[columns], self.y[rows]), {}

    @cached_property
    def _sizes(self) -> tuple[float, float]:
        """|L| and ‖∇‖₂ as they are usual in this window: medians over some of the starts."""
        few = np.linspace(0, self.resolution**2 - 1, SOME_STARTS).astype(np.intp)
        losses, gradients = losses_and_gradients(self.objective, self._starts(few)[0])
        return _median(np.abs(losses)), _median(np.sqrt(squared_norms(gradients)))


def _median(sizes: Array) -> float:
    """Of those that are finite, 1 where none is or all are 0."""
    finite = sizes[np.isfinite(sizes)]
    return float(np.median(finite)) or 1.0 if len(finite) else 1.0
