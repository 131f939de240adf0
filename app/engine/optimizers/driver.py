"""The driver of all methods that need a gradient and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le, Lt
from numpy.typing import NDArray

from app.engine.batches import Batches
from app.engine.fields import LOG
from app.engine.gradients import GRADIENTS
from app.engine.objective import Indices, Objective
from app.engine.optimizers.optimizer import BoundStep, Settings, Step
from app.engine.state import Evaluations, State

Array = NDArray[np.float64]

Decay = Annotated[float, Ge(0), Lt(1)]  # open on the right: 1 would never forget
Epsilon = Annotated[float, Gt(0), Le(1), LOG]

Rate = float | Array
"""η of a step. The driver hands it over as a 0-d array, which a ufunc takes a fifth of a microsecond faster.

Of many runs at once it is an array (N, 1): θ, g and the memory's rows have a row for each run then.
"""


@dataclass(frozen=True, kw_only=True)
class FirstOrder:
    """Asks the objective for the gradient and hands it to `update`, which is all that a method has of its own.

    `slots` is the number of vectors (P,) it remembers; they start at 0. `numbers` is that of the 0-d arrays it wants
    beside them for what changes with t: nothing is remembered there, but a ufunc takes them faster than floats.
    """

    slots: ClassVar[int] = 0
    numbers: ClassVar[int] = 0
    batches: ClassVar[bool] = True
    differences: ClassVar[bool] = True
    largest: ClassVar[int | None] = None

    def memory_rows(self, parameters: int) -> int:
        return self.slots

    def work(self, objective: Objective, gradient: str) -> int:
        return objective.step_work * sum(GRADIENTS[gradient].evaluations(objective.layout.size))

    def check(self, objective: Objective, settings: Settings) -> None:
        """Any objective will do, any batch, any way to a gradient."""

    def workspace(self, memory: Array) -> tuple[Array, ...]:
        """What `update` takes for its memory (slots, P): the rows, and room for `numbers`.

        Of N runs at once the memory is (slots, N, P), and there is a number for each run.
        """
        shape = () if memory.ndim == 2 else (memory.shape[1], 1)
        return (*memory, *(np.empty(shape) for _ in range(self.numbers)))

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        """One step of θ (P,) in place, given its gradient g (which may be used up), the workspace, t from 1, and η.

        Element by element: so it is the step of many runs, too, whose θ stand as rows (N, P).

        Numbers may leave the finite range without a warning only where NumPy's are switched off, as a run does.
        """
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
        theta, g, memory, update = state.theta, state.gradient, self.workspace(state.memory), self.update
        evaluate, rate = objective.bind(theta, g), np.array(settings.rate(state.step))

        def step() -> float:
            state.t = t = state.t + 1
            update(theta, g, memory, t, rate)
            state.step += 1
            return evaluate()

        return step if settings.schedule.is_constant else _scheduled(step, rate, state, settings)

    def _general_step(self, objective: Objective, state: State, settings: Settings, batches: Batches | None) -> Step:
        theta, g, memory = state.theta, np.empty_like(state.theta), self.workspace(state.memory)
        estimate = GRADIENTS[settings.gradient].bind(objective, theta, g, state.evaluations)
        evaluate, rate = objective.bind(theta, state.gradient), np.array(settings.rate(state.step))

        def step() -> float:
            batch = _next_batch(batches, state, settings.batch_size)
            state.batch_loss = estimate(batch)
            state.t += 1
            self.update(theta, g, memory, state.t, rate)
            state.step += 1
            return evaluate()

        return step if settings.schedule.is_constant else _scheduled(step, rate, state, settings)


def number(rate: Rate) -> Rate:
    """η for what is reckoned with plain numbers: of one run a float, of many the array it is."""
    return rate if isinstance(rate, np.ndarray) and rate.ndim else float(rate)


def _scheduled(step: Step, rate: Array, state: State, settings: Settings) -> Step:
    """The step with η (0-d) set anew before it."""

    def scheduled_step() -> float:
        rate[()] = settings.rate(state.step)
        return step()

    return scheduled_step


def _next_batch(batches: Batches | None, state: State, size: int | None) -> Indices | None:
    """The examples the step takes; None, and a whole epoch done, where it takes all."""
    if batches is None or size is None:
        state.epoch += 1
        return None
    return batches.take(state, size)
