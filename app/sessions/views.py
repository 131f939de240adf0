"""A session as clients see it: the session view, the delta after a step, the parameters, the data."""

from typing import Any

import numpy as np

from app.engine.advice import Advice
from app.engine.run import Run
from app.engine.state import State
from app.recipe.recipe import as_json
from app.sessions.digest import digest
from app.sessions.predictions import accuracies
from app.sessions.session import Session
from app.sessions.trajectory import Window, trajectory
from app.texts import for_reading, text

Json = dict[str, Any]
MOST_PARAMETERS_SHOWN = 64
NO_DATA: Json = {
    "X": [],
    "y": [],
    "x_names": [],
    "y_names": [],
    "classes": None,
    "truth": None,
    "test": [],
    "scaling": None,
}


def session_view(session: Session, *, may_change: bool, step: int | None = None) -> Json:
    """The whole session but its paths; without the id that may change it for those who may only look."""
    session.check_step(step)
    return {
        **({"id": session.id} if may_change else {}),
        "view_id": session.view_id,
        "version": session.version,
        "lineage": session.lineage,
        "step": session.clock if step is None else step,
        "recipe": as_json(session.recipe),
        "parameters": [{"name": p.name, "shape": list(p.shape)} for p in session.built.layout.parameters],
        "runs": [run_view(session, index, step) for index in range(len(session.runs))],
        "digest": digest(session, step),
    }


def delta(session: Session, shown_id: str, steps_taken: int, window: Window, step: int | None = None) -> Json:
    """What is new since a step, of every run."""
    session.check_step(step)
    views = []
    for index, run in enumerate(session.runs):
        view = run_view(session, index, step)
        views.append(view | {"trajectory": trajectory(run, session.state(run, step), window)})
    return {
        "session": shown_id,
        "version": session.version,
        "lineage": session.lineage,
        "step": session.clock if step is None else step,
        "steps_taken": steps_taken,
        "runs": views,
    }


def run_view(session: Session, index: int, step: int | None = None) -> Json:
    """The read-outs of a run, now or after `step` steps."""
    run, name = session.runs[index], session.recipe.runs[index].name
    state = session.state(run, step)
    norm, stands = state.gradient_norm, run.diverged and state.step == run.state.step
    view: Json = {
        "name": name,
        "status": "diverged" if stands else run.status_at(norm),
        "advice": advice_view(session.advice(index)) if stands else None,
        "step": state.step,
        "epoch": state.epoch + state.offset / run.objective.examples,
        "loss": state.loss,
        "test_loss": test_loss(session, state),
        "batch_loss": state.batch_loss,
        "gradient_norm": norm,
        "learning_rate": run.plan.settings_at(state.step).learning_rate(state.step),
        "evaluations": state.evaluations.counts(),
    }
    examples = session.built.examples
    if examples is not None and examples.has_classes:
        view |= accuracies(examples, state.theta)
    if session.built.layout.size <= MOST_PARAMETERS_SHOWN:
        view["parameters"] = state.theta[session.built.layout.order]
    return view


def test_loss(session: Session, state: State) -> float | None:
    """The loss on the test examples; None without any, or where it is too large for a number."""
    examples = session.built.examples
    if examples is None or examples.test is None:
        return None
    loss = examples.test.loss(state.theta)
    return loss if np.isfinite(loss) else None


def advice_view(given: Advice | None) -> Json | None:
    """Advice in words, with the numbers in it and what to try."""
    if given is None:
        return None
    suggest: Json = {"rewind": given.rewind}
    if given.learning_rate is not None:
        suggest["learning_rate"] = given.learning_rate
    said = text(f"advice.{given.code}", **{name: for_reading(value) for name, value in given.values.items()})
    return {"code": given.code, "text": said, "values": dict(given.values), "suggest": suggest}


def parameters_view(session: Session, run: Run, step: int | None) -> Json:
    """Values and gradient by name; on the scale of the raw data too where the features were standardized."""
    state, layout = session.state(run, step), session.built.layout
    view: Json = {
        "step": state.step,
        "values": layout.unpack(state.theta),
        "gradient": layout.unpack(state.gradient),
    }
    examples = session.built.examples
    raw = examples.on_raw_scale(state.theta) if examples else None
    if raw is not None:
        view["raw_values"] = layout.unpack(raw)
    return view


def data_view(session: Session) -> Json:
    """The table as it came, a row per feature and per output; `scaling` says how training sees it rescaled."""
    examples = session.built.examples
    if examples is None:
        return NO_DATA
    table, data = examples.table, examples.data
    return {
        "X": np.ascontiguousarray(table.X),
        "y": np.ascontiguousarray(table.Y),
        "x_names": list(table.x_names),
        "y_names": list(table.y_names),
        "classes": None if table.classes is None else list(table.classes),
        "truth": None if table.truth is None else dict(table.truth),
        "test": data.test,
        "scaling": None
        if data.scaling is None
        else {"mean": data.scaling.mean.ravel(), "deviation": data.scaling.deviation.ravel()},
    }
