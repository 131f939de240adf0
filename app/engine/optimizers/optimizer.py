"""What an optimizer is: constants in a frozen dataclass, and one step, bound to an objective and a state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.batches import Batches
from app.engine.gradients import GRADIENTS
from app.engine.objective import Indices, Objective
from app.engine.schedules import Schedule
from app.engine.state import Evaluations, State

Array = NDArray[np.float64]

Step = Callable[[], float]
"""Makes one step of θ in place and returns the full training loss there, with its gradient in the state."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """In force at a step: the optimizer with its schedule, the batch size (None: all), the way to a gradient."""

    optimizer: "Optimizer"
    schedule: Schedule
    batch_size: int | None = None
    gradient: str = "backprop"

    def rate(self, step: int) -> float:
        """η of the step after `step` steps; methods without a learning rate have 1."""
        return self.schedule.rate(getattr(self.optimizer, "learning_rate", 1.0), step)


class Optimizer(Protocol):
    """A registered kind. `batches` says whether mini-batches make sense for it."""

    @property
    def kind(self) -> str: ...

    batches: ClassVar[bool]
    formula: ClassVar[str]
    reference: ClassVar[str]

    def memory_rows(self, parameters: int) -> int:
        """How many vectors of length P it remembers."""
        ...

    def bind(self, objective: Objective, state: State, settings: Settings, seed: int) -> "BoundStep":
        """Its step on this objective from this state."""
        ...


@dataclass(frozen=True)
class BoundStep:
    """`step` to be called again and again.

    `cost` is what each call costs, or None where the step counts by itself; `whole` says that a step sees all the
    data, so that what it saw before it moved is the loss at the point before.
    """

    step: Step
    cost: Evaluations | None = None
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class FirstOrder:
    """The driver of all methods that need a gradient and nothing else: asks the objective, hands it to `update`."""

    slots: ClassVar[int] = 0
    batches: ClassVar[bool] = True

    def memory_rows(self, parameters: int) -> int:
        return self.slots

    def update(self, theta: Array, g: Array, memory: Array, t: int, rate: float) -> None:
        """One step of θ (P,) in place, given its gradient g (which may be used up), memory, η and t from 1."""
        raise NotImplementedError("each method has its own update")

    def bind(self, objective: Objective, state: State, settings: Settings, seed: int) -> BoundStep:
        """Full batch by backpropagation is the short path; everything else goes the general way."""
        size = settings.batch_size
        whole = size is None or size >= objective.examples
        if whole and settings.gradient == "backprop":
            cost = Evaluations(gradient=1, samples=objective.examples)
            return BoundStep(self._whole_step(objective, state, settings), cost)
        batches = None if whole else Batches(seed, objective.examples)
        return BoundStep(self._general_step(objective, state, settings, batches), whole=whole)

    def _whole_step(self, objective: Objective, state: State, settings: Settings) -> Step:
        theta, g, memory, update = state.theta, state.gradient, state.memory, self.update
        evaluate, rate = objective.bind(theta, g), settings.rate(state.step)
        constant = settings.schedule.is_constant

        def step() -> float:
            state.t = t = state.t + 1
            update(theta, g, memory, t, rate if constant else settings.rate(state.step))
            state.step += 1
            return evaluate()

        return step

    def _general_step(self, objective: Objective, state: State, settings: Settings, batches: Batches | None) -> Step:
        theta, g = state.theta, np.empty_like(state.theta)
        estimate = GRADIENTS[settings.gradient].bind(objective, theta, g, state.evaluations)
        evaluate = objective.bind(theta, state.gradient)

        def step() -> float:
            batch = _next_batch(batches, state, settings.batch_size)
            state.batch_loss = estimate(batch)
            state.t += 1
            self.update(theta, g, state.memory, state.t, settings.rate(state.step))
            state.step += 1
            return evaluate()

        return step


def _next_batch(batches: Batches | None, state: State, size: int | None) -> Indices | None:
    """The examples the step takes; None, and a whole epoch done, where it takes all."""
    if batches is None or size is None:
        state.epoch += 1
        return None
    return batches.take(state, size)
