"""Runs that come into a race and go out of it.

Each works out the new recipe first, and touches the session only when all of it is known to be right.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.errors import BadInput
from app.recipe.changes import resolved
from app.recipe.recipe import EventRecipe, RunRecipe, above, completed, free_name
from app.sessions.session import Session, start_runs
from app.settings import Settings
from app.shapes import Shape

RUN: Shape[RunRecipe] = Shape(RunRecipe)


def add_run(session: Session, run: RunRecipe, settings: Settings) -> None:
    """Another run from step 0; it catches up with the clock when steps are next taken."""
    if len(session.runs) >= settings.max_runs:
        raise BadInput.at("runs", "bad.too_long", max_length=settings.max_runs)
    names = {known.name for known in session.recipe.runs}
    if run.name in names:
        raise BadInput.at("name", "bad.run_name_taken", name=run.name)
    named = replace(run, name=run.name or free_name(names, len(names) + 1))
    recipe = completed(replace(session.recipe, runs=(*session.recipe.runs, named)))
    try:
        (live,) = start_runs(replace(recipe, runs=recipe.runs[-1:]), session.built, settings)
    except BadInput as error:
        raise above("runs[0]", error) from None
    session.recipe = recipe
    session.runs.append(live)
    session.lineage += 1


def fork(session: Session, source_name: str, step: int, change: Mapping[str, Any], name: str | None) -> RunRecipe:
    """A run that is another up to `step` and goes on with a change; it depends on no other run."""
    index = session.index(source_name, "fork.run")
    source, live = session.recipe.runs[index], session.runs[index]
    if step > live.state.step:
        raise BadInput.at("fork.step", "bad.beyond_now", got=step, now=live.state.step)
    events = [event for event in source.events if event.at < step]
    forked = replace(source, name=name, events=tuple(events))
    if not change:
        return forked
    changed = replace(forked, events=(*events, EventRecipe(at=step, set=dict(change))))
    try:
        resolved(changed, session.built.layout)
    except BadInput as error:
        raise above(f"events[{len(events)}].set", error) from None
    return changed


def remove_run(session: Session, name: str) -> None:
    """Take a run out of the race; BadInput for the last one."""
    index = session.index(name)
    if len(session.runs) == 1:
        raise BadInput.at("runs", "bad.last_run")
    runs = session.recipe.runs
    session.recipe = replace(session.recipe, runs=runs[:index] + runs[index + 1 :])
    del session.runs[index]
    session.lineage += 1
