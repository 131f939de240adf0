"""How large a learning rate may be: the limit of each optimizer on a quadratic, and how fast it gets there below it.

On a loss ½λx² a linear method multiplies what it remembers by a fixed matrix each step; it converges where both
eigenvalues of that matrix, the roots of r² − tr·r + det, lie inside the unit circle. Elsewhere λ is the largest
eigenvalue of the loss's Hessian at the point in question: a limit for the neighbourhood, not a promise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.curvature import Spectrum, spectrum
from app.engine.objective import Objective
from app.engine.optimizers.optimizer import Settings
from app.engine.state import State

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stability:
    """`limit(optimizer, λ)` is the largest stable η, `formula` says it in symbols; `polynomial(optimizer, ηλ)` is
    (tr, det); `scaling(optimizer, memory, t)` the diagonal P (P,) of an adaptive method, with which λ is that of
    P^{-½}HP^{-½}, or None while its memory is fresh.
    """

    formula: str
    limit: Callable[[Any, float], float]
    polynomial: Callable[[Any, Array], tuple[Array, Array]]
    scaling: Callable[[Any, Array, int], Array | None] | None = None


STABILITY: dict[str, Stability] = {
    "gradient_descent": Stability(
        "2/λ",
        lambda optimizer, λ: 2.0 / λ,
        lambda optimizer, ηλ: (1.0 - ηλ, 0.0 * ηλ),
    ),
    "momentum": Stability(
        "2(1 + μ)/λ",
        lambda optimizer, λ: 2.0 * (1.0 + optimizer.momentum) / λ,
        lambda optimizer, ηλ: (1.0 + optimizer.momentum - ηλ, optimizer.momentum + 0.0 * ηλ),
    ),
    "nesterov": Stability(
        "2(1 + μ)/((1 + 2μ)λ)",
        lambda optimizer, λ: 2.0 * (1.0 + optimizer.momentum) / ((1.0 + 2.0 * optimizer.momentum) * λ),
        lambda optimizer, ηλ: ((1.0 + optimizer.momentum) * (1.0 - ηλ), optimizer.momentum * (1.0 - ηλ)),
    ),
}
"""By kind of optimizer; where theory knows no limit, there is no entry."""


def rate(stability: Stability, optimizer: Any, learning_rate: float, eigenvalues: Array) -> float:
    """By what factor the error shrinks each step in the end: the largest root over the eigenvalues λ > 0 (N,)."""
    trace, determinant = stability.polynomial(optimizer, learning_rate * eigenvalues)
    root = np.sqrt((0.25 * trace * trace - determinant).astype(complex))
    return float(np.maximum(np.abs(0.5 * trace + root), np.abs(0.5 * trace - root)).max())


def best_constants(kind: str, least: float, largest: float) -> dict[str, float] | None:
    """The best η (and μ) for eigenvalues from `least` to `largest` and the `rate` they give.

    Plain descent and heavy ball: Polyak 1964; Nesterov: Lessard, Recht and Packard 2016, proposition 1.
    """
    ratio = largest / least
    if kind == "gradient_descent":
        return {"learning_rate": 2.0 / (least + largest), "rate": (ratio - 1.0) / (ratio + 1.0)}
    if kind == "momentum":
        root = (np.sqrt(ratio) - 1.0) / (np.sqrt(ratio) + 1.0)
        η = (2.0 / (np.sqrt(least) + np.sqrt(largest))) ** 2
        return {"learning_rate": float(η), "momentum": float(root * root), "rate": float(root)}
    if kind == "nesterov":
        root = np.sqrt(3.0 * ratio + 1.0)
        momentum, slow = (root - 2.0) / (root + 2.0), 1.0 - 2.0 / root
        return {"learning_rate": 4.0 / (3.0 * largest + least), "momentum": float(momentum), "rate": float(slow)}
    return None


@dataclass(frozen=True)
class Limit:
    """The learning rate above which steps grow near a point: `value` = `formula` with λ = `eigenvalue`."""

    value: float
    formula: str
    eigenvalue: float
    step: int


def limit_at(objective: Objective, settings: Settings, state: State) -> Limit | None:
    """For the step that follows `state`; None where theory knows no limit or the loss does not curve upwards."""
    stability = STABILITY.get(settings.optimizer.kind)
    if stability is None:
        return None
    scaling = None
    if stability.scaling is not None:
        known = settings.optimizer.kind == state.kind and state.t > 0
        scaling = stability.scaling(settings.optimizer, state.memory, state.t) if known else None
        if scaling is None:
            return None
    found = spectrum(objective, state.theta, scaling)
    return limit_of(settings, found, state.step)


def limit_of(settings: Settings, found: Spectrum | None, step: int) -> Limit | None:
    """The limit that the largest eigenvalue sets an optimizer which has one."""
    stability = STABILITY[settings.optimizer.kind]
    if found is None or found.largest <= 0.0:
        return None
    value = stability.limit(settings.optimizer, found.largest)
    return Limit(value, stability.formula, found.largest, step) if 0.0 < value < np.inf else None
