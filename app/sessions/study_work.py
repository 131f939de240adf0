"""From what was asked to the engine, and from what the engine knows so far to what is shown."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.cost_race import CostRace, extrapolate
from app.engine.layout import Layout
from app.engine.plane_objective import PlaneObjective
from app.engine.planes import Plane
from app.engine.run import Run
from app.engine.studies.basins import Basins
from app.engine.studies.crowd import Outcome
from app.engine.studies.minima import NO_MINIMUM, Minimum
from app.engine.studies.stepping import goes_together
from app.engine.studies.sweep import Sweep, log_range, momentum_of, momentum_range, swept
from app.engine.windows import Window
from app.errors import BadInput
from app.recipe.changes import settings_at, settings_json
from app.recipe.studies import BasinsAsked, CostRaceAsked, StudyAsked, SweepAsked
from app.recipe.windows import window_of
from app.sessions.cuts import PlaneChoice, Planned, planned
from app.sessions.session import Session

Array = NDArray[np.float64]
Json = dict[str, Any]

OUTCOMES: dict[int, str | None] = {
    Outcome.NOT_YET: None,
    Outcome.UNDEFINED: "undefined",
    Outcome.DIVERGED: "diverged",
    Outcome.ON_THE_WAY: "on the way",
    Outcome.ARRIVED: "arrived",
}
RATE_REACH = 30.0
MOST_RATE = 100.0


class Study(Protocol):
    """Work that can be left and taken up again at every `yield`, and what is known of its result."""

    def work(self) -> Iterator[float]:
        """Yields the share that is done, every few milliseconds where that can be."""
        ...

    def shown(self) -> Json:
        """The result so far."""
        ...


@dataclass(frozen=True, eq=False)
class Prepared:
    """A study ready to begin, and what is said of it from the first: the run, and the settings it follows.

    `plane` is that of its starts, where it has one.
    """

    study: Study
    about: Json
    plane: Plane | None = None


def planned_study(session: Session, asked: StudyAsked) -> Planned[Prepared]:
    """Copies at once what it needs of the session; BadInput, UnknownPlane, at once or when it is made."""
    if isinstance(asked, CostRaceAsked):
        race = RaceShown(CostRace(asked.networks))
        return Planned(lambda: Prepared(race, {"run": None, "settings": None}), 0)
    index = session.index(asked.run)
    run, recipe = session.runs[index], session.recipe.runs[index]
    about: Json = {"run": recipe.name, "settings": settings_json(settings_at(recipe, run.state.step))}
    if isinstance(asked, BasinsAsked):
        return _basins(session, run, asked, about)
    sweep = _sweep(run, asked)
    return Planned(lambda: Prepared(sweep, about), 0)


@dataclass(frozen=True, eq=False)
class BasinsShown:
    """Grids have a row for each y, a column for each x."""

    study: Basins
    layout: Layout

    def work(self) -> Iterator[float]:
        return self.study.work()

    def shown(self) -> Json:
        found = self.study.result()
        cells = Counter(found.minimum.ravel().tolist())
        plane = self.study.plane
        return {
            "plane": {"id": plane.id, "x_label": plane.x_label, "y_label": plane.y_label},
            "x": found.x.tolist(),
            "y": found.y.tolist(),
            **_grids(found.outcome, found.steps, found.losses),
            "minimum": [[None if place == NO_MINIMUM else place for place in row] for row in found.minimum.tolist()],
            "minima": [self._minimum(one) | {"cells": cells[place]} for place, one in enumerate(found.minima)],
            "gradient_norm": found.goal,
            "together": goes_together(self.study.settings),
        }

    def _minimum(self, minimum: Minimum) -> Json:
        theta = None if minimum.x is None or minimum.y is None else np.array([minimum.x, minimum.y])
        shown: Json = {"kind": minimum.kind, "known": minimum.known, "loss": minimum.loss, "values": None}
        if theta is None:
            return shown | {"x": None, "y": None}
        x, y, _ = self.study.plane.coordinates(theta[None])
        return shown | {"x": float(x[0]), "y": float(y[0]), "values": self.layout.unpack(theta)}


@dataclass(frozen=True, eq=False)
class SweepShown:
    """Grids have a row for each momentum, a column for each learning rate."""

    study: Sweep

    def work(self) -> Iterator[float]:
        return self.study.work()

    def shown(self) -> Json:
        found, study = self.study.result(), self.study
        grids = _grids(found.outcome, found.steps, found.losses)
        reached = np.where(found.outcome == Outcome.ON_THE_WAY, found.losses, np.inf)
        row, column = np.unravel_index(int(reached.argmin()), reached.shape)
        momenta = [None] if study.momenta is None else study.momenta.tolist()
        best = {"learning_rate": study.rates[column].item(), "momentum": momenta[int(row)]}
        return {
            "optimizer": study.settings.optimizer.kind,
            "learning_rate": study.rates.tolist(),
            "constant": None if study.momenta is None else momentum_of(study.settings.optimizer),
            "momentum": momenta,
            **grids,
            "steps_asked": study.steps,
            "best": best | {"loss": float(reached.min())} if np.isfinite(reached).any() else None,
            "together": goes_together(study.settings),
        }


@dataclass(frozen=True, eq=False)
class RaceShown:
    """Laps, smallest network first, and what the largest so far means for the network of the first text."""

    study: CostRace

    def work(self) -> Iterator[float]:
        return self.study.work()

    def shown(self) -> Json:
        laps = list(self.study.laps)
        return {
            "laps": [asdict(lap) | {"ratio": lap.ratio} for lap in laps],
            "extrapolation": asdict(extrapolate(laps[-1])) if laps else None,
        }


def _grids(outcome: NDArray[np.int8], steps: NDArray[np.int64], losses: Array) -> Json:
    """Null where nothing is known yet; the loss of a run that diverged is that of its last finite point."""
    outcomes = [[OUTCOMES[one] for one in row] for row in outcome.tolist()]
    rows = zip(outcomes, steps.tolist(), strict=True)
    return {
        "outcome": outcomes,
        "steps": [[made if how else None for how, made in zip(*row, strict=True)] for row in rows],
        "loss": losses.tolist(),  # NaN goes out as null
    }


def _basins(session: Session, run: Run, asked: BasinsAsked, about: Json) -> Planned[Prepared]:
    choice = PlaneChoice(plane=asked.plane, x=asked.x, y=asked.y, center="start")
    window = window_of(asked) or _usual_window(session, asked)
    cut = planned(session, run, choice, None, window)
    objective, settings, seed, layout = run.objective, run.settings, run.plan.seed, session.built.layout

    def make() -> Prepared:
        at = cut.make()
        grid = asked.resolution, asked.steps, asked.tolerance
        return Prepared(
            BasinsShown(Basins(objective, settings, seed, at.plane, at.window, *grid), layout), about, at.plane
        )

    return Planned(make, cut.work)


def _usual_window(session: Session, asked: BasinsAsked) -> Window | None:
    """A function's own, where the axes are its x and y."""
    objective = session.built.objective
    is_its_own = asked.plane == "parameters" and (asked.x or "x", asked.y or "y") == ("x", "y")
    return objective.function.window if isinstance(objective, PlaneObjective) and is_its_own else None


def _sweep(run: Run, asked: SweepAsked) -> SweepShown:
    settings = replace(run.settings, optimizer=swept(run.settings.optimizer))
    optimizer = settings.optimizer
    rate: float | None = getattr(optimizer, "learning_rate", None)
    if rate is None:
        raise BadInput.at("run", "bad.no_learning_rate", kind=optimizer.kind)
    low = asked.learning_rate_min or min(rate / RATE_REACH, asked.learning_rate_max or MOST_RATE)
    high = asked.learning_rate_max or min(MOST_RATE, max(rate * RATE_REACH, low * RATE_REACH))
    if not low < high:
        raise BadInput.at("learning_rate_max", "bad.greater_than", gt=low, got=high)
    if not asked.momentum_min < asked.momentum_max:
        raise BadInput.at("momentum_max", "bad.greater_than", gt=asked.momentum_min, got=asked.momentum_max)
    momenta = None
    if momentum_of(optimizer) is not None:
        momenta = momentum_range(asked.momentum_min, asked.momentum_max, asked.resolution)
    rates = log_range(low, high, asked.resolution)
    objective, seed = run.objective, run.plan.seed
    return SweepShown(Sweep(objective, settings, seed, run.plan.start, rates, momenta, asked.steps))
