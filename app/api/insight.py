"""What is behind the numbers: a step taken apart, the diagnosis of a run."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.answers import json_response
from app.api.asked import Name, OfRun, SessionsHere
from app.api.described import answers
from app.api.route import StrictRoute
from app.errors import UnknownSession
from app.sessions.insight import anatomy_view, diagnosis_view

router = APIRouter(prefix="/api/v1/sessions/{session_id}", route_class=StrictRoute, tags=["insight"])


class AnatomyQuery(OfRun, frozen=True):
    """Bias folded into W̄ and X̄ as in the first text, or apart as in the second; `entry` is one of the gradient."""

    notation: Literal["folded", "apart"] = "folded"
    entry: Name | None = None


QuantityShown = TypedDict(
    "QuantityShown",
    {
        "id": str,
        "symbol": str,
        "latex": str,
        "mathml": str,
        "pass": Literal["forward", "backward", "update"],
        "layer": int | None,
        "shape": list[int],
        "values": Any,
        "from": list[str],
    },
)


class AnatomyShown(TypedDict):
    """The quantities in the order in which they are computed."""

    step: int
    notation: Literal["folded", "apart"]
    batch: list[int]
    quantities: list[QuantityShown]


class Rate(TypedDict):
    """Factors per step by which the gradient shrinks."""

    theory: float | None
    observed: float | None


class DiagnosisShown(TypedDict):
    """Null where theory or computation knows nothing."""

    step: int
    learning_rate: float
    eigenvalue: float | None
    found: str | None
    tolerance: float | None
    stability_limit: float | None
    stability_formula: str | None
    condition_number: float | None
    optimum: dict[str, Any] | None
    rate: Rate
    best: dict[str, float] | None
    violated: str | None


@router.get("/anatomy", responses=answers(AnatomyShown, UnknownSession))
async def anatomy(session_id: str, query: Annotated[AnatomyQuery, Query()], sessions: SessionsHere) -> Response:
    """The step taken next, apart: forward, backward, update, every quantity with its numbers."""
    session, _ = await sessions.read(session_id)
    run = session.runs[session.index(query.run)]
    folded = query.notation == "folded"
    return json_response(anatomy_view(session, run, query.step, folded=folded, entry=query.entry))


@router.get("/diagnosis", responses=answers(DiagnosisShown, UnknownSession))
async def diagnosis(session_id: str, query: Annotated[OfRun, Query()], sessions: SessionsHere) -> Response:
    """How steep the loss is here, which learning rate that allows, and how fast it can go."""
    session, _ = await sessions.read(session_id)
    return json_response(diagnosis_view(session, session.runs[session.index(query.run)], query.step))
