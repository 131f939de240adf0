"""What changes a session beside stepping: config, reset, rewind, runs that come and go.

Each works out the new recipe and its plans first, and touches the session only when all of it is known to be right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from re import Match, sub
from typing import Any, Literal

from app.engine.plan import Plan
from app.engine.replay import NotFiniteError
from app.engine.run import Run
from app.errors import BadInput, Words, shown
from app.field_errors import unknown_name
from app.recipe.build import Built, plan
from app.recipe.changes import CHANGEABLE, assignment, difference, merged, settings_at, settings_json
from app.recipe.recipe import (
    RECIPE,
    RUN_NAME,
    EventRecipe,
    Recipe,
    RunRecipe,
    as_json,
    below,
    completed,
)
from app.sessions.session import Session, start_runs
from app.settings import Settings

Json = dict[str, Any]
Effect = Literal["none", "event", "restart"]
Build = Callable[[Any], Built]
RESTARTING = ("seed", "problem", "start")
OF_A_RUN = ("name", "rename", "start", *CHANGEABLE, "parameters")
"""What a change of the config may say of a run."""


def config(session: Session, step: int | None = None) -> Json:
    """What is in force between `step` (default: now) and the next, without events; sent back it changes nothing."""
    session.check_step(step)
    return _config(session, session.clock if step is None else step)


def _config(session: Session, step: int) -> Json:
    document = as_json(session.recipe)
    for entry, run, live in zip(document["runs"], session.recipe.runs, session.runs, strict=True):
        entry.update(settings_json(settings_at(run, min(step, live.state.step))))
        del entry["events"]
    return {name: value for name, value in document.items() if name != "format"}


def rewind(session: Session, step: int, settings: Settings) -> None:
    """Back to an earlier step, exactly; events at that step and later are dropped."""
    session.check_step(step)
    runs = tuple(
        replace(run, events=tuple(event for event in run.events if event.at < step)) for run in session.recipe.runs
    )
    recipe = replace(session.recipe, runs=runs)
    plans = _plans(recipe, session.built, settings)
    _adopt(session, recipe, plans, _go_back(session, step))


def reset(session: Session, change: Mapping[str, Any], settings: Settings) -> None:
    """To step 0: what is in force becomes each run's own, past events go; `change` may hold another seed or start."""
    step = session.clock
    _restart(session, step, merged(_config(session, step), dict(change)), session.built, settings)


def patch(session: Session, change: Json, settings: Settings, build: Build, deadline: float) -> Effect:
    """Change what is in force: an event at the present step, or a restart where seed, problem, data or start differ."""
    at_step = change.pop("at_step", session.clock)
    if not isinstance(at_step, int) or isinstance(at_step, bool) or at_step < 0:
        raise BadInput.at("at_step", "bad.type", expected=Words(("type.integer",)), got=at_step)
    session.check_step(at_step, "at_step")
    before = _config(session, at_step)
    wish = _wish(session, before, change)
    try:
        wanted = completed(RECIPE.from_value({"format": 1, **wish.config}))
    except BadInput as error:
        raise wish.as_sent(error) from None
    after = as_json(wanted)
    if _restarts(before, after):
        if wish.by_hand:
            where = f"runs[{min(wish.by_hand)}].parameters"
            raise wish.as_sent(BadInput.at(where, "bad.parameters_with_restart"))
        built = session.built
        if before["problem"] != after["problem"]:
            built = build(wanted.problem)
            after = _with_fitting_starts(after, change, built)
        _restart(session, at_step, after, built, settings)
        return "restart"
    return _change(session, at_step, before, wanted, wish, settings, deadline)


@dataclass(frozen=True)
class _Wish:
    """A config as it is to be, values set by hand, and where in the change the runs stand; both by place of the run."""

    config: Json
    by_hand: dict[int, Any]
    positions: dict[int, int]

    def as_sent(self, error: BadInput) -> BadInput:
        """The same errors, at the places of the change."""
        return BadInput(errors=[e._replace(where=sub(r"^runs\[(\d+)\]", self._sent, e.where)) for e in error.errors])

    def _sent(self, place: Match[str]) -> str:
        index = int(place[1])
        return f"runs[{self.positions.get(index, index)}]"


