"""The driver of methods that look around before they step, always at all of the data."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from app.engine.gradients import GRADIENTS, Estimate
from app.engine.objective import Objective
from app.engine.optimizers.optimizer import BoundStep, Settings, UnsuitableError
from app.engine.randomness import Purpose, generator
from app.engine.state import State

Array = NDArray[np.float64]

ARMIJO = 1e-4
MOST_HALVINGS = 60
ROUNDING = 64.0 * float(np.finfo(float).eps)
"""Losses that differ by less than this share are the same but for rounding."""


class Survey:
    """What a method may ask about an objective, from where its run stands: every question is counted in the state."""

    def __init__(self, objective: Objective, state: State, settings: Settings, seed: int) -> None:
        self.objective, self.state, self.settings, self.seed = objective, state, settings, seed
        self._place, self._gradient_there = np.empty_like(state.theta), np.empty_like(state.theta)
        self._evaluate = objective.bind(self._place, self._gradient_there)
        self._loss_there = np.nan

    def loss_at(self, theta: Array) -> float:
        """L at θ (P,); infinity where it is not finite, so that no method goes there."""
        np.copyto(self._place, theta)
        self.count_losses(1)
        loss = self._evaluate()
        self._loss_there = loss if isfinite(loss) else np.inf
        return self._loss_there

    def go(self) -> None:
        """Stand where the loss was asked for last; the gradient there is known already."""
        np.copyto(self.state.theta, self._place)
        np.copyto(self.state.gradient, self._gradient_there)
        self.state.loss = self._loss_there

    def try_at(self, theta: Array) -> float:
        """L at θ, and go there if it is lower than where the run stands."""
        loss = self.loss_at(theta)
        if loss < self.state.loss:
            self.go()
        return loss

    def gradient(self) -> Array:
        """∂L/∂θ (P,) where the run stands, by the method in force."""
        if self.settings.gradient != "backprop":
            return self.gradient_at(self.state.theta)
        self.count_gradients(1)
        return self.state.gradient.copy()

    def gradient_at(self, theta: Array) -> Array:
        """∂L/∂θ (P,) at another θ, by the method in force."""
        place, found, estimate = self._estimator
        np.copyto(place, theta)
        estimate(None)
        return found.copy()

    def count_losses(self, number: int) -> None:
        self.state.evaluations.loss += number
        self.state.evaluations.samples += number * self.objective.examples

    def count_gradients(self, number: int) -> None:
        self.state.evaluations.gradient += number
        self.state.evaluations.samples += number * self.objective.examples

    def random(self) -> np.random.Generator:
        """The generator of this step."""
        return generator(self.seed, Purpose.SEARCH, self.state.t)

    @cached_property
    def _estimator(self) -> tuple[Array, Array, Estimate]:
        place, found = np.empty_like(self.state.theta), np.empty_like(self.state.theta)
        method = GRADIENTS[self.settings.gradient]
        return place, found, method.bind(self.objective, place, found, self.state.evaluations)


@dataclass(frozen=True, kw_only=True)
class FullBatch:
    """Hands a survey to `move`, which is all that a method has of its own.

    `slots` is the number of vectors (P,) it remembers; they start at 0.
    """

    kind: str
    slots: ClassVar[int] = 0
    batches: ClassVar[bool] = False
    differences: ClassVar[bool] = True
    largest: ClassVar[int | None] = None

    def memory_rows(self, parameters: int) -> int:
        return self.slots

    def work(self, objective: Objective, gradient: str) -> int:
        return objective.step_work * (2 + sum(GRADIENTS[gradient].evaluations(objective.layout.size)))

    def check(self, objective: Objective, settings: Settings) -> None:
        size, batch_size = objective.layout.size, settings.batch_size
        if self.largest is not None and size > self.largest:
            raise UnsuitableError("unsuitable.parameters", "optimizer", kind=self.kind, most=self.largest, got=size)
        if batch_size is not None and batch_size < objective.examples:
            raise UnsuitableError("unsuitable.batch_size", "batch_size", kind=self.kind)
        if settings.gradient != "backprop" and not self.differences:
            raise UnsuitableError("unsuitable.gradient", "gradient", kind=self.kind)
        if not settings.schedule.is_constant and not hasattr(self, "learning_rate"):
            raise UnsuitableError("unsuitable.schedule", "schedule", kind=self.kind)

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        """One step, t from 1: to a better point, or none if none was found."""
        raise NotImplementedError("each method has its own move")

    def bind(self, objective: Objective, state: State, settings: Settings, seed: int) -> BoundStep:
        """`state.loss` is read at every step and kept, so that it always is the loss at θ."""
        self.check(objective, settings)
        here = Survey(objective, state, settings, seed)

        def step() -> float:
            state.t += 1
            self.move(here, state.memory, state.t, settings.rate(state.step))
            state.step += 1
            state.epoch += 1
            return state.loss

        return BoundStep(step)


def backtrack(here: Survey, direction: Array, slope: float, first: float) -> float:
    """The first of the lengths first, first/2, first/4, … that lowers the loss enough; goes there. 0 if none does.

    Enough is Armijo's L(θ + αp) ≤ L(θ) + c₁α·slope, c₁ = 1e-4, for the direction p (P,) with slope = gᵀp < 0. Where
    the losses are equal but for rounding their slopes tell more, pᵀg(θ + αp) ≤ (2c₁−1)·slope (Hager and Zhang 2005).
    """
    theta, loss, length = here.state.theta.copy(), here.state.loss, first
    for _ in range(MOST_HALVINGS):
        trial = theta + length * direction
        if not slope < 0.0 or np.array_equal(trial, theta):
            break
        found = here.loss_at(trial)
        if abs(found - loss) <= ROUNDING * abs(loss):
            enough = direction.dot(here.gradient_at(trial)) <= (2.0 * ARMIJO - 1.0) * slope
        else:
            enough = found <= loss + ARMIJO * length * slope
        if enough:
            here.go()
            return length
        length *= 0.5
    return 0.0
