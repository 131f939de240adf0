"""What a run has spent by each of its steps, in bounded bytes: rows where the price of a step changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.engine.optimizers.optimizer import BoundStep, Step
from app.engine.state import Evaluations, State

Counts = NDArray[np.int64]
Row = tuple[int, int, int, int]

MOST_ROWS = 256
"""A line search changes its price with every step: then every second row goes, and between rows it is interpolated."""


@dataclass
class Costs:
    """Rows of step, loss evaluations, gradients, examples seen, all counted from the start; the last row is now.

    `each` is what every step since the row before the last did cost. No row depends on how steps were cut into calls.
    """

    rows: list[Row] = field(default_factory=lambda: [(0, 0, 0, 0)])
    each: tuple[int, int, int] | None = None

    def add(self, steps: int, cost: Evaluations) -> None:
        """So many steps more, each at this price."""
        each = (cost.loss, cost.gradient, cost.samples)
        step, loss, gradient, samples = self.rows[-1]
        now = (step + steps, loss + steps * each[0], gradient + steps * each[1], samples + steps * each[2])
        if each == self.each:
            self.rows[-1] = now
            return
        self.rows.append(now)
        self.each = each
        if len(self.rows) > MOST_ROWS:
            self.rows = [*self.rows[:-1:2], self.rows[-1]]

    def add_each(self, counts: Iterable[tuple[int, int, int]]) -> None:
        """Steps that counted by themselves: losses, gradients and examples, all told, after each of them."""
        for loss, gradient, samples in counts:
            _, *last = self.rows[-1]
            self.add(1, Evaluations(loss - last[0], gradient - last[1], samples - last[2]))

    def truncate(self, step: int, spent: Evaluations) -> None:
        """Back to an earlier step, by which so much was spent."""
        self.rows = [row for row in self.rows if row[0] < step]
        self.rows.append((step, spent.loss, spent.gradient, spent.samples))
        self.each = None

    def at(self, steps: Counts) -> Counts:
        """Loss evaluations, gradients and examples by these steps, (3, N)."""
        if len(self.rows) == 2 and self.each is not None:  # one price from the start: three interpolations less
            return np.asarray(np.multiply.outer(self.each, steps))
        known = np.array(self.rows, dtype=float).T
        return np.rint([np.interp(steps, known[0], counts) for counts in known[1:]]).astype(np.int64)


class Counting:
    """What the steps of a stretch cost: known beforehand, or read off the state after each of them."""

    def __init__(self, bound: BoundStep, state: State) -> None:
        self._bound, self._spent = bound, state.evaluations
        self._counts: list[tuple[int, int, int]] = []
        self.step: Step = bound.step if bound.cost is not None else self._counted_step

    def note(self, costs: Costs, kept: int) -> None:
        """Add the first `kept` of the steps."""
        if self._bound.cost is None:
            costs.add_each(self._counts[:kept])
        elif kept:
            costs.add(kept, self._bound.cost)

    def _counted_step(self) -> float:
        loss, spent = self._bound.step(), self._spent
        self._counts.append((spent.loss, spent.gradient, spent.samples))
        return loss
