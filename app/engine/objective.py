"""What can be descended: a loss of θ with its gradient. Nothing above the engine asks which kind it has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout
from app.engine.planes import Plane

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

Evaluate = Callable[[], float]
"""L at θ as it stands, ∂L/∂θ written to the gradient if one was bound."""

EvaluateBatch = Callable[[Indices], float]
"""The same on the examples with these indices."""


@dataclass(frozen=True)
class Optimum:
    """A point of least loss: `theta` (P,), its loss, and whether it is the only one."""

    theta: Array
    loss: float
    unique: bool


class Objective(Protocol):
    """A loss of the parameters in `layout`; `examples` is m, or 1 where there are no data."""

    @property
    def layout(self) -> Layout: ...

    @property
    def examples(self) -> int: ...

    @property
    def step_work(self) -> int:
        """Examples × units: the work and the memory of one step, in numbers."""
        ...

    @property
    def optimum(self) -> Optimum | None:
        """The least loss where a closed form gives it."""
        ...

    def loss(self, theta: Array) -> float:
        """L at θ (P,)."""
        ...

    def losses(self, thetas: Array) -> Array:
        """L at each row of θs (N, P), as (N,)."""
        ...

    def plane_losses(self, plane: Plane, x: Array, y: Array) -> Array:
        """L over a grid of a plane: a row for each y, a column for each x."""
        ...

    def plane_work(self, plane: Plane, columns: int, rows: int) -> int:
        """About how many numbers `plane_losses` works through for so many cells, in the unit of `step_work`."""
        ...

    def plane_minimum(self, plane: Plane) -> tuple[float, float, float] | None:
        """x, y and loss of the lowest point of a plane, where a formula gives it."""
        ...

    def bind(self, theta: Array, gradient: Array | None) -> Evaluate:
        """Loss and gradient on all examples, for arrays (P,) that are changed in place between calls.

        Without an array for the gradient it is the loss alone, the same to the last bit and cheaper.
        """
        ...

    def bind_batch(self, theta: Array, gradient: Array | None, size: int) -> EvaluateBatch:
        """Loss and gradient on `size` examples at a time."""
        ...
