"""What can be read of a session beside its path: data, parameters, predictions."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.answers import json_response
from app.api.asked import OfRun, PredictionsQuery, SessionsHere
from app.api.described import answers
from app.api.packed import rounded
from app.api.route import StrictRoute
from app.api.shown import DataShown, ParametersShown, PredictionsShown
from app.errors import UnknownSession
from app.sessions.predictions import predictions as predict
from app.sessions.views import data_view, parameters_view

router = APIRouter(prefix="/api/v1/sessions/{session_id}", route_class=StrictRoute, tags=["reading"])


@router.get("/data", responses=answers(DataShown, UnknownSession))
async def data(session_id: str, sessions: SessionsHere) -> Response:
    """The table behind the session."""
    session, _ = await sessions.read(session_id)
    return json_response(data_view(session))


@router.get("/parameters", responses=answers(ParametersShown, UnknownSession))
async def parameters(session_id: str, query: Annotated[OfRun, Query()], sessions: SessionsHere) -> Response:
    """Values and gradient by name, however many there are."""
    session, _ = await sessions.read(session_id, query.step)
    return json_response(parameters_view(session, session.runs[session.index(query.run)], query.step))


@router.get("/predictions", responses=answers(PredictionsShown, UnknownSession))
async def predictions(session_id: str, query: Annotated[PredictionsQuery, Query()], sessions: SessionsHere) -> Response:
    """The fit in data space."""
    session, _ = await sessions.read(session_id, query.step)
    run = session.runs[session.index(query.run)]
    view = predict(session, run, query.step, query.resolution, each_example=query.examples)
    if query.digits is not None:
        predicted = ("z" if "z" in view else "y", "predicted", "residual")  # not the axes beneath
        view |= {name: rounded(view[name], query.digits) for name in predicted if name in view}
    return json_response(view)
