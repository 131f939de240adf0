"""What an optimizer is: constants in a frozen dataclass, and one step, bound to an objective and a state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from app.engine.objective import Objective
from app.engine.schedules import Schedule
from app.engine.state import Evaluations, State

Step = Callable[[], float]
"""Makes one step of θ in place and returns the full training loss there, with its gradient in the state."""


class UnsuitableError(ValueError):
    """A setting the optimizer cannot work with here: `where` is its name, `key` and `values` make the text."""

    def __init__(self, key: str, where: str, **values: object) -> None:
        super().__init__(f"{where}: {key} {values}")
        self.key, self.where, self.values = key, where, values


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

    def learning_rate(self, step: int) -> float | None:
        """The same to be shown: None for methods without."""
        return self.rate(step) if hasattr(self.optimizer, "learning_rate") else None


class Optimizer(Protocol):
    """A registered kind.

    `batches` says whether mini-batches make sense for it, `differences` whether finite differences may stand in for
    its gradient, `largest` with how many parameters it can still cope (None: any). A schedule takes a `learning_rate`.
    """

    @property
    def kind(self) -> str: ...

    batches: ClassVar[bool]
    differences: ClassVar[bool]
    largest: ClassVar[int | None]
    formula: ClassVar[str]
    reference: ClassVar[str]

    def memory_rows(self, parameters: int) -> int:
        """How many vectors of length P it remembers."""
        ...

    def work(self, objective: Objective, gradient: str) -> int:
        """About how many numbers one step works through, in the unit of `Objective.step_work`."""
        ...

    def check(self, objective: Objective, settings: Settings) -> None:
        """UnsuitableError where the settings, or the size of the objective, do not go with it."""
        ...

    def bind(self, objective: Objective, state: State, settings: Settings, seed: int) -> "BoundStep":
        """Its step on this objective from this state; UnsuitableError as `check` says."""
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
