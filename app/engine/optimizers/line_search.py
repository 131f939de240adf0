"""Downhill along a line until Armijo is content: the gradient itself, or directions conjugate to the earlier ones."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from app.engine.fields import LearningRate
from app.engine.optimizers.full_batch import FullBatch, Survey, backtrack
from app.engine.state import norm

Array = NDArray[np.float64]

ALONG = 1e-4
"""How far along a line its curvature is measured, as a share of max(1, |θ|): enough for gradients by differences."""


@dataclass(frozen=True, kw_only=True)
class Backtracking(FullBatch):
    """p = −g, θ ← θ + αp, α halved until L(θ + αp) ≤ L(θ) − c₁α‖g‖².   Armijo 1966.

    η is the longest step tried. The first step tries it, later ones begin with twice the length that the last took.
    """

    kind: Literal["backtracking"] = "backtracking"
    learning_rate: LearningRate = 1.0
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = (
        r"\theta \leftarrow \theta - \alpha g,\quad \alpha \text{ halved until } "
        r"\mathcal{L}(\theta - \alpha g) \le \mathcal{L}(\theta) - 10^{-4} \alpha \lVert g \rVert^2"
    )
    reference: ClassVar[str] = (
        "Armijo 1966, Minimization of functions having Lipschitz continuous first partial derivatives"
    )

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        (last,) = memory  # α of the last step that moved, in every element
        g = here.gradient()
        first = min(rate, 2.0 * float(last[0])) if last[0] > 0.0 else rate
        length = backtrack(here, -g, -float(g.dot(g)), first)
        if length > 0.0:
            last.fill(length)


@dataclass(frozen=True, kw_only=True)
class ConjugateGradient(FullBatch):
    """p ← −g + βp, θ ← θ + αp, β = max(0, gᵀ(g − g₋)/g₋ᵀg₋), g₋ the gradient before.   Polak and Ribière 1969, "PR+".

    β = 0 every P steps and where p would lead uphill. The first α tried is the minimum of the parabola along p, from
    one more gradient a little way along it: exact on a quadratic, which is solved in P steps. Where the loss bends
    downwards along p it is a step of length 1.
    """

    kind: Literal["conjugate_gradient"] = "conjugate_gradient"
    slots: ClassVar[int] = 2
    formula: ClassVar[str] = (
        r"p \leftarrow -g + \beta p,\quad \beta = \max\left(0, \frac{g^\intercal (g - g_-)}{g_-^\intercal g_-}\right)"
        r",\quad \theta \leftarrow \theta + \alpha p"
    )
    reference: ClassVar[str] = "Nocedal and Wright 2006, Numerical optimization, chapter 5 (Polak and Ribière 1969)"

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        g_before, p = memory
        g, length = here.gradient(), float(g_before.dot(g_before))
        restart = (t - 1) % len(g) == 0 or not length > 0.0
        beta = 0.0 if restart else max(0.0, float(g.dot(g - g_before)) / length)
        np.copyto(p, beta * p - g)
        if not g.dot(p) < 0.0:
            np.copyto(p, -g)
        np.copyto(g_before, g)
        slope = float(g.dot(p))
        if slope < 0.0:
            backtrack(here, p, slope, _along_parabola(here, g, p, slope))


def _along_parabola(here: Survey, g: Array, p: Array, slope: float) -> float:
    """−slope/pᵀHp, the curvature pᵀHp from the gradient at θ + hp."""
    theta = here.state.theta
    h = ALONG * max(1.0, float(np.abs(theta).max())) / float(np.abs(p).max())
    curvature = float(p.dot(here.gradient_at(theta + h * p) - g)) / h
    return -slope / curvature if curvature > 0.0 else 1.0 / norm(p)
