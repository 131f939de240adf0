"""The steps of N runs side by side: as one batch where the method works element by element, else one after another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.batch import losses_and_gradients
from app.engine.batches import Batches
from app.engine.objective import Objective
from app.engine.optimizers.driver import FirstOrder
from app.engine.optimizers.optimizer import Settings
from app.engine.plan import Plan
from app.engine.replay import bind_step
from app.engine.state import State

Array = NDArray[np.float64]
Constants = Mapping[str, Array]
"""Constants of the optimizer that differ from run to run, (N,) each."""


class Stepping(Protocol):
    """θ (N, P), and the losses (N,) and gradients (N, P) of all examples there; all of them change with a step."""

    theta: Array
    losses: Array
    gradients: Array

    def step(self) -> None:
        """One step of every run."""
        ...

    def keep(self, rows: NDArray[np.bool_]) -> None:
        """Go on with these runs only."""
        ...


def goes_together(settings: Settings) -> bool:
    """Whether the runs can be made as one batch."""
    return isinstance(settings.optimizer, FirstOrder) and settings.gradient == "backprop"


def stepping(objective: Objective, settings: Settings, seed: int, thetas: Array, constants: Constants) -> Stepping:
    """Runs from the starts θs (N, P), which must have finite losses."""
    kind = Together if goes_together(settings) else Apart
    return kind(objective, settings, seed, thetas, constants)


class Together:
    """One batch: the optimizer's own update on arrays with a row for each run."""

    def __init__(
        self, objective: Objective, settings: Settings, seed: int, thetas: Array, constants: Constants
    ) -> None:
        self.theta, self._objective, self._t = thetas.copy(), objective, 0
        self._settings, self._constants = settings, {name: values[:, None] for name, values in constants.items()}
        size, rows = settings.batch_size, settings.optimizer.memory_rows(thetas.shape[1])
        whole = size is None or size >= objective.examples
        self._batches = None if whole else Batches(seed, objective.examples)
        self._place = State(np.empty(0), np.empty(0), np.empty(0))  # in the data: the same for all runs
        self._memory = np.zeros((rows, *thetas.shape))
        self._bind()
        self._evaluate()

    def _bind(self) -> None:
        changed: dict[str, Any] = dict(self._constants)
        optimizer = replace(self._settings.optimizer, **changed)  # type: ignore[type-var]  # a protocol of dataclasses
        assert isinstance(optimizer, FirstOrder)
        self._optimizer, self._in_force = optimizer, replace(self._settings, optimizer=optimizer)
        self._workspace = optimizer.workspace(self._memory)

    def _evaluate(self) -> None:
        self.losses, self.gradients = losses_and_gradients(self._objective, self.theta)

    @np.errstate(all="ignore")
    def step(self) -> None:
        g = self.gradients
        if self._batches is not None:
            batch = self._batches.take(self._place, self._settings.batch_size or 0)
            _, g = losses_and_gradients(self._objective, self.theta, batch)
        rate = np.asarray(self._in_force.rate(self._t))
        self._t += 1
        self._optimizer.update(self.theta, g, self._workspace, self._t, rate)
        self._evaluate()

    def keep(self, rows: NDArray[np.bool_]) -> None:
        self.theta, self.losses, self.gradients = self.theta[rows], self.losses[rows], self.gradients[rows]
        self._memory = self._memory[:, rows]
        self._constants = {name: values[rows] for name, values in self._constants.items()}
        self._bind()


class Apart:
    """One run after another, each by the step that `advance` makes: for methods that look around, for differences."""

    def __init__(
        self, objective: Objective, settings: Settings, seed: int, thetas: Array, constants: Constants
    ) -> None:
        self.theta = thetas.copy()
        self.losses, self.gradients = losses_and_gradients(objective, thetas)
        self._runs = []
        for row, theta in enumerate(thetas):
            own: dict[str, Any] = {name: float(values[row]) for name, values in constants.items()}
            optimizer = replace(settings.optimizer, **own)  # type: ignore[type-var]  # a protocol of dataclasses
            state = State(theta.copy(), np.empty_like(theta), np.empty((0, len(theta))))
            state.arrive(objective.bind(state.theta, state.gradient)(), None)
            plan = Plan(theta, replace(settings, optimizer=optimizer), seed)
            self._runs.append((state, bind_step(objective, plan, state).step))

    @np.errstate(all="ignore")
    def step(self) -> None:
        for row, (state, step) in enumerate(self._runs):
            self.losses[row] = step()
            self.theta[row], self.gradients[row] = state.point

    def keep(self, rows: NDArray[np.bool_]) -> None:
        self.theta, self.losses, self.gradients = self.theta[rows], self.losses[rows], self.gradients[rows]
        self._runs = [run for run, stays in zip(self._runs, rows.tolist(), strict=True) if stays]
