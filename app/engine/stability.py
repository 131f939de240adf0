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
    """`limit(optimizer, λ)` is the largest stable η, `formula` says it in symbols; up to `smooth` nothing oscillates.

    Up to there both roots of r² − tr·r + det are real and none is negative; `smooth_formula` says that in symbols.
    Linear methods have `polynomial(optimizer, ηλ)`, (tr, det). Adaptive ones divide the gradient by a diagonal P (P,),
    `scaling(optimizer, memory, t)`: taken as it stands, λ is that of P^{-½}HP^{-½} (Cohen et al. 2022).
    """

    formula: str
    limit: Callable[[Any, float], float]
    polynomial: Callable[[Any, Array], tuple[Array, Array]] | None = None
    scaling: Callable[[Any, Array, int], Array] | None = None
    smooth: Callable[[Any, float], float] | None = None
    smooth_formula: str | None = None


def _of_averages(optimizer: Any, λ: float) -> float:
    return float(2.0 * (1.0 + optimizer.beta1) / ((1.0 - optimizer.beta1) * λ))


def _smooth_averages(optimizer: Any, λ: float) -> float:
    return float((1.0 - np.sqrt(optimizer.beta1)) ** 2 / ((1.0 - optimizer.beta1) * λ))


def _inverse(optimizer: Any, λ: float) -> float:
    return 1.0 / λ


def _of_decayed_averages(optimizer: Any, λ: float) -> float:
    """Where θ is also multiplied by 1 − ηw each step, the root −1 of r² − (1 − ηw − η(1−β₁)λ + β₁)r + β₁(1 − ηw)."""
    decay = (1.0 + optimizer.beta1) * optimizer.weight_decay
    return float(2.0 * (1.0 + optimizer.beta1) / ((1.0 - optimizer.beta1) * λ + decay))


def _adam_scaling(optimizer: Any, memory: Array, t: int) -> Array:
    """P = (1 − β₁ᵗ)(√(v/(1 − β₂ᵗ)) + ε) with v in the last row of the memory. Cohen et al. 2022."""
    root = np.sqrt(memory[-1] / (1.0 - optimizer.beta2**t))
    return np.asarray((1.0 - optimizer.beta1**t) * (root + optimizer.epsilon))


def _radam_scaling(optimizer: Any, memory: Array, t: int) -> Array:
    """Adam's with the rectifier r, or all the same while that is not defined."""
    decayed, first = optimizer.beta2**t, 1.0 - optimizer.beta1**t
    longest = 2.0 / (1.0 - optimizer.beta2) - 1.0
    length = longest - 2.0 * t * decayed / (1.0 - decayed)
    if length <= 5.0:
        return np.full_like(memory[-1], first)
    r = (length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length)
    return np.asarray(first * (np.sqrt(memory[-1]) + optimizer.epsilon) / np.sqrt(r * (1.0 - decayed)))


def _adadelta_scaling(optimizer: Any, memory: Array, t: int) -> Array:
    s, u = memory
    return np.asarray(np.sqrt((s + optimizer.epsilon) / (u + optimizer.epsilon)))


_AVERAGES = "(2 + 2β₁)/((1 − β₁)λ)"
_SMOOTH_AVERAGES = "(1 − √β₁)²/((1 − β₁)λ)"

