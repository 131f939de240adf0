"""What is behind a step: its anatomy, and the diagnosis of a run, as clients see them."""

from dataclasses import asdict
from typing import Any

import numpy as np

from app.engine.anatomy import Quantity, anatomy, contributions
from app.engine.diagnosis import diagnose
from app.engine.gradient_check import gradient_check
from app.engine.gradients import CENTRAL_STEP
from app.engine.layout import ParameterError
from app.engine.model import Model
from app.engine.run import Run
from app.engine.stability import STABILITY
from app.engine.state import State
from app.errors import BadInput
from app.formulas import mathml
from app.sessions.session import Session

Json = dict[str, Any]

MOST_CHECK_WORK = 40_000_000
"""Examples × units that a gradient check may work through: under a second."""

MOST_NUMBERS = 20_000
"""Of one quantity; larger ones keep their shape and are left to `/parameters` and `/data`."""


def anatomy_view(run: Run, state: State, *, folded: bool, entry: str | None) -> Json:
    """The step taken next, apart; with `entry` what each example adds to that entry of the gradient."""
    taken = anatomy(run.objective, run.plan, state, folded=folded)
    view: Json = {
        "step": state.step,
        "notation": "folded" if folded else "apart",
        "batch": np.arange(run.objective.examples) if taken.batch is None else taken.batch,
        "quantities": [_quantity_view(quantity) for quantity in taken.quantities],
        "definitions": [{"latex": latex, "mathml": mathml(latex)} for latex in taken.definitions],
    }
    if entry is not None:
        view["contributions"] = _contributions_view(run, state.theta, taken.batch, entry)
    return view


def _quantity_view(quantity: Quantity) -> Json:
    values = quantity.values
    return {
        "id": quantity.id,
        "symbol": quantity.name.symbol,
        "latex": quantity.name.latex,
        "mathml": mathml(quantity.name.latex),
        "equation": mathml(quantity.equation),
        "pass": quantity.part,
        "layer": quantity.layer,
        "shape": list(quantity.shape),
        "values": np.where(np.isfinite(values), values, np.nan).tolist() if values.size <= MOST_NUMBERS else None,
        "from": list(quantity.made_of),
    }


def _contributions_view(run: Run, theta: Any, batch: Any, entry: str) -> Json:
    if not isinstance(run.objective, Model):
        raise BadInput.at("entry", "bad.no_examples")
    try:
        found = contributions(run.objective, theta, batch, entry)
    except ParameterError as error:
        raise BadInput.at("entry", error.key, **error.values) from None
    return {"entry": entry, **asdict(found)}


def gradient_check_view(run: Run, state: State) -> Json:
    """Backpropagation beside differences for each parameter, evenly chosen ones where all would take too long."""
    most = max(1, MOST_CHECK_WORK // (2 * run.objective.step_work))
    found = gradient_check(run.objective, state.theta, most=most)
    columns = (
        found.addresses,
        found.backprop.tolist(),
        found.difference.tolist(),
        found.error.tolist(),
        found.h.tolist(),
    )
    names = ("parameter", "backprop", "difference", "error", "h")
    return {
        "step": state.step,
        "h": CENTRAL_STEP,
        "rows": [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)],
        "evaluations": {"backprop": asdict(found.backprop_cost), "difference": asdict(found.difference_cost)},
    }


def diagnosis_view(session: Session, run: Run, state: State) -> Json:
    """Curvature, the learning rate it allows, and the speed it promises; null for what is not known.

    The formulas are those of the optimizer, whether or not there is a λ here to put into them.
    """
    found = diagnose(run, state)
    theory = STABILITY.get(run.plan.settings_at(state.step).optimizer.kind)
    spectrum, limit, optimum = found.spectrum, found.limit, found.optimum
    return {
        "step": found.step,
        "learning_rate": found.learning_rate,
        "eigenvalue": None if spectrum is None else spectrum.largest,
        "found": None if spectrum is None else spectrum.found,
        "tolerance": None if spectrum is None else spectrum.tolerance,
        "stability_limit": None if limit is None else limit.value,
        "stability_formula": None if theory is None else theory.formula,
        "smooth_limit": None if limit is None else limit.smooth,
        "smooth_formula": None if theory is None else theory.smooth_formula,
        "fixed": found.fixed,
        "condition_number": found.condition_number,
        "optimum": None
        if optimum is None
        else {
            "loss": optimum.loss,
            "unique": optimum.unique,
            "values": session.built.layout.unpack(optimum.theta),
        },
        "rate": {"theory": found.rate_theory, "observed": found.rate_observed},
        "best": None if found.best is None else dict(found.best),
        "violated": found.violated,
    }
