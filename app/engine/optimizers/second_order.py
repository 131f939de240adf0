"""Methods that know, or learn, how the loss bends, and so need no learning rate."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from app.engine.hessian import difference_hessian, exact_hessian
from app.engine.objective import Objective
from app.engine.optimizers.full_batch import FullBatch, Survey, backtrack
from app.engine.state import norm

Array = NDArray[np.float64]

FLAT = 1e-12
"""Eigenvalues below this share of the largest are taken for this share: they are rounding, or no help."""


@dataclass(frozen=True, kw_only=True)
class Newton(FullBatch):
    """p = −H⁻¹g, θ ← θ + αp, α = 1, ½, ¼, … by Armijo; H = QΛQᵀ the Hessian.

    On a quadratic that curves upwards one step ends at the minimum. Where H is not positive definite that step may
    climb, or end at a saddle; there it is p = −|H|⁻¹g, |H| = Q|Λ|Qᵀ, which leads downhill and away from saddles.
    """

    kind: Literal["newton"] = "newton"
    differences: ClassVar[bool] = False  # differences of differences would be mostly rounding
    largest: ClassVar[int | None] = 500
    formula: ClassVar[str] = (
        r"\theta \leftarrow \theta - \alpha \lvert H \rvert^{-1} g,\quad "
        r"H = \frac{\partial^2 \mathcal{L}}{\partial \theta^2} = Q \Lambda Q^\intercal,\quad "
        r"\lvert H \rvert = Q \lvert \Lambda \rvert Q^\intercal = H \text{ where it is positive definite}"
    )
    reference: ClassVar[str] = (
        "Dauphin et al. 2014, Identifying and attacking the saddle point problem in high-dimensional optimization"
    )

    def work(self, objective: Objective, gradient: str) -> int:
        size = objective.layout.size
        return (2 * size + 2) * objective.step_work + size**3 // 5  # the last for the eigenvalues, as measured

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        g = here.gradient()
        p = -_solve(_hessian(here), g)
        slope = float(g.dot(p))
        if not slope < 0.0:  # nothing bends, or not a number
            p, slope = -g, -float(g.dot(g))
        backtrack(here, p, slope, 1.0)


def _hessian(here: Survey) -> Array:
    """H (P, P). Where a formula gives it, its P rows are counted as a gradient each."""
    exact = exact_hessian(here.objective, here.state.theta)
    if exact is None:
        return difference_hessian(here.gradient_at, here.state.theta)
    here.count_gradients(len(exact))
    return exact


def _solve(hessian: Array, g: Array) -> Array:
    """H⁻¹g where H is positive definite, else |H|⁻¹g; g itself where H is not finite, NaN where it is 0."""
    if not np.isfinite(hessian).all():
        return g
    newton = _solve_definite(hessian, g)
    if newton is not None:
        return newton
    eigenvalues, Q = np.linalg.eigh(hessian)
    sizes = np.abs(eigenvalues)
    return np.asarray(Q @ ((Q.T @ g) / np.maximum(sizes, FLAT * sizes.max())))


def _solve_definite(hessian: Array, g: Array) -> Array | None:
    """H⁻¹g in units in which all parameters bend alike: years do not spoil the digits of percentages."""
    scale = np.sqrt(np.diag(hessian))
    scaled = hessian / scale / scale[:, None]
    if not np.isfinite(scaled).all():
        return None
    eigenvalues, Q = np.linalg.eigh(scaled)
    return np.asarray((Q @ ((Q.T @ (g / scale)) / eigenvalues)) / scale) if eigenvalues[0] > FLAT else None


@dataclass(frozen=True, kw_only=True)
class BFGS(FullBatch):
    """p = −Bg, θ ← θ + αp, α = 1, ½, ¼, … by Armijo; B ≈ H⁻¹ learned from steps s and changes y of the gradient.

    B ← (I − ρsyᵀ)B(I − ρysᵀ) + ρssᵀ, ρ = 1/sᵀy, from B = I. Nothing is learned from a step along which the slope did
    not grow (sᵀy ≤ 1e-10‖s‖‖y‖), since B would not stay positive definite. As long as nothing is known the first step
    tried has at most length 1. Where no better point is found B is forgotten.
    """

    kind: Literal["bfgs"] = "bfgs"
    largest: ClassVar[int | None] = 400
    formula: ClassVar[str] = (
        r"\theta \leftarrow \theta - \alpha B g,\quad B \leftarrow \left(I - \rho s y^\intercal\right) B "
        r"\left(I - \rho y s^\intercal\right) + \rho s s^\intercal,\quad \rho = \frac{1}{s^\intercal y}"
    )
    reference: ClassVar[str] = (
        "Nocedal and Wright 2006, Numerical optimization, chapter 6 (Broyden, Fletcher, Goldfarb, Shanno 1970)"
    )

    def memory_rows(self, parameters: int) -> int:
        """B, and the gradient."""
        return parameters + 1

    def work(self, objective: Objective, gradient: str) -> int:
        return super().work(objective, gradient) + 2 * objective.layout.size**2

    def move(self, here: Survey, memory: Array, t: int, rate: float) -> None:
        B, g = memory[:-1], memory[-1]
        if t == 1:
            np.copyto(g, here.gradient())
        before, p, first = here.state.theta.copy(), -(B @ g), 1.0
        if not g.dot(p) < 0.0:  # B is 0, which stands for unknown, or no longer good for anything
            B.fill(0.0)
            p, first = -g, min(1.0, 1.0 / (norm(g) or 1.0))
        backtrack(here, p, float(g.dot(p)), first)
        found = here.gradient()
        s, y = here.state.theta - before, found - g
        if s.any():
            _learn(B, s, y)
        else:
            B.fill(0.0)
        np.copyto(g, found)


def _learn(B: Array, s: Array, y: Array) -> None:
    """B (P, P) in place, such that By = s holds for the step s (P,) and the change y (P,) of the gradient."""
    product = float(s.dot(y))
    if not product > 1e-10 * norm(s) * norm(y):
        return
    if not B.any():
        np.fill_diagonal(B, 1.0)
    By = B @ y
    B += np.outer(s, s) * ((1.0 + float(y.dot(By)) / product) / product)
    B -= (np.outer(By, s) + np.outer(s, By)) / product
