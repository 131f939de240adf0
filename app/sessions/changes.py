"""What changes a session beside stepping: config, reset, rewind, runs that come and go.

Each works out the new recipe and its plans first, and touches the session only when all of it is known to be right.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from app.engine.plan import Plan
from app.engine.replay import NotFiniteError
from app.engine.run import Run
from app.errors import BadInput
from app.recipe.build import Built, plan
from app.recipe.changes import difference, merged, settings_at, settings_json
from app.recipe.recipe import RECIPE, EventRecipe, Recipe, RunRecipe, as_json, completed, free_name
from app.sessions.session import Session, start_runs
from app.settings import Settings

Json = dict[str, Any]
Effect = Literal["none", "event", "restart"]
Build = Callable[[Any], Built]
RESTARTING = ("seed", "problem", "start")


def config(session: Session) -> Json:
    """What is in force for the next step, without events; sent back as a change it changes nothing."""
    return _config(session, session.clock)


def _config(session: Session, step: int) -> Json:
    document = as_json(session.recipe)
    for shown, run, live in zip(document["runs"], session.recipe.runs, session.runs, strict=True):
        shown.update(settings_json(settings_at(run, min(step, live.state.step))))
        del shown["events"]
    return {name: value for name, value in document.items() if name != "format"}


def rewind(session: Session, step: int, settings: Settings) -> None:
    """Back to an earlier step, exactly; events at that step and later are dropped."""
    session.check_step(step)
    runs = tuple(
        replace(run, events=tuple(event for event in run.events if event.at < step)) for run in session.recipe.runs
    )
    recipe = replace(session.recipe, runs=runs)
    plans = _plans(recipe, session.built, settings)
    _go_back(session, step)
    _adopt(session, recipe, plans)
    session.lineage += 1


def reset(session: Session, change: Mapping[str, Any], settings: Settings) -> None:
    """To step 0: what is in force becomes each run's own, past events go; `change` may hold another seed or start."""
    _restart(session, merged(_config(session, session.clock), dict(change)), session.built, settings)


def add_run(session: Session, run: RunRecipe, settings: Settings) -> None:
    """Another run from step 0; it catches up with the clock when steps are next taken."""
    if len(session.runs) >= settings.max_runs:
        raise BadInput.at("runs", "bad.too_long", max_length=settings.max_runs)
    names = {known.name for known in session.recipe.runs}
    if run.name in names:
        raise BadInput.at("name", "bad.run_name_taken", name=run.name)
    named = replace(run, name=run.name or free_name(names, len(names) + 1))
    recipe = completed(replace(session.recipe, runs=(*session.recipe.runs, named)))
    (live,) = start_runs(replace(recipe, runs=recipe.runs[-1:]), session.built, settings)
    session.recipe = recipe
    session.runs.append(live)
    session.lineage += 1


def fork(session: Session, source_name: str, step: int, change: Mapping[str, Any], name: str | None) -> RunRecipe:
    """A run that is another up to `step` and goes on with a change; it depends on no other run."""
    index = session.index(source_name)
    source, live = session.recipe.runs[index], session.runs[index]
    if step > live.state.step:
        raise BadInput.at("fork.step", "bad.beyond_now", got=step, now=live.state.step)
    events = [event for event in source.events if event.at < step]
    if change:
        events.append(EventRecipe(at=step, set=dict(change)))
    return replace(source, name=name, events=tuple(events))


def remove_run(session: Session, name: str) -> None:
    """Take a run out of the race; BadInput for the last one."""
    index = session.index(name)
    if len(session.runs) == 1:
        raise BadInput.at("runs", "bad.last_run")
    runs = session.recipe.runs
    session.recipe = replace(session.recipe, runs=runs[:index] + runs[index + 1 :])
    del session.runs[index]
    session.lineage += 1


def patch(session: Session, change: Json, settings: Settings, build: Build) -> Effect:
    """Change what is in force: an event at the present step, or a restart where seed, problem, data or start differ."""
    at_step = change.pop("at_step", session.clock)
    if not isinstance(at_step, int) or isinstance(at_step, bool) or at_step < 0:
        raise BadInput.at("at_step", "bad.type", expected=("a whole number",), got=at_step)
    session.check_step(at_step)
    before = _config(session, at_step)
    after, by_hand, names = _apply(session, before, change)
    wanted = completed(RECIPE.from_value({"format": 1, **after}))
    after = as_json(wanted)
    if _restarts(before, after):
        built = session.built
        if before["problem"] != after["problem"]:
            built = build(wanted.problem)
            after = _with_fitting_starts(after, change, built)
        _restart(session, after, built, settings)
        return "restart"
    return _change(session, at_step, before, after, by_hand, names, settings)