STABILITY: dict[str, Stability] = {
    "gradient_descent": Stability(
        "2/λ",
        lambda optimizer, λ: 2.0 / λ,
        polynomial=lambda optimizer, ηλ: (1.0 - ηλ, 0.0 * ηλ),
        smooth=_inverse,
        smooth_formula="1/λ",
    ),
    "momentum": Stability(
        "2(1 + μ)/λ",
        lambda optimizer, λ: 2.0 * (1.0 + optimizer.momentum) / λ,
        polynomial=lambda optimizer, ηλ: (1.0 + optimizer.momentum - ηλ, optimizer.momentum + 0.0 * ηλ),
        smooth=lambda optimizer, λ: (1.0 - np.sqrt(optimizer.momentum)) ** 2 / λ,
        smooth_formula="(1 − √μ)²/λ",
    ),
    "nesterov": Stability(
        "2(1 + μ)/((1 + 2μ)λ)",
        lambda optimizer, λ: 2.0 * (1.0 + optimizer.momentum) / ((1.0 + 2.0 * optimizer.momentum) * λ),
        polynomial=lambda optimizer, ηλ: ((1.0 + optimizer.momentum) * (1.0 - ηλ), optimizer.momentum * (1.0 - ηλ)),
        smooth=lambda optimizer, λ: ((1.0 - optimizer.momentum) / (1.0 + optimizer.momentum)) ** 2 / λ,
        smooth_formula="((1 − μ)/(1 + μ))²/λ",
    ),
    "adagrad": Stability(
        "2/λ",
        lambda optimizer, λ: 2.0 / λ,
        scaling=lambda optimizer, memory, t: np.sqrt(memory[0]) + optimizer.epsilon,
        smooth=_inverse,
        smooth_formula="1/λ",
    ),
    "rmsprop": Stability(
        "2/λ",
        lambda optimizer, λ: 2.0 / λ,
        scaling=lambda optimizer, memory, t: np.sqrt(memory[0]) + optimizer.epsilon,
        smooth=_inverse,
        smooth_formula="1/λ",
    ),
    "adadelta": Stability(
        "2/λ", lambda optimizer, λ: 2.0 / λ, None, _adadelta_scaling, smooth=_inverse, smooth_formula="1/λ"
    ),
    "adam": Stability(_AVERAGES, _of_averages, None, _adam_scaling, _smooth_averages, _SMOOTH_AVERAGES),
    "amsgrad": Stability(_AVERAGES, _of_averages, None, _adam_scaling, _smooth_averages, _SMOOTH_AVERAGES),
    "adamax": Stability(
        _AVERAGES,
        _of_averages,
        scaling=lambda optimizer, memory, t: (1.0 - optimizer.beta1**t) * memory[1],
        smooth=_smooth_averages,
        smooth_formula=_SMOOTH_AVERAGES,
    ),
    "radam": Stability(_AVERAGES, _of_averages, None, _radam_scaling, _smooth_averages, _SMOOTH_AVERAGES),
    "adamw": Stability("(2 + 2β₁)/((1 − β₁)λ + (1 + β₁)w)", _of_decayed_averages, scaling=_adam_scaling),
}
"""By kind of optimizer. NAdam's weights drift all the time and line searches choose their own steps: no entry."""


def rate(optimizer: Any, learning_rate: float, eigenvalues: Array) -> float | None:
    """By what factor the error shrinks each step in the end: the largest root over the eigenvalues λ ≠ 0 (N,).

    None for methods that are not linear in the gradient.
    """
    stability = STABILITY.get(optimizer.kind)
    if stability is None or stability.polynomial is None:
        return None
    trace, determinant = stability.polynomial(optimizer, learning_rate * eigenvalues)
    root = np.sqrt((0.25 * trace * trace - determinant).astype(complex))
    largest = float(np.maximum(np.abs(0.5 * trace + root), np.abs(0.5 * trace - root)).max())
    return largest if np.isfinite(largest) else None


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
    """The learning rate above which steps grow near a point: `value` = `formula` with λ = `eigenvalue`.

    Up to `smooth` they do not swing across the valley either; None where that is not known.
    """

    value: float
    formula: str
    eigenvalue: float
    step: int
    smooth: float | None = None


def limit_at(objective: Objective, settings: Settings, state: State) -> Limit | None:
    """For the step that follows `state`; None where theory knows no limit or the loss does not curve upwards."""
    stability = STABILITY.get(settings.optimizer.kind)
    if stability is None:
        return None
    scaling = None
    if stability.scaling is not None:
        if settings.optimizer.kind != state.kind or state.t == 0:
            return None  # fresh memory: nothing to scale with yet
        scaling = stability.scaling(settings.optimizer, state.memory, state.t)
    return limit_of(settings, spectrum(objective, state.theta, scaling), state.step)


def limit_of(settings: Settings, found: Spectrum | None, step: int) -> Limit | None:
    """The limit that the largest eigenvalue sets an optimizer which has one."""
    stability = STABILITY[settings.optimizer.kind]
    if found is None or found.largest <= found.floor:
        return None
    value = stability.limit(settings.optimizer, found.largest)
    smooth = stability.smooth and float(stability.smooth(settings.optimizer, found.largest))
    return Limit(value, stability.formula, found.largest, step, smooth) if 0.0 < value < np.inf else None
