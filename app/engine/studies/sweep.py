"""A sweep: the loss after so many steps for every learning rate and every momentum of a grid, both logarithmic."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.optimizers.first_order import GradientDescent, Momentum
from app.engine.optimizers.optimizer import Optimizer, Settings
from app.engine.studies.cells import CellRuns
from app.engine.studies.stepping import Constants

Array = NDArray[np.float64]

MOMENTA = ("momentum", "beta1", "rho")
"""Constants that say how much of the past a method keeps, the first that it has."""


def momentum_of(optimizer: Optimizer) -> str | None:
    """The constant of an optimizer that is varied beside its learning rate."""
    names = {item.name for item in fields(optimizer)}  # type: ignore[arg-type]  # a protocol of dataclasses
    return next((name for name in MOMENTA if name in names), None)


def swept(optimizer: Optimizer) -> Optimizer:
    """The optimizer that a sweep varies: plain descent is the heavy ball with μ = 0."""
    return Momentum(learning_rate=optimizer.learning_rate) if isinstance(optimizer, GradientDescent) else optimizer


def log_range(low: float, high: float, count: int) -> Array:
    """Numbers evenly spaced by their logarithms, the ends exactly.

    >>> log_range(0.01, 1.0, 3).tolist()
    [0.01, 0.1, 1.0]
    """
    values = np.geomspace(low, high, count)
    values[0], values[-1] = low, high
    return np.asarray(values)


def momentum_range(low: float, high: float, count: int) -> Array:
    """Momenta μ evenly spaced by the logarithm of 1 − μ, which is what the length of memory 1/(1 − μ) goes by.

    >>> momentum_range(0.0, 0.99, 3).round(12).tolist()
    [0.0, 0.9, 0.99]
    """
    values = 1.0 - np.geomspace(1.0 - low, 1.0 - high, count)
    values[0], values[-1] = low, high
    return np.asarray(values)


@dataclass(frozen=True, eq=False)
class SweepMap:
    """What is known of the cells so far; grids have a row for each momentum, a column for each learning rate."""

    outcome: NDArray[np.int8]
    steps: NDArray[np.int64]
    losses: Array


@dataclass(eq=False)
class Sweep:
    """A run from one start θ (P,) for every learning rate and momentum; without a momentum there is one row."""

    objective: Objective
    settings: Settings
    seed: int
    start: Array
    rates: Array
    momenta: Array | None
    steps: int
    _runs: CellRuns = field(init=False)

    def __post_init__(self) -> None:
        shape = (1 if self.momenta is None else len(self.momenta), len(self.rates))
        self._runs = CellRuns(self.objective, self.settings, self.seed, self.steps, shape, self._cells)

    def work(self) -> Iterator[float]:
        """Make the runs; yields the share that is done."""
        return self._runs.work()

    def result(self) -> SweepMap:
        """The map so far."""
        runs = self._runs
        return SweepMap(*(grid.reshape(runs.shape) for grid in (runs.outcome, runs.made, runs.losses)))  # type: ignore[arg-type]  # three grids of three types

    def _cells(self, cells: NDArray[np.intp]) -> tuple[Array, Constants]:
        rows, columns = np.divmod(cells, len(self.rates))
        constants = {"learning_rate": self.rates[columns]}
        name = momentum_of(self.settings.optimizer)
        if name is not None and self.momenta is not None:
            constants[name] = self.momenta[rows]
        return np.tile(self.start, (len(cells), 1)), constants
