"""Ways to a gradient: backpropagation, or differences of the loss, one evaluation or two for each parameter."""

from collections.abc import Callable
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Indices, Objective
from app.engine.state import Evaluations

Array = NDArray[np.float64]
Estimate = Callable[[Indices | None], float]
"""Loss on the examples with these indices (None: all), its gradient written to the bound array, the cost counted."""

FORWARD_STEP = float(np.sqrt(np.finfo(float).eps))
CENTRAL_STEP = float(np.cbrt(np.finfo(float).eps))
"""h that balances truncation against rounding: √ε and ∛ε times max(1, |θᵢ|) (Nocedal and Wright 2006, chapter 8)."""


class GradientMethod(Protocol):
    """`evaluations(P)` is what one gradient costs, as (losses, gradients)."""

    kind: ClassVar[str]
    formula: ClassVar[str]
    reference: ClassVar[str]

    def evaluations(self, parameters: int) -> tuple[int, int]: ...

    def bind(self, objective: Objective, theta: Array, g: Array, counted: Evaluations) -> Estimate: ...


class Evaluator:
    """Loss and gradient (or, without `g`, the loss) at the bound θ, on all examples or on some of them.

    Work arrays are made once for each size of a batch.
    """

    def __init__(self, objective: Objective, theta: Array, g: Array | None) -> None:
        self.objective, self.theta, self.g = objective, theta, g
        self._whole = objective.bind(theta, g)
        self._batches: dict[int, Callable[[Indices], float]] = {}

    def __call__(self, batch: Indices | None) -> float:
        if batch is None:
            return self._whole()
        size = len(batch)
        if size not in self._batches:
            self._batches[size] = self.objective.bind_batch(self.theta, self.g, size)
        return self._batches[size](batch)


class Backprop:
    """One forward and one backward pass, whatever P is."""

    kind: ClassVar[str] = "backprop"
    formula: ClassVar[str] = r"\frac{\partial \mathcal{L}}{\partial \bar{W}_l} = \Psi_l \, \bar{X}_l^\intercal"
    reference: ClassVar[str] = (
        "Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating errors"
    )

    def evaluations(self, parameters: int) -> tuple[int, int]:
        return 0, 1

    def bind(self, objective: Objective, theta: Array, g: Array, counted: Evaluations) -> Estimate:
        evaluate = Evaluator(objective, theta, g)

        def estimate(batch: Indices | None) -> float:
            counted.gradient += 1
            counted.samples += objective.examples if batch is None else len(batch)
            return evaluate(batch)

        return estimate


class ForwardDifference:
    """gᵢ ≈ (L(θ + hᵢeᵢ) − L(θ))/hᵢ: P + 1 evaluations of the loss, an error that shrinks like h."""

    kind: ClassVar[str] = "forward_difference"
    formula: ClassVar[str] = (
        r"\frac{\partial \mathcal{L}}{\partial \theta_i} \approx "
        r"\frac{\mathcal{L}(\theta + h e_i) - \mathcal{L}(\theta)}{h}"
    )
    reference: ClassVar[str] = "Nocedal and Wright 2006, Numerical Optimization, chapter 8"

    def evaluations(self, parameters: int) -> tuple[int, int]:
        return parameters + 1, 0

    def bind(self, objective: Objective, theta: Array, g: Array, counted: Evaluations) -> Estimate:
        evaluate = Evaluator(objective, theta, None)

        def estimate(batch: Indices | None) -> float:
            loss = evaluate(batch)
            for i, value in enumerate(theta.tolist()):
                theta[i] = value + FORWARD_STEP * max(1.0, abs(value))
                g[i] = (evaluate(batch) - loss) / (theta[i] - value)
                theta[i] = value
            _count_losses(counted, len(g) + 1, batch, objective)
            return loss

        return estimate


class CentralDifference:
    """gᵢ ≈ (L(θ + hᵢeᵢ) − L(θ − hᵢeᵢ))/2hᵢ: 2P evaluations of the loss, an error that shrinks like h²."""

    kind: ClassVar[str] = "central_difference"
    formula: ClassVar[str] = (
        r"\frac{\partial \mathcal{L}}{\partial \theta_i} \approx "
        r"\frac{\mathcal{L}(\theta + h e_i) - \mathcal{L}(\theta - h e_i)}{2h}"
    )
    reference: ClassVar[str] = "Nocedal and Wright 2006, Numerical Optimization, chapter 8"

    def evaluations(self, parameters: int) -> tuple[int, int]:
        return 2 * parameters, 0

    def bind(self, objective: Objective, theta: Array, g: Array, counted: Evaluations) -> Estimate:
        evaluate = Evaluator(objective, theta, None)

        def estimate(batch: Indices | None) -> float:
            for i, value in enumerate(theta.tolist()):
                h = CENTRAL_STEP * max(1.0, abs(value))
                theta[i] = above = value + h
                loss_above = evaluate(batch)
                theta[i] = below = value - h
                g[i] = (loss_above - evaluate(batch)) / (above - below)
                theta[i] = value
            _count_losses(counted, 2 * len(g), batch, objective)
            return evaluate(batch)

        return estimate


def _count_losses(counted: Evaluations, losses: int, batch: Indices | None, objective: Objective) -> None:
    counted.loss += losses
    counted.samples += losses * (objective.examples if batch is None else len(batch))


GRADIENTS: dict[str, GradientMethod] = {
    method.kind: method for method in (Backprop(), ForwardDifference(), CentralDifference())
}
