"""What to tell about a run that diverged: which inequality broke, where to go back to, and what would hold there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor, log10
from typing import Any

import numpy as np

from app.engine.batches import Batches
from app.engine.curvature import batch_spectrum
from app.engine.optimizers.optimizer import Settings
from app.engine.plan import Plan
from app.engine.plane_objective import PlaneObjective
from app.engine.replay import bind_step
from app.engine.run import Run
from app.engine.stability import STABILITY, Limit, limit_at, limit_of
from app.engine.state import State, squared_norms

SAFE = 0.5
"""The share of the limit that is suggested: it leaves room for a surface that gets steeper on the way."""

MOST_REPLAYED, TRIAL_STEPS, LEAST_TRIAL_STEPS, MOST_TRIALS, BATCHES = 256, 64, 4, 12, 4
WORK = 8_000_000
"""Examples × units that a replay to the best step, or the trial of a suggestion, may work through."""


@dataclass(frozen=True)
class Advice:
    """`code` names the text (`advice.<code>`), `values` fill it; `rewind` is the step to go back to.

    `learning_rate` holds from there, it was tried; None where no smaller one would help.
    """

    code: str
    values: Mapping[str, float | str]
    rewind: int
    learning_rate: float | None = None


def advice(run: Run) -> Advice | None:
    """None for a run that did not diverge. A few milliseconds for a small model; the run stays as it is."""
    if not run.diverged:
        return None
    here = run.state.step
    if run.plan.by_hand_at(here) is not None:
        return Advice("set_by_hand", {"step": here}, here)
    with np.errstate(all="ignore"):
        tried = _tried_loss(run)
        if run.state.loss < -run.loss_limit or tried == -np.inf:
            return Advice("unbounded", {"loss": rounded(run.state.loss)}, 0)
        good = run.state_at(_good_step(run))
        code, values, limit = _broken(run, good)
        if code == "unknown_limit" and np.isnan(tried) and isinstance(run.objective, PlaneObjective):
            code = "no_value"
        suggestion = _what_holds(run, good, limit)
    values |= {"learning_rate": rounded(run.settings.rate(here)), "rewind": good.step}
    if suggestion is None:
        return Advice("nothing_holds", values, good.step)
    return Advice(code, values | {"suggestion": suggestion}, good.step, suggestion)


def _tried_loss(run: Run) -> float:
    """What the step came to that the run did not take; NaN where the formula of a function has no value."""
    state = run.state.copy()
    return bind_step(run.objective, run.plan, state).step()


def rounded(value: float) -> float:
    """To four significant digits, for reading."""
    return float(f"{value:.4g}")


def _good_step(run: Run) -> int:
    """Where the loss was lowest, or shortly before where that is expensive to reach."""
    best = run.state.best_step
    kept = run.kept_step(best)
    worth = min(MOST_REPLAYED, WORK // max(1, run.objective.step_work))
    return best if best - kept <= worth else kept


def _broken(run: Run, good: State) -> tuple[str, dict[str, float | str], Limit | None]:
    """The text's code and values, and the limit at the good step, whether or not it is the one that broke."""
    limits = []
    for state in _witnesses(run, good):
        settings = run.plan.settings_at(state.step)
        limits.append(limit_at(run.objective, settings, state))
        if (limit := limits[-1]) is not None and settings.rate(state.step) > limit.value:
            return "above_limit", _said(limit), limits[0] or limit
    batch = _batch_limit(run, good)
    if batch is not None and run.settings.rate(good.step) > batch.value:
        return "batch_above_limit", _said(batch) | {"batch_size": run.settings.batch_size or 0}, batch
    return "unknown_limit", {}, batch or limits[0]


def _witnesses(run: Run, good: State) -> Iterator[State]:
    """Where to look for the broken inequality: the good step, the one after it, where the run stands."""
    yield good
    if good.step + 1 < run.state.step:
        yield run.state_at(good.step + 1)
    if good.step < run.state.step:
        yield run.state


def _said(limit: Limit) -> dict[str, float | str]:
    return {
        "limit": rounded(limit.value),
        "formula": limit.formula,
        "eigenvalue": rounded(limit.eigenvalue),
        "step": limit.step,
    }


def _batch_limit(run: Run, good: State) -> Limit | None:
    """The lowest limit of the next few mini-batches: each of them bends more than the whole in some direction."""
    size, stability = run.settings.batch_size, STABILITY.get(run.settings.optimizer.kind)
    if size is None or size >= run.objective.examples or stability is None or stability.scaling is not None:
        return None
    batches, ahead, limits = Batches(run.plan.seed, run.objective.examples), good.copy(), []
    for _ in range(BATCHES):
        found = batch_spectrum(run.objective, good.theta, batches.take(ahead, size))
        limits.append(limit_of(run.settings, found, good.step))
    return min((limit for limit in limits if limit is not None), key=lambda limit: limit.value, default=None)


def _what_holds(run: Run, good: State, limit: Limit | None) -> float | None:
    """A learning rate that was seen to hold from the good step on: half the limit, or less."""
    settings = run.settings
    optimizer: Any = settings.optimizer
    constant = getattr(optimizer, "learning_rate", None)
    if constant is None:
        return None
    share = settings.rate(good.step) / constant  # what the schedule makes of it
    trial = min(0.5 * constant, SAFE * limit.value / share if limit is not None and share > 0 else np.inf)
    for _ in range(MOST_TRIALS):
        trial = _readable(trial)
        if _holds(run, good, replace(settings, optimizer=replace(optimizer, learning_rate=trial))):
            return trial
        trial *= 0.25
    return None


def _readable(value: float) -> float:
    """Rounded down to two significant digits.

    >>> _readable(0.08379)
    0.083
    """
    unit = 10.0 ** (floor(log10(value)) - 1)
    return float(f"{floor(value / unit * (1 + 1e-12)) * unit:.2g}")


def _holds(run: Run, good: State, settings: Settings) -> bool:
    """Whether the loss stays finite from the good step on and ends no higher than it was there or at the start."""
    state = good.copy()
    bound = bind_step(run.objective, Plan(run.plan.start, settings, run.plan.seed), state)
    steps = WORK // max(1, run.objective.step_work)
    highest = max(good.loss, run.first_loss)
    loss = np.inf
    for _ in range(int(np.clip(steps, LEAST_TRIAL_STEPS, TRIAL_STEPS))):
        loss = bound.step()
        if not (loss <= run.loss_limit and np.isfinite(squared_norms(state.gradient[None])[0])):
            return False  # as a run would
    return loss <= highest
