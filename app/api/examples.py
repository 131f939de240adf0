"""Examples of every call about a session: what is sent, and what really comes back, computed by the service itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import orjson

from app.engine.data.dataset import Table
from app.engine.lines import line_between
from app.recipe.build import build
from app.recipe.recipe import RECIPE, completed
from app.recipe.studies import STUDY
from app.sessions import changes, racing, replacing, surfaces
from app.sessions.cuts import PlaneChoice, planned
from app.sessions.predictions import predictions
from app.sessions.session import Session, start_runs
from app.sessions.study_records import Kept
from app.sessions.study_views import asked_json, study_view
from app.sessions.study_work import planned_study
from app.sessions.trajectory import Window
from app.sessions.views import data_view, delta, parameters_view, session_view
from app.settings import Settings

Json = dict[str, Any]
ID, VIEW_ID = "h4Zb2o6vQ1mJ9cXyT8wKpA", "sR3dWn0uLx5eGfB7iYtE6Q"

RACE: Json = {
    "seed": 0,
    "problem": {"kind": "univariate_regression", "dataset": {"kind": "line", "samples": 4, "noise": 0.5}},
    "start": {"kind": "values", "values": {"w": -2.0, "b": 3.0}},
    "runs": [{"name": "plain GD", "optimizer": {"kind": "gradient_descent", "learning_rate": 0.1}}],
}
STEPS = 3

REQUESTS: dict[str, dict[str, Json]] = {
    "create": {
        "a line fit": {"problem": {"kind": "univariate_regression"}},
        "with all that belongs to it": RACE,
        "a race of two": {
            "problem": {"kind": "two_layer_sigmoid", "hidden": 4},
            "runs": [
                {"name": "plain GD", "optimizer": {"learning_rate": 0.1}},
                {"name": "heavy ball", "optimizer": {"kind": "momentum", "learning_rate": 0.02}, "batch_size": 20},
            ],
        },
    },
    "step": {
        "three steps": {"steps": STEPS},
        "as often as it takes": {"steps": STEPS, "from_step": 0, "lineage": 0},
        "until a goal": {"steps": 1000, "until": {"loss": 0.3}},
    },
    "patch": {
        "a learning rate": {"runs": [{"name": "plain GD", "optimizer": {"learning_rate": 0.05}}]},
        "at the step that is drawn": {"at_step": 2, "runs": [{"name": "plain GD", "batch_size": 2}]},
        "a value by hand": {"runs": [{"name": "plain GD", "parameters": {"w": 1.0}}]},
        "other data": {"problem": {"dataset": {"kind": "hubble", "standardize": True}}},
    },
    "replace_recipe": {
        "the recipe of the beginning": RACE,
        "that with a change on the way": {
            **RACE,
            "runs": [{**RACE["runs"][0], "events": [{"at": 2, "set": {"optimizer": {"learning_rate": 0.05}}}]}],
        },
    },
    "reset": {"the same start": {}, "another seed": {"seed": 7}, "another start": {"start": {"kind": "zeros"}}},
    "rewind": {"two steps back": {"step": 1}},
    "begin_study": {
        "a map of basins": {"kind": "basins", "resolution": 3, "steps": 50},
        "a sweep": {"kind": "sweep", "learning_rate_min": 0.01, "learning_rate_max": 1, "steps": 50},
        "a race of gradients": {"kind": "cost_race", "networks": 4},
    },
    "add_run": {
        "a run": {"name": "careful", "optimizer": {"learning_rate": 0.01}},
        "a fork": {"fork": {"run": "plain GD", "step": 2}, "optimizer": {"learning_rate": 0.2}},
    },
}
"""By operation; the first of each that changes something is what the answer beside it answers."""


@cache
def answers() -> dict[str, Json]:
    """What comes back, by operation: of the race after three steps, then of one change after the other."""
    settings = Settings()
    recipe = completed(RECIPE.from_value(RACE))
    built = build(recipe.problem, dict[str, Table]().__getitem__, settings)
    session = Session(ID, VIEW_ID, recipe, built, start_runs(recipe, built, settings), version=1)
    told = dict(_told(session, settings))
    return {name: orjson.loads(orjson.dumps(one, option=orjson.OPT_SERIALIZE_NUMPY)) for name, one in told.items()}


def _told(session: Session, settings: Settings) -> Iterator[tuple[str, Json]]:
    yield "create", session_view(session, may_change=True)
    session.advance(STEPS, float("inf"))
    session.version += 1
    yield "step", delta(session, ID, STEPS, Window(0))
    yield from _read(session, settings)
    effect = changes.patch(session, dict(_first("patch")), settings, lambda _: session.built, float("inf"))
    session.version += 1
    yield "patch", {**session_view(session, may_change=True), "effect": effect}
    yield "replace_recipe", _changed(session, lambda: _replace(session, settings))
    yield "add_run", _changed(session, lambda: _add(session, settings))
    yield "remove_run", _changed(session, lambda: racing.remove_run(session, "careful"))
    yield "rewind", _changed(session, lambda: changes.rewind(session, _first("rewind")["step"], settings))
    yield "reset", _changed(session, lambda: changes.reset(session, {}, settings))


def _read(session: Session, settings: Settings) -> Iterator[tuple[str, Json]]:
    run = session.runs[0]
    cut = planned(session, run, PlaneChoice(), None, None).make()
    ends = line_between(run.plan.start, run.state.theta)
    most_work = settings.max_surface_work
    yield "view", session_view(session, may_change=True)
    yield "trajectory", delta(session, ID, 0, Window(STEPS - 2))
    yield "config", changes.config(session)
    yield "data", data_view(session)
    yield "parameters", parameters_view(session, run, None)
    yield "predictions", predictions(session, run, None, 3)
    yield "surface", surfaces.surface(cut, 3, 0.0, threads=1, most_work=most_work)
    yield "plane", surfaces.vectors(session.built.layout, cut.plane)
    yield "field", surfaces.descent_field(cut, 3, threads=1, most_work=most_work)
    yield "line", surfaces.line(session.built, ends, 3, threads=1, most_work=most_work)
    yield from _studied(session)


def _studied(session: Session) -> Iterator[tuple[str, Json]]:
    asked = STUDY.from_value(_first("begin_study"))
    made = planned_study(session, asked).make()
    kept = Kept(id="q7Ym2LxR0sE", kind=asked.kind, asked=asked_json(asked), about=made.about, number=1)
    yield "begin_study", study_view(kept)
    list(made.study.work())
    done = replace(kept, status="done", progress=1.0, seconds=0.012, result=orjson.dumps(made.study.shown()))
    yield "study", study_view(done)


def _changed(session: Session, change: Callable[[], None]) -> Json:
    change()
    session.version += 1
    return session_view(session, may_change=True)


def _add(session: Session, settings: Settings) -> None:
    racing.add_run(session, racing.RUN.from_value(_first("add_run")), settings)
    session.catch_up(float("inf"))


def _replace(session: Session, settings: Settings) -> None:
    recipe = RECIPE.from_value(_first("replace_recipe"))
    replacing.replace_recipe(session, recipe, settings, lambda _: session.built)


def _first(operation: str) -> Json:
    return next(iter(REQUESTS[operation].values()))
