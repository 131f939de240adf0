"""What is behind the numbers: a step taken apart, the diagnosis of a run."""

from typing import Annotated, Any, Literal, NotRequired

import numpy as np
from annotated_types import Ge, Le
from fastapi import APIRouter, Query
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.answers import json_response
from app.api.asked import Digits, Name, OfRun, SessionsHere
from app.api.described import answers
from app.api.packed import rounded
from app.api.route import StrictRoute
from app.api.shown import EvaluationsShown
from app.engine.run import Run
from app.engine.state import State
from app.errors import UnknownSession
from app.sessions.insight import anatomy_view, diagnosis_view, gradient_check_view
from app.sessions.session import Session
from app.sessions.sessions import Sessions
from app.sessions.units import units_view

router = APIRouter(prefix="/api/v1/sessions/{session_id}", route_class=StrictRoute, tags=["insight"])


class AnatomyQuery(OfRun, frozen=True):
    """Bias folded into W̄ and X̄ as in the first text, or apart as in the second; `entry` is one of the gradient.

    `digits` rounds what is sent to so many significant ones.
    """

    notation: Literal["folded", "apart"] = "folded"
    entry: Name | None = None
    digits: Digits | None = None


class UnitsQuery(OfRun, frozen=True):
    """How many points a side has, and how many significant digits are sent."""

    resolution: Annotated[int, Ge(2), Le(61)] = 31
    digits: Digits | None = None


QuantityShown = TypedDict(
    "QuantityShown",
    {
        "id": str,
        "symbol": str,
        "latex": str,
        "mathml": str,
        "equation": str,
        "pass": Literal["forward", "backward", "update"],
        "layer": int | None,
        "shape": list[int],
        "values": Any,
        "from": list[str],
    },
)


class DefinitionShown(TypedDict):
    """A function that the equations name."""

    latex: str
    mathml: str


class ContributionsShown(TypedDict):
    """Of the examples of the batch to one entry of the gradient: `shares` and `penalty` add up to `gradient`."""

    entry: str
    indices: list[int]
    shares: list[float]
    penalty: float
    gradient: float


class AnatomyShown(TypedDict):
    """The quantities in the order in which they are computed.

    In the MathML of an `equation` whatever stands for a quantity has the class `q-` and its `id`.
    """

    step: int
    notation: Literal["folded", "apart"]
    batch: list[int]
    quantities: list[QuantityShown]
    definitions: list[DefinitionShown]
    contributions: NotRequired[ContributionsShown]


class Rate(TypedDict):
    """Factors per step by which the gradient shrinks."""

    theory: float | None
    observed: float | None


class DiagnosisShown(TypedDict):
    """Null where theory or computation knows nothing.

    Below `smooth_limit` steps do not swing across the valley, above `stability_limit` they grow; `fixed`: under these
    settings both are the same at every step.
    """

    step: int
    learning_rate: float | None
    eigenvalue: float | None
    found: str | None
    tolerance: float | None
    stability_limit: float | None
    stability_formula: str | None
    smooth_limit: float | None
    smooth_formula: str | None
    fixed: bool
    condition_number: float | None
    optimum: dict[str, Any] | None
    rate: Rate
    best: dict[str, float] | None
    violated: str | None


class CheckedParameter(TypedDict):
    """`error` relative to the size of the slope and to what rounding leaves of it."""

    parameter: str
    backprop: float
    difference: float
    error: float
    h: float


class GradientCheckShown(TypedDict):
    """`h` is the step relative to max(1, |θ|); `evaluations` what each way cost."""

    step: int
    h: float
    rows: list[CheckedParameter]
    evaluations: dict[str, EvaluationsShown]


class UnitsShown(TypedDict):
    """`layers[l][unit]` is a list along `x`, with two features a row for each `y`; of wide layers the first units."""

    step: int
    x: list[float]
    y: list[float] | None
    widths: list[int]
    layers: list[list[Any]]


@router.get("/anatomy", responses=answers(AnatomyShown, UnknownSession))
async def anatomy(session_id: str, query: Annotated[AnatomyQuery, Query()], sessions: SessionsHere) -> Response:
    """The step taken next, apart: forward, backward, update, every quantity with its numbers."""
    _, run, state = await _of_run(session_id, query, sessions)
    folded, entry = query.notation == "folded", query.entry
    view = await sessions.aside(lambda: anatomy_view(run, state, folded=folded, entry=entry))
    return json_response(view if query.digits is None else with_digits(view, query.digits))


@router.get("/gradient-check", responses=answers(GradientCheckShown, UnknownSession))
async def gradient_check(session_id: str, query: Annotated[OfRun, Query()], sessions: SessionsHere) -> Response:
    """Backpropagation against central differences, parameter by parameter, and what each cost."""
    _, run, state = await _of_run(session_id, query, sessions)
    return json_response(await sessions.aside(lambda: gradient_check_view(run, state)))


@router.get("/units", responses=answers(UnitsShown, UnknownSession))
async def units(session_id: str, query: Annotated[UnitsQuery, Query()], sessions: SessionsHere) -> Response:
    """What each unit of a network makes of one or two features."""
    session, _ = await sessions.read(session_id, query.step)
    run = session.runs[session.index(query.run)]
    view = units_view(session, run, query.step, query.resolution)
    if query.digits is not None:
        view["layers"] = [rounded(layer, query.digits) for layer in view["layers"]]
    return json_response(view)


@router.get("/diagnosis", responses=answers(DiagnosisShown, UnknownSession))
async def diagnosis(session_id: str, query: Annotated[OfRun, Query()], sessions: SessionsHere) -> Response:
    """How steep the loss is here, which learning rate that allows, and how fast it can go."""
    session, run, state = await _of_run(session_id, query, sessions)
    return json_response(diagnosis_view(session, run, state))


def with_digits(view: dict[str, Any], digits: int) -> dict[str, Any]:
    """An anatomy whose values and shares are rounded."""
    for quantity in view["quantities"]:
        if quantity["values"] is not None:
            quantity["values"] = rounded(np.asarray(quantity["values"], np.float64), digits).tolist()
    if "contributions" in view:
        view["contributions"]["shares"] = rounded(view["contributions"]["shares"], digits)
    return view


async def _of_run(session_id: str, query: OfRun, sessions: Sessions) -> tuple[Session, Run, State]:
    """The session, the run, and a copy of where it stood."""
    session, _ = await sessions.read(session_id, query.step)
    run = session.runs[session.index(query.run)]
    return session, run, session.state(run, query.step).copy()