def _apply(session: Session, before: Json, change: Json) -> tuple[Json, dict[int, Any], list[str]]:
    """The config after a change, parameters set by hand by the place of their run, and the runs' new names."""
    runs = change.get("runs", [])
    if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
        raise BadInput.at("runs", "bad.list_of_runs")
    after = merged(before, {name: value for name, value in change.items() if name != "runs"})
    after["runs"], by_hand = [dict(run) for run in before["runs"]], {}
    names = [run["name"] for run in before["runs"]]
    for position, run in enumerate(runs):
        if "name" not in run:
            raise BadInput.at(f"runs[{position}].name", "bad.missing")
        index = session.index(str(run["name"]))
        fields = {name: value for name, value in run.items() if name not in ("rename", "parameters")}
        after["runs"][index] = merged(after["runs"][index], fields)
        names[index] = run.get("rename", names[index])
        if "parameters" in run:
            by_hand[index] = run["parameters"]
    for shown, name in zip(after["runs"], names, strict=True):
        shown["name"] = name
    return after, by_hand, names


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


def _restart(session: Session, document: Json, built: Built, settings: Settings) -> None:
    """From step 0 with this config; events that still lie ahead stay."""
    events = [
        tuple(event for event in run.events if event.at > live.state.step)
        for run, live in zip(session.recipe.runs, session.runs, strict=True)
    ]
    wanted = completed(RECIPE.from_value({"format": 1, **document}))
    runs = tuple(replace(run, events=ahead) for run, ahead in zip(wanted.runs, events, strict=True))
    recipe = replace(wanted, runs=runs)
    session.runs = start_runs(recipe, built, settings)
    session.recipe, session.built = recipe, built
    session.lineage += 1


def _change(
    session: Session,
    at_step: int,
    before: Json,
    after: Json,
    by_hand: dict[int, Any],
    names: list[str],
    settings: Settings,
) -> Effect:
    """What differs becomes an event of each run at the step it is at."""
    goes_back = at_step < session.clock
    runs, changed = [], set()
    for index, (run, live) in enumerate(zip(session.recipe.runs, session.runs, strict=True)):
        step = min(at_step, live.state.step)
        wanted = {name: after["runs"][index][name] for name in settings_json(run)}
        renamed = replace(run, name=names[index])
        if wanted != {name: before["runs"][index][name] for name in wanted} or index in by_hand:
            renamed = _with_event(renamed, step, wanted, by_hand.get(index))
            changed.add(index)
        runs.append(renamed)
    recipe = replace(session.recipe, runs=tuple(runs))
    if recipe == session.recipe and not goes_back:
        return "none"
    plans = _plans(recipe, session.built, settings)
    _check_by_hand(session, at_step, by_hand, plans)
    if goes_back:
        _go_back(session, at_step)
        session.lineage += 1
    _adopt(session, recipe, plans, changed)
    if by_hand:
        session.advance(1, float("inf"))
    return "event" if changed else "none"


def _with_event(run: RunRecipe, step: int, wanted: Json, parameters: Any) -> RunRecipe:
    """The run with one event at `step` that leads from what was in force before it to what is wanted."""
    was = [event for event in run.events if event.at == step]
    others = tuple(event for event in run.events if event.at != step)
    earlier = settings_json(settings_at(replace(run, events=tuple(e for e in others if e.at < step)), step))
    change = difference(earlier, wanted)
    for event in was:
        if "parameters" in event.set:
            change["parameters"] = event.set["parameters"]
    if parameters is not None:
        change["parameters"] = merged(change.get("parameters", {}), parameters)
    new = (EventRecipe(at=step, set=change),) if change else ()
    return replace(run, events=tuple(sorted((*others, *new), key=lambda event: event.at)))


def _check_by_hand(session: Session, at_step: int, by_hand: dict[int, Any], plans: list[Plan]) -> None:
    """BadInput where parameters set by hand have no finite loss."""
    for index in by_hand:
        live = session.runs[index]
        step = min(at_step, live.state.step)
        theta = live.state_at(step).theta
        values = plans[index].by_hand_at(step)
        assert values is not None
        theta[values.places] = values.values
        try:
            Run(session.built.objective, replace(plans[index], start=theta), 0)
        except NotFiniteError:
            raise BadInput.at("parameters", "bad.start_not_finite") from None


def _plans(recipe: Recipe, built: Built, settings: Settings) -> list[Plan]:
    return [plan(recipe, run, built, settings, f"runs[{index}]") for index, run in enumerate(recipe.runs)]


def _go_back(session: Session, step: int) -> None:
    for run in session.runs:
        if run.state.step > step:
            run.rewind(step)


def _adopt(session: Session, recipe: Recipe, plans: list[Plan], changed: set[int] | None = None) -> None:
    """Go on with another recipe; a diverged run tries again only where something changed for it."""
    session.recipe = recipe
    for index, (run, new) in enumerate(zip(session.runs, plans, strict=True)):
        stays = run.diverged and changed is not None and index not in changed
        run.change(new)
        run.diverged = stays