def _wish(session: Session, before: Json, change: Json) -> _Wish:
    """The config after a change: objects merge, entries of `runs` are matched by name."""
    entries = change.get("runs", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadInput.at("runs", "bad.list_of_runs")
    after = merged(before, {name: value for name, value in change.items() if name != "runs"})
    after["runs"] = runs = [dict(run) for run in before["runs"]]
    wish = _Wish(after, {}, {})
    for position, entry in enumerate(entries):
        where = f"runs[{position}]"
        index = _index(session, entry, where)
        wish.positions[index] = position
        fields = {name: value for name, value in entry.items() if name not in ("rename", "parameters")}
        runs[index] = merged(runs[index], fields)
        if "rename" in entry:
            runs[index]["name"] = _new_name(entry["rename"], f"{where}.rename")
        if "parameters" in entry:
            assignment(entry["parameters"], session.built.layout, f"{where}.parameters")
            wish.by_hand[index] = entry["parameters"]
    return wish


def _index(session: Session, entry: Json, where: str) -> int:
    """The run that an entry of a change is about; BadInput where it has no name, or fields that no run has."""
    if "name" not in entry:
        raise BadInput.at(f"{where}.name", "bad.missing")
    unknown = [name for name in entry if name not in OF_A_RUN]
    if unknown:
        raise BadInput(errors=[unknown_name(f"{where}.{shown(name)}", name, OF_A_RUN) for name in unknown])
    return session.index(str(entry["name"]), f"{where}.name")


def _new_name(name: Any, where: str) -> str:
    try:
        return RUN_NAME.from_value(name)
    except BadInput as error:
        raise below(where, error) from None


def _restarts(before: Json, after: Json) -> bool:
    return any(before[name] != after[name] for name in RESTARTING) or any(
        old.get("start") != new.get("start") for old, new in zip(before["runs"], after["runs"], strict=True)
    )


def _with_fitting_starts(after: Json, change: Json, built: Built) -> Json:
    """Starts that nobody asked for and that do not fit another model give way to that model's own."""
    fits = RECIPE.from_value(after)
    runs = [dict(run) for run in after["runs"]]
    for run, recipe in zip(runs, fits.runs, strict=True):
        if recipe.start is not None and not _start_fits(recipe.start, built):
            del run["start"]
    keeps = "start" in change or _start_fits(fits.start, built)
    return {**after, "start": after["start"] if keeps else None, "runs": runs}


def _start_fits(start: Any, built: Built) -> bool:
    try:
        start.theta(built.layout, 0)
    except ValueError:
        return False
    return True


def _restart(session: Session, step: int, document: Json, built: Built, settings: Settings) -> None:
    """From step 0 with this config; events that still lie ahead of `step` stay."""
    events = [_ahead(run, live, step) for run, live in zip(session.recipe.runs, session.runs, strict=True)]
    wanted = completed(RECIPE.from_value({"format": 1, **document}))
    runs = tuple(replace(run, events=ahead) for run, ahead in zip(wanted.runs, events, strict=True))
    recipe = replace(wanted, runs=runs)
    session.runs = start_runs(recipe, built, settings)
    session.recipe, session.built = recipe, built
    session.lineage += 1


def _ahead(run: RunRecipe, live: Run, step: int) -> tuple[EventRecipe, ...]:
    """The events after `step`, and parameters to be set by hand at it, unless that was tried and diverged."""
    step = min(step, live.state.step)
    by_hand = [replace(event, set={"parameters": event.set["parameters"]}) for event in _by_hand_at(run, step)]
    was_tried = live.diverged and live.state.step == step
    return (*(() if was_tried else by_hand), *(event for event in run.events if event.at > step))


def _by_hand_at(run: RunRecipe, step: int) -> list[EventRecipe]:
    return [event for event in run.events if event.at == step and "parameters" in event.set]


def _change(
    session: Session, at_step: int, before: Json, wanted: Recipe, wish: _Wish, settings: Settings, deadline: float
) -> Effect:
    """What differs becomes an event of each run at the step it is at."""
    goes_back = at_step < session.clock
    runs, changed = [], set()
    for index, (run, new) in enumerate(zip(session.recipe.runs, wanted.runs, strict=True)):
        step, in_force = min(at_step, session.runs[index].state.step), settings_json(new)
        renamed = replace(run, name=new.name)
        if in_force != {name: before["runs"][index][name] for name in in_force} or index in wish.by_hand:
            renamed = _with_event(renamed, step, in_force, wish.by_hand.get(index))
            changed.add(index)
        runs.append(renamed)
    recipe = replace(session.recipe, runs=tuple(runs))
    if recipe == session.recipe and not goes_back and not wish.by_hand:
        return "none"
    plans = _plans(recipe, session.built, settings)
    _check_by_hand(session, at_step, wish, plans)
    reached = _go_back(session, at_step) if goes_back else set()
    _adopt(session, recipe, plans, changed | reached)
    if wish.by_hand:
        session.advance(1, deadline)
    return "event" if changed else "none"


def _with_event(run: RunRecipe, step: int, wanted: Json, parameters: Any) -> RunRecipe:
    """The run with one event at `step` that leads from what was in force before it to what is wanted."""
    others = tuple(event for event in run.events if event.at != step)
    earlier = settings_json(settings_at(replace(run, events=tuple(e for e in others if e.at < step)), step))
    change = difference(earlier, wanted)
    for event in _by_hand_at(run, step):
        change["parameters"] = event.set["parameters"]
    if parameters is not None:
        change["parameters"] = merged(change.get("parameters", {}), parameters)
    new = (EventRecipe(at=step, set=change),) if change else ()
    return replace(run, events=tuple(sorted((*others, *new), key=lambda event: event.at)))


def _check_by_hand(session: Session, at_step: int, wish: _Wish, plans: list[Plan]) -> None:
    """BadInput where parameters set by hand have no finite loss."""
    for index in wish.by_hand:
        live = session.runs[index]
        step = min(at_step, live.state.step)
        theta = live.state_at(step).theta
        values = plans[index].by_hand_at(step)
        assert values is not None
        theta[values.places] = values.values
        try:
            Run(session.built.objective, replace(plans[index], start=theta), 0)
        except NotFiniteError:
            raise wish.as_sent(BadInput.at(f"runs[{index}].parameters", "bad.start_not_finite")) from None


def _plans(recipe: Recipe, built: Built, settings: Settings) -> list[Plan]:
    return [plan(recipe, run, built, settings, f"runs[{index}]") for index, run in enumerate(recipe.runs)]


def _go_back(session: Session, step: int) -> set[int]:
    """All runs that came so far are at `step` again; which these are."""
    reached = {index for index, run in enumerate(session.runs) if run.state.step >= step}
    for index in reached:
        session.runs[index].rewind(step)
    session.lineage += 1
    return reached


def _adopt(session: Session, recipe: Recipe, plans: list[Plan], tries: set[int]) -> None:
    """Go on with another recipe; a diverged run `tries` again only where something changed for it."""
    session.recipe = recipe
    for index, (run, new) in enumerate(zip(session.runs, plans, strict=True)):
        stays = run.diverged and index not in tries
        run.change(new)
        run.diverged = stays
