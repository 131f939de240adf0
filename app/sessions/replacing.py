"""Another recipe for a session: what both have in common is kept, so that a way back costs what it changes.

The new recipe and its runs are worked out first, and the session is touched only when all of it is known to be right.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from app.engine.plan import Plan
from app.engine.run import Run
from app.errors import BadInput
from app.recipe.build import Built, plan
from app.recipe.recipe import Recipe, RunRecipe, completed
from app.sessions.session import Session, start_runs
from app.settings import Settings

MANY_STEPS = 2**60


def replace_recipe(session: Session, asked: Recipe, settings: Settings, build: Callable[[Any], Built]) -> None:
    """The session becomes that of another recipe, at the last step at which both agree, or at 0.

    A run that was there before, by its name or else by its place, is taken back to where its events begin to differ;
    the others start.
    """
    recipe = completed(asked)
    if len(recipe.runs) > settings.max_runs:
        raise BadInput.at("runs", "bad.too_long", max_length=settings.max_runs)
    if recipe == session.recipe:
        return
    if (recipe.problem, recipe.seed) != (session.recipe.problem, session.recipe.seed):
        built = build(recipe.problem)
        session.runs = start_runs(recipe, built, settings)
        session.built = built
    else:
        session.runs = _carried_over(session, recipe, settings)
    session.recipe = recipe
    session.lineage += 1


def _carried_over(session: Session, recipe: Recipe, settings: Settings) -> list[Run]:
    """The runs of a recipe on the same problem, those that can be kept at the last step they have in common."""
    plans = [plan(recipe, run, session.built, settings, f"runs[{i}]") for i, run in enumerate(recipe.runs)]
    fresh = start_runs(recipe, session.built, settings)
    kept = [_kept(session, recipe, index) for index in range(len(recipe.runs))]
    common = min([session.clock, *(agreed for _, agreed in filter(None, kept))])
    runs = []
    for one, new_plan, new in zip(kept, plans, fresh, strict=True):
        if one is not None:
            _go_on(*one, common, new_plan)
        runs.append(one[0] if one else new)
    return runs


def _go_on(run: Run, agreed: int, common: int, new_plan: Plan) -> None:
    """From step `common` at the latest; one that diverged before the recipes differ stays where it stands."""
    stands = run.diverged and run.state.step <= common and run.state.step < agreed
    if run.state.step > common:
        run.rewind(common)
    run.change(new_plan)
    run.diverged = stands


def _kept(session: Session, recipe: Recipe, index: int) -> tuple[Run, int] | None:
    """The live run that began as one of the new recipe does, and up to which step it went the same way."""
    wanted, old = recipe.runs[index], session.recipe
    names = [run.name for run in old.runs]
    taken = {run.name for run in recipe.runs}
    place = names.index(wanted.name) if wanted.name in names else index
    if place >= len(names) or (names[place] != wanted.name and names[place] in taken):
        return None
    before = old.runs[place]
    if _beginning(before, old) != _beginning(wanted, recipe):
        return None
    return session.runs[place], _first_difference(before, wanted)


def _beginning(run: RunRecipe, recipe: Recipe) -> tuple[Any, RunRecipe]:
    return run.start or recipe.start, replace(run, name=None, start=None, events=())


def _first_difference(before: RunRecipe, after: RunRecipe) -> int:
    """The step of the first event that only one of them has."""
    for old, new in zip_longest(before.events, after.events):
        if old != new:
            return min(event.at for event in (old, new) if event)
    return MANY_STEPS
