"""Pictures for notebooks and slides: complete Plotly figures."""

from collections.abc import Callable
from typing import Annotated, Any

from annotated_types import Ge, Le
from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from app import figures
from app.api.answers import Encoded
from app.api.asked import OfRun, SessionsHere
from app.api.asked_surfaces import SurfaceQuery, check_resolution
from app.api.described import answers
from app.api.route import StrictRoute
from app.api.surfaces import cut_asked_for
from app.errors import UnknownPlane, UnknownSession
from app.figures import curves
from app.figures import surfaces as drawn
from app.figures.look import Frame, Theme
from app.figures.paths import Drawn
from app.figures.scale import ScaleKind
from app.sessions import surfaces
from app.sessions.predictions import predictions
from app.sessions.session import Session
from app.sessions.sessions import INLINE_WORK, Sessions
from app.sessions.trajectory import Window, trajectory
from app.sessions.views import data_view

Json = dict[str, Any]
Side = Annotated[int, Ge(100), Le(4000)]

MOST_POINTS = 1500
"""Of a path; a longer one is thinned."""

FIT_POINTS = 101
ALWAYS_ASIDE = INLINE_WORK + 1
"""plotly.py takes its time, the first time above all."""

router = APIRouter(prefix="/api/v1/sessions/{session_id}/figures", route_class=StrictRoute, tags=["figures"])


class FrameQuery(BaseModel, frozen=True):
    """The colours, and a size in pixels; without one a figure fills its place."""

    theme: Theme = "light"
    width: Side | None = None
    height: Side | None = None

    @property
    def frame(self) -> Frame:
        """The same, as figures know it."""
        return Frame(self.theme, self.width, self.height)


class SurfaceFigureQuery(SurfaceQuery, FrameQuery, frozen=True):
    """A surface, and how its losses are drawn."""

    scale: ScaleKind = "log"


class LossFigureQuery(OfRun, FrameQuery, frozen=True):
    """All runs, or one of them."""

    scale: ScaleKind = "linear"


class FitFigureQuery(OfRun, FrameQuery, frozen=True):
    """All runs where there is room for them, or one of them."""


class FigureShown(BaseModel):
    """A Plotly figure; `plotly.io.from_json` takes it."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]


@router.get("/contour", operation_id="contour_figure", responses=answers(FigureShown, UnknownSession, UnknownPlane))
async def contour(session_id: str, query: Annotated[SurfaceFigureQuery, Query()], sessions: SessionsHere) -> Response:
    """The loss over a plane as a map, with the paths of all runs on it."""
    return await _over_a_plane(session_id, query, sessions, drawn.contour)


@router.get("/surface", operation_id="surface_figure", responses=answers(FigureShown, UnknownSession, UnknownPlane))
async def surface(session_id: str, query: Annotated[SurfaceFigureQuery, Query()], sessions: SessionsHere) -> Response:
    """The same in three dimensions."""
    return await _over_a_plane(session_id, query, sessions, drawn.surface)


@router.get("/loss", operation_id="loss_figure", responses=answers(FigureShown, UnknownSession))
async def loss(session_id: str, query: Annotated[LossFigureQuery, Query()], sessions: SessionsHere) -> Response:
    """The loss against steps."""
    session, _ = await sessions.read(session_id, query.step)
    paths = {
        name: trajectory(session.runs[index], session.state(session.runs[index], query.step), Window(None, MOST_POINTS))
        for index, name in _runs(session, query.run)
    }
    return await _written(sessions, lambda _: curves.loss(paths, query.scale, query.frame), ALWAYS_ASIDE)


@router.get("/fit", operation_id="fit_figure", responses=answers(FigureShown, UnknownSession))
async def fit(session_id: str, query: Annotated[FitFigureQuery, Query()], sessions: SessionsHere) -> Response:
    """The model in data space: curves, a field, or observed against predicted."""
    session, _ = await sessions.read(session_id, query.step)
    found = {
        name: predictions(session, session.runs[index], query.step, FIT_POINTS)
        for index, name in _runs(session, query.run)
    }
    data = data_view(session)
    return await _written(sessions, lambda _: curves.fit(data, found, query.frame), ALWAYS_ASIDE)


def _runs(session: Session, name: str | None) -> list[tuple[int, str]]:
    """One run by name, or all of them."""
    if name is not None:
        return [(session.index(name), name)]
    return [(index, str(run.name)) for index, run in enumerate(session.recipe.runs)]


async def _over_a_plane(
    session_id: str, query: SurfaceFigureQuery, sessions: Sessions, draw: Callable[..., drawn.Figure]
) -> Response:
    check_resolution(query.resolution, sessions.settings)
    cut = await cut_asked_for(session_id, query, sessions)
    session, _ = await sessions.read(session_id, query.step, cut.plane.id)
    window, most_work = Window(None, MOST_POINTS, cut.plane), sessions.settings.max_surface_work
    runs = [
        Drawn.of(index, name, trajectory(session.runs[index], session.state(session.runs[index], query.step), window))
        for index, name in _runs(session, None)
    ]

    def make(threads: int) -> drawn.Figure:
        view = surfaces.surface(cut, query.resolution, query.tolerance, threads=threads, most_work=most_work)
        return draw(view, [run for run in runs if len(run.points["x"])], query.scale, query.frame)

    work = surfaces.surface_work(cut, query.resolution)
    return await _written(sessions, make, max(work, ALWAYS_ASIDE))


async def _written(sessions: Sessions, make: Callable[[int], drawn.Figure], work: int) -> Response:
    return Encoded(await sessions.draw(lambda threads: figures.written(*make(threads)), work))
