"""Backpropagation held against differences of the loss, parameter by parameter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.engine.gradients import CENTRAL_STEP, Evaluator
from app.engine.model import Model
from app.engine.objective import Indices, Objective
from app.engine.state import Evaluations

Array = NDArray[np.float64]

BLOCK_NUMBERS = 1_000_000
"""So many numbers of θ are held at once."""

NOISE = 1e7 * float(np.finfo(float).eps)
"""Differences are taken for equal to seven digits fewer than a loss has: more are rounding."""


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """For the parameters at `addresses` (N): both gradients, the difference step `h` and the `error`, each (N,).

    The error is |backprop − difference| relative to the larger of them, to what the slope itself changes by within h
    (|L(θ+h) − 2L(θ) + L(θ−h)|/h), and to what rounding leaves of it: near 0, where both are 0 or nearly so, it is
    small too. Below 1e-6 the gradients agree, at kinks (ReLU, absolute error) they need not.
    """

    addresses: tuple[str, ...]
    backprop: Array
    difference: Array
    h: Array
    error: Array
    backprop_cost: Evaluations
    difference_cost: Evaluations


@np.errstate(all="ignore")
def gradient_check(
    objective: Objective, theta: Array, batch: Indices | None = None, most: int | None = None
) -> GradientCheck:
    """At θ (P,), on a batch of a model (None: all examples), for at most `most` parameters, spread evenly.

    Central differences, hᵢ = ∛ε·max(1, |θᵢ|). Where a loss within h is not finite the difference is left at 0 and the
    error is 1.
    """
    g = np.empty_like(theta)
    loss = Evaluator(objective, theta.copy(), g)(batch)
    if batch is not None and isinstance(objective, Model):
        objective = replace(objective, X=objective.X[:, batch], Y=objective.Y[:, batch])
    chosen = _spread(objective.layout.size, most)
    places = objective.layout.order[chosen]
    h = CENTRAL_STEP * np.maximum(1.0, np.abs(theta[places]))
    above, below = theta[places] + h, theta[places] - h
    L_above, L_below = (_losses(objective, theta, places, values) for values in (above, below))
    difference = (L_above - L_below) / (above - below)
    bend = np.abs(L_above - 2.0 * loss + L_below) / h
    noise = NOISE * np.maximum(np.abs(L_above), np.abs(L_below)) / h
    scale = np.max([np.abs(g[places]), np.abs(difference), bend, noise], axis=0)
    error = np.where(scale > 0.0, np.abs(g[places] - difference) / np.where(scale > 0.0, scale, 1.0), 0.0)
    known = np.isfinite(difference) & np.isfinite(error)
    m = objective.examples
    return GradientCheck(
        addresses=tuple(objective.layout.addresses[i] for i in chosen.tolist()),
        backprop=g[places],
        difference=np.where(known, difference, 0.0),
        h=h,
        error=np.where(known, error, 1.0),
        backprop_cost=Evaluations(gradient=1, samples=m),
        difference_cost=Evaluations(loss=2 * len(places), samples=2 * len(places) * m),
    )


def _spread(size: int, most: int | None) -> NDArray[np.intp]:
    """Indices of all, or of `most`, evenly from the first to the last."""
    count = size if most is None else min(size, most)
    return np.linspace(0, size - 1, count).round().astype(np.intp)


def _losses(objective: Objective, theta: Array, places: NDArray[np.intp], values: Array) -> Array:
    """L with one parameter at a time set to another value, (N,)."""
    return np.concatenate([objective.losses(block) for block in _moved(theta, places, values)])


def _moved(theta: Array, places: NDArray[np.intp], values: Array) -> Iterator[Array]:
    rows = max(1, BLOCK_NUMBERS // len(theta))
    for start in range(0, len(places), rows):
        part = places[start : start + rows]
        block = np.tile(theta, (len(part), 1))
        block[np.arange(len(part)), part] = values[start : start + rows]
        yield block
