"""Runs from many starts, each as it would go by itself: it arrives, diverges, or is still on its way."""

from collections.abc import Iterator
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from app.engine.batch import losses_and_gradients
from app.engine.objective import Objective
from app.engine.optimizers.optimizer import Settings
from app.engine.run import DIVERGED
from app.engine.state import squared_norms
from app.engine.studies.stepping import Constants, stepping

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

STAYS = 10
"""So many points in a row with a small gradient: a run that only flies past a saddle has not arrived there."""


class Outcome(IntEnum):
    """How a run ended; NOT_YET where it has not been made."""

    NOT_YET = 0
    UNDEFINED = 1
    """The start itself has no finite loss or gradient."""
    DIVERGED = 2
    ON_THE_WAY = 3
    ARRIVED = 4


class Crowd:
    """N runs from θs (N, P): `outcome`, `losses` (N,), `steps` made (N,) and `theta` (N, P) where each stands at last.

    A run has arrived at the first of `STAYS` points in a row with a gradient norm of at most `goal`; `steps` tells that
    one, and the run stops at the last of them. Without a goal none arrives. A diverged run made `steps` and stands
    before the step that broke the limit, as every run does.
    """

    def __init__(self, theta: Array, goal: float | None = None) -> None:
        self.theta, self._goal = theta.copy(), -1.0 if goal is None else goal * goal
        self.outcome = np.full(len(theta), Outcome.UNDEFINED, dtype=np.int8)
        self.losses, self.steps = np.full(len(theta), np.nan), np.zeros(len(theta), dtype=np.int64)

    def march(
        self, objective: Objective, settings: Settings, seed: int, steps: int, constants: Constants
    ) -> Iterator[int]:
        """Make the runs, all of them a step at a time; yields the steps made."""
        losses, gradients = losses_and_gradients(objective, self.theta)
        rows = np.flatnonzero(np.isfinite(losses) & np.isfinite(gradients).all(axis=1))
        self.outcome[rows], self.losses[rows] = Outcome.ON_THE_WAY, losses[rows]
        limits = DIVERGED * np.maximum(1.0, losses[rows])
        runs = stepping(objective, settings, seed, self.theta[rows], {n: v[rows] for n, v in constants.items()})
        small = np.where(squared_norms(runs.gradients) <= self._goal, 1, 0)
        for made in range(1, steps + 1):
            if not len(rows):
                return
            before = runs.losses.copy()
            runs.step()
            squares = squared_norms(runs.gradients)
            broke = ~(runs.losses <= limits) | ~np.isfinite(squares)
            small = np.where(squares <= self._goal, small + 1, 0)
            ended = broke | (small >= STAYS)
            if ended.any():
                self._end(rows[broke], Outcome.DIVERGED, made - 1, before[broke])
                there = ended & ~broke
                self._end(rows[there], Outcome.ARRIVED, made - STAYS + 1, runs.losses[there])
                self.theta[rows[there]] = runs.theta[there]
                runs.keep(~ended)
                rows, limits, small = rows[~ended], limits[~ended], small[~ended]
            yield made
        self._end(rows, Outcome.ON_THE_WAY, steps, runs.losses)
        self.theta[rows] = runs.theta

    def _end(self, rows: Rows, outcome: Outcome, steps: int, losses: Array) -> None:
        self.outcome[rows], self.steps[rows], self.losses[rows] = outcome, steps, losses
