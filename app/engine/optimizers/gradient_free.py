"""Methods that never ask for a gradient, only whether a point is better: what one would do without calculus."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt, Le
from numpy.typing import NDArray

from app.engine.fields import LOG
from app.engine.objective import Objective
from app.engine.optimizers.full_batch import FullBatch, Survey

Array = NDArray[np.float64]

Distance = Annotated[float, Gt(0), Le(1000), LOG]


@dataclass(frozen=True, kw_only=True)
class RandomSearch(FullBatch):
    """θ ← the best of θ and `candidates` points drawn from U(θ₀ − scale, θ₀ + scale), θ₀ the start.   Brooks 1958.

    Two candidates cost as many evaluations as one gradient. Step t draws them from `default_rng([seed, 2, t])` as
    `uniform(-scale, scale, (candidates, P))`, the parameters in the order that clients see.
    """

    kind: Literal["random_search"] = "random_search"
    scale: Distance = 5.0
    candidates: Annotated[int, Ge(1), Le(1000), LOG] = 2
    differences: ClassVar[bool] = False  # it has no use for a gradient
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = (
        r"\theta \leftarrow \arg\min\{\mathcal{L}(\theta), \mathcal{L}(c_1), \ldots, \mathcal{L}(c_n)\},\quad "
        r"c_i \sim U(\theta_0 - s, \theta_0 + s)"
    )
    reference: ClassVar[str] = "Brooks 1958, A discussion of random methods for seeking maxima"

    def work(self, objective: Objective, gradient: str) -> int:
        return objective.step_work * self.candidates

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        (start,) = memory
        if t == 1:
            np.copyto(start, here.state.theta)
            here.count_losses(1)  # that of the start, known already
        order = here.objective.layout.order
        candidate = np.empty_like(start)
        for offset in here.random().uniform(-self.scale, self.scale, (self.candidates, len(start))):
            candidate[order] = start[order] + offset
            here.try_at(candidate)


@dataclass(frozen=True, kw_only=True)
class NelderMead(FullBatch):
    """A simplex of P + 1 points that turns its worst point over: reflect 1, expand 2, contract ½, shrink ½.

    Nelder and Mead 1965, with the decisions of Lagarias et al. 1998. It begins with θ₀ and θ₀ + scale·eᵢ; the run
    stands at the best point. One step is one iteration, of one or two losses, or P + 2 where all points shrink.
    """

    kind: Literal["nelder_mead"] = "nelder_mead"
    scale: Distance = 0.5
    differences: ClassVar[bool] = False  # it has no use for a gradient
    largest: ClassVar[int | None] = 100
    formula: ClassVar[str] = (
        r"\theta_{\text{worst}} \leftarrow c + \alpha (c - \theta_{\text{worst}}),\quad "
        r"\alpha \in \{1, 2, \tfrac{1}{2}, -\tfrac{1}{2}\},\quad c \text{ the mean of the others}"
    )
    reference: ClassVar[str] = (
        "Lagarias, Reeds, Wright and Wright 1998, Convergence properties of the Nelder–Mead simplex method"
    )

    def memory_rows(self, parameters: int) -> int:
        """The P + 1 points, and their losses in two rows more."""
        return parameters + 3

    def work(self, objective: Objective, gradient: str) -> int:
        return objective.step_work * 3

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        points, losses = memory[:-2], memory[-2:].reshape(-1)[: len(memory) - 2]
        if t == 1:
            self._begin(here, points, losses)
        order = np.argsort(losses, kind="stable")
        points[:], losses[:] = points[order], losses[order]
        better = self._turned(here, points, losses)
        if better is None:
            for i in range(1, len(points)):
                points[i] = points[0] + 0.5 * (points[i] - points[0])
                losses[i] = here.try_at(points[i])
        else:
            points[-1], losses[-1] = better

    def _begin(self, here: Survey, points: Array, losses: Array) -> None:
        points[:] = here.state.theta
        points[1:] += self.scale * np.eye(points.shape[1])
        losses[0] = here.state.loss
        here.count_losses(1)  # that of the start, known already
        losses[1:] = [here.try_at(point) for point in points[1:]]

    def _turned(self, here: Survey, points: Array, losses: Array) -> tuple[Array, float] | None:
        """What takes the worst point's place, with its loss; None where all must shrink towards the best."""
        center, worst = points[:-1].mean(axis=0), points[-1]

        def at(factor: float) -> tuple[Array, float]:
            point = center + factor * (center - worst)
            return point, here.try_at(point)

        reflected = at(1.0)
        if reflected[1] < losses[0]:
            expanded = at(2.0)
            return expanded if expanded[1] < reflected[1] else reflected
        if reflected[1] < losses[-2]:
            return reflected
        outside = reflected[1] < losses[-1]
        contracted = at(0.5) if outside else at(-0.5)
        accepted = contracted[1] <= reflected[1] if outside else contracted[1] < losses[-1]
        return contracted if accepted else None
