"""What can be read of a session beside its path: data, parameters, predictions, surfaces."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from numpy.typing import NDArray
from starlette.responses import Response

from app.api.answers import json_response
from app.api.asked import OfRun, PredictionsQuery, SessionsHere, SurfaceQuery
from app.api.described import answers
from app.api.packed import packed
from app.api.route import StrictRoute
from app.api.shown import DataShown, ParametersShown, PredictionsShown, SurfaceShown
from app.engine.planes import Window
from app.errors import BadInput, UnknownPlane, UnknownSession
from app.sessions import surfaces
from app.sessions.predictions import predictions as predict
from app.sessions.views import data_view, parameters_view

Array = NDArray[np.float64]

MOST_EXACT_DIGITS = 15
"""So many decimal digits survive the way into a float64 and back."""

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
    view = predict(session, run, query.step, query.resolution)
    if query.digits is not None:
        predicted = ("z",) if "z" in view else ("y", "predicted", "residual")  # not the axes beneath
        view |= {name: rounded(view[name], query.digits) for name in predicted if name in view}
    return json_response(view)


@router.get("/surface", responses=answers(SurfaceShown, UnknownSession, UnknownPlane))
async def surface(session_id: str, query: Annotated[SurfaceQuery, Query()], sessions: SessionsHere) -> Response:
    """The loss over a plane of parameters."""
    is_id = query.plane != "parameters"
    session, _ = await sessions.read(session_id, query.step, query.plane if is_id else None)
    run = session.runs[session.index(query.run)]
    choice = surfaces.PlaneChoice(query.x, query.y, query.center)
    plane = session.plane(query.plane) if is_id else surfaces.named(session, run, choice, query.step)
    window = _window(query) or surfaces.default_window(session, plane, query.step)
    answer: dict[str, Any] = surfaces.surface(session, plane, window, query.resolution)
    if query.digits is not None:
        answer["loss"] = rounded(answer["loss"], query.digits)
    if query.arrays == "base64":
        answer |= {name: packed(answer[name]) for name in ("x", "y", "loss")}
    await sessions.keep_planes(session)
    return json_response(answer)


def _window(query: SurfaceQuery) -> Window | None:
    sides = (query.x_min, query.x_max, query.y_min, query.y_max)
    if all(side is None for side in sides):
        return None
    for name, side in zip(("x_min", "x_max", "y_min", "y_max"), sides, strict=True):
        if side is None:
            raise BadInput.at(name, "bad.whole_window")
    x_min, x_max, y_min, y_max = (float(side or 0.0) for side in sides)
    for name, low, high in (("x_max", x_min, x_max), ("y_max", y_min, y_max)):
        if not low < high:
            raise BadInput.at(name, "bad.greater_than", gt=low, got=high)
    return x_min, x_max, y_min, y_max


def rounded(values: Array, digits: int) -> Array:
    """To so many significant digits; what a float64 does not hold more of stays as it is."""
    if digits > MOST_EXACT_DIGITS:
        return values
    with np.errstate(divide="ignore"):
        magnitude = np.floor(np.log10(np.abs(values)))
    places = digits - 1 - np.where(np.isfinite(magnitude), magnitude, 0.0)
    up, down = 10.0 ** np.clip(places, 0, 308), 10.0 ** np.clip(-places, 0, 308)  # exact up to 22 places, 0.1 is not
    result = np.round(values * up / down) / up * down
    return np.where(np.isfinite(result), result, values)
