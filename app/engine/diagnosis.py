"""How a run is doing at one of its points: curvature, the learning rate it allows, and the speed it promises."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.advice import advice
from app.engine.curvature import Spectrum, spectrum
from app.engine.objective import Optimum
from app.engine.optimizers.optimizer import Settings
from app.engine.run import Run
from app.engine.stability import STABILITY, Limit, best_constants, limit_at, limit_of, rate
from app.engine.state import State

Array = NDArray[np.float64]

WINDOW = 64
"""The observed rate is read from the last half of what was recorded, at most so many points."""


@dataclass(frozen=True)
class Diagnosis:
    """At `step`; what theory does not know is None, and no number is ever infinite.

    `spectrum` is that of ∂²L/∂θ², `limit` the learning rate the optimizer may have here (for an adaptive method from
    the scaled Hessian). `condition_number`, `rate_theory` and `best` (constants and their rate) are those of a
    quadratic loss. Rates are factors per step of ‖∇L‖, which in the end shrinks as fast as the distance from the
    optimum. `violated` is the inequality that does not hold. `fixed` says that under the same settings the limit is
    that at every other step too.
    """

    step: int
    learning_rate: float | None
    spectrum: Spectrum | None
    limit: Limit | None
    condition_number: float | None
    optimum: Optimum | None
    rate_theory: float | None
    rate_observed: float | None
    best: Mapping[str, float] | None
    violated: str | None
    fixed: bool


def diagnose(run: Run, state: State) -> Diagnosis:
    """Of a run at one of its states (`run.state` or what `run.state_at` gives)."""
    settings = run.plan.settings_at(state.step)
    rate_now = settings.rate(state.step)
    found = spectrum(run.objective, state.theta)
    limit = _limit(run, settings, state, found)
    quadratic = found if found is not None and found.constant and found.complete and len(found.nonzero) else None
    return Diagnosis(
        step=state.step,
        learning_rate=settings.learning_rate(state.step),
        spectrum=found,
        limit=limit,
        condition_number=quadratic.condition_number if quadratic else None,
        optimum=run.objective.optimum,
        rate_theory=_rate_in_theory(run, settings, rate_now, quadratic) if quadratic else None,
        rate_observed=_rate_observed(run, state.step),
        best=_best(settings, quadratic) if quadratic else None,
        violated=_violated(run, state, rate_now, limit),
        fixed=_is_fixed(settings, found),
    )


def _limit(run: Run, settings: Settings, state: State, found: Spectrum | None) -> Limit | None:
    stability = STABILITY.get(settings.optimizer.kind)
    if stability is not None and stability.scaling is None:
        return limit_of(settings, found, state.step)
    return limit_at(run.objective, settings, state)


def _is_fixed(settings: Settings, found: Spectrum | None) -> bool:
    stability = STABILITY.get(settings.optimizer.kind)
    return stability is None or (stability.scaling is None and found is not None and found.constant)


def _rate_in_theory(run: Run, settings: Settings, learning_rate: float, found: Spectrum) -> float | None:
    """On a quadratic, whole batches, from here on with this learning rate."""
    size = settings.batch_size
    whole = size is None or size >= run.objective.examples
    return rate(settings.optimizer, learning_rate, found.nonzero) if whole else None


def _best(settings: Settings, found: Spectrum) -> Mapping[str, float] | None:
    if found.nonzero[0] <= 0.0:
        return None
    return best_constants(settings.optimizer.kind, float(found.nonzero[0]), float(found.nonzero[-1]))


def _rate_observed(run: Run, step: int) -> float | None:
    """The slope of log ‖∇L‖ over the last recorded points under the present settings, by least squares."""
    begin = max((event.at + 1 for event in run.plan.events if event.at < step), default=0)
    track = run.path.scalars
    last, first = step // track.stride, -(-max(begin, (begin + step) // 2) // track.stride)
    steps, norms = track.steps[first : last + 1][-WINDOW:], track.rows[first : last + 1, 1][-WINDOW:]
    if len(steps) < 3 or not (norms > 0.0).all():
        return None
    slope = np.polynomial.Polynomial.fit(steps, np.log(norms), 1).convert().coef[-1]
    return float(np.exp(slope))


def _violated(run: Run, state: State, learning_rate: float, limit: Limit | None) -> str | None:
    if limit is not None and learning_rate > limit.value:
        return f"η < {limit.formula}"
    told = advice(run) if state.step == run.state.step else None
    return f"η < {told.values['formula']}" if told is not None and "formula" in told.values else None
