"""A grid of runs, coarse to fine: every fourth cell says much already, the last half of them little that is new."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.optimizers.optimizer import Settings
from app.engine.studies.crowd import Crowd, Outcome
from app.engine.studies.stepping import Constants, goes_together

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Cells = Callable[[Indices], tuple[Array, Constants]]
"""Starts θ (N, P) and constants (N,) of the cells with these numbers, row by row."""

COARSEST = 6
"""About so many cells a side are made first."""

BATCH_WORK = 4_000_000
BATCH_BYTES = 32 * 2**20
"""Numbers that one step of a batch works through, and what its arrays take: steps stay short and memory bounded."""

MOST_APART = 64


def coarse_to_fine(rows: int, columns: int) -> Iterator[Indices]:
    """The numbers of all cells, each once: those at even places of a coarse grid first, then what halving adds.

    >>> [level.tolist() for level in coarse_to_fine(1, 3)]
    [[0, 1, 2]]
    """
    down, across = _stride(rows), _stride(columns)
    done = np.zeros((rows, columns), dtype=bool)
    while not done.all():
        level = np.zeros_like(done)
        level[::down, ::across] = True
        yield np.flatnonzero(level & ~done)
        done |= level
        down, across = max(1, down // 2), max(1, across // 2)


def _stride(cells: int) -> int:
    return 1 << ((cells - 1) // COARSEST).bit_length()


@dataclass(eq=False)
class CellRuns:
    """Runs of `steps` steps for every cell of a grid, and what is known of them so far, (rows·columns,) each.

    `goal` is the gradient norm at which a run has arrived. `ends` is where they stand at last, (rows·columns, P), kept
    where P is `kept_parameters` or less.
    """

    objective: Objective
    settings: Settings
    seed: int
    steps: int
    shape: tuple[int, int]
    cells: Cells
    goal: float | None = None
    kept_parameters: int = 0
    outcome: NDArray[np.int8] = field(init=False)
    losses: Array = field(init=False)
    made: NDArray[np.int64] = field(init=False)
    ends: Array | None = field(init=False)

    def __post_init__(self) -> None:
        count, parameters = self.shape[0] * self.shape[1], self.objective.layout.size
        self.outcome = np.full(count, Outcome.NOT_YET, dtype=np.int8)
        self.losses, self.made = np.full(count, np.nan), np.zeros(count, dtype=np.int64)
        self.ends = np.full((count, parameters), np.nan) if parameters <= self.kept_parameters else None

    def work(self) -> Iterator[float]:
        """Make the runs; yields the share that is done, after every step of a batch."""
        count, done = len(self.outcome), 0
        for level in coarse_to_fine(*self.shape):
            for start in range(0, len(level), self._rows_at_once()):
                batch = level[start : start + self._rows_at_once()]
                theta, constants = self.cells(batch)
                crowd = Crowd(theta, self.goal)
                for made in crowd.march(self.objective, self.settings, self.seed, self.steps, constants):
                    yield (done + len(batch) * made / self.steps) / count
                self._note(batch, crowd)
                done += len(batch)
                yield done / count

    def _note(self, batch: Indices, crowd: Crowd) -> None:
        self.losses[batch], self.made[batch] = crowd.losses, crowd.steps
        if self.ends is not None:
            self.ends[batch] = crowd.theta
        self.outcome[batch] = crowd.outcome

    def _rows_at_once(self) -> int:
        optimizer, parameters = self.settings.optimizer, self.objective.layout.size
        work = max(1, optimizer.work(self.objective, self.settings.gradient))
        arrays = 8 * parameters * (optimizer.memory_rows(parameters) + 6)
        if goes_together(self.settings):
            return max(1, min(BATCH_WORK // work, BATCH_BYTES // arrays))
        passes = 32 * self.objective.step_work
        return max(1, min(BATCH_WORK // work, BATCH_BYTES // (arrays + passes), MOST_APART))
