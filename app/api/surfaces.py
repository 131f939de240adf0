"""The loss over a plane, along a line, and the way down in a plane. What is the same is computed once for all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Encoded, encoded
from app.api.asked import SessionsHere
from app.api.asked_surfaces import Arrays, CutQuery, FieldQuery, LineQuery, PlaneQuery, SurfaceQuery, check_resolution
from app.api.caching import NOT_MODIFIED, PRIVATE, SharedAnswers, not_modified, tag
from app.api.described import answers
from app.api.packed import packed, rounded
from app.api.route import StrictRoute
from app.api.shown_surfaces import FieldShown, LineShown, SurfaceShown, VectorsShown
from app.engine.lines import line_between
from app.engine.planes import Plane
from app.engine.run import Run
from app.errors import UnknownPlane, UnknownSession
from app.sessions import points, surfaces
from app.sessions.cuts import Cut, planned, planned_plane
from app.sessions.session import Session
from app.sessions.sessions import Sessions

Json = dict[str, Any]
Make = Callable[[int], Json]
"""An answer, by as many threads."""

router = APIRouter(prefix="/api/v1/sessions/{session_id}", route_class=StrictRoute, tags=["surfaces"])


@router.get("/surface", responses=answers(SurfaceShown, UnknownSession, UnknownPlane) | NOT_MODIFIED)
async def surface(
    session_id: str, query: Annotated[SurfaceQuery, Query()], sessions: SessionsHere, request: Request
) -> Response:
    """The loss over a plane of parameters: of two of them, random, of a path's principal components, through points."""
    check_resolution(query.resolution, sessions.settings)
    cut = await cut_asked_for(session_id, query, sessions)
    most_work = sessions.settings.max_surface_work

    def make(threads: int) -> Json:
        return surfaces.surface(cut, query.resolution, query.tolerance, threads=threads, most_work=most_work)

    sent = Sent(query.digits, query.arrays, ("x", "y", "loss"), ("loss",))
    key = ("surface", cut.key, query.resolution, query.tolerance)
    return await _answer(request, sessions, sent, key, make, surfaces.surface_work(cut, query.resolution))


@router.get("/plane", responses=answers(VectorsShown, UnknownSession, UnknownPlane) | NOT_MODIFIED)
async def plane(
    session_id: str, query: Annotated[PlaneQuery, Query()], sessions: SessionsHere, request: Request
) -> Response:
    """A plane itself: the point and the two directions that make it, to compute with."""
    session, run = await _of_plane(session_id, query, sessions)
    asked = planned_plane(session, run, query.choice, query.step)
    found = await sessions.draw(lambda _: asked.make(), asked.work)
    await _keep(session, found, sessions)
    layout = session.built.layout
    key = ("plane", surfaces.plane_view(found), layout.names)
    return await _answer(request, sessions, AS_IT_IS, key, lambda _: surfaces.vectors(layout, found), layout.size)


@router.get("/field", responses=answers(FieldShown, UnknownSession, UnknownPlane) | NOT_MODIFIED)
async def field(
    session_id: str, query: Annotated[FieldQuery, Query()], sessions: SessionsHere, request: Request
) -> Response:
    """Which way descent points over a plane: the negative gradient, as far as it lies in the plane."""
    check_resolution(query.resolution, sessions.settings)
    cut = await cut_asked_for(session_id, query, sessions)
    most_work = sessions.settings.max_surface_work

    def make(threads: int) -> Json:
        return surfaces.descent_field(cut, query.resolution, threads=threads, most_work=most_work)

    sent = Sent(query.digits, query.arrays, ("x", "y", "u", "v"), ("u", "v"))
    work = surfaces.descent_field_work(cut, query.resolution)
    return await _answer(request, sessions, sent, ("field", cut.key, query.resolution), make, work)


@router.get("/line", responses=answers(LineShown, UnknownSession) | NOT_MODIFIED)
async def line(
    session_id: str, query: Annotated[LineQuery, Query()], sessions: SessionsHere, request: Request
) -> Response:
    """The loss along the straight line between two points."""
    places = (("from", query.from_), ("to", query.to))
    session, _ = await sessions.read(
        session_id,
        query.step,
        others=lambda session: points.steps_to_recall([points.parse(session, *_one(place))[0] for place in places]),
    )
    run, built = session.runs[session.index(query.run)], session.built
    start, end = (
        points.theta_of(session, run, query.step, points.parse(session, *_one(place))[0], place[0]) for place in places
    )
    ends = line_between(start, end)
    most_work = sessions.settings.max_surface_work

    def make(threads: int) -> Json:
        return surfaces.line(built, ends, query.samples, threads=threads, most_work=most_work)

    work = built.objective.plane_work(ends, query.samples, 1) + surfaces.TO_SEND * query.samples
    sent = Sent(query.digits, query.arrays, ("t", "loss"), ("loss",))
    return await _answer(request, sessions, sent, ("line", built.digest, ends.id, query.samples), make, work)


def _one(place: tuple[str, str]) -> tuple[str, int, str]:
    """What `points.parse` wants to know of a single point."""
    where, asked = place
    return asked, 1, where


async def cut_asked_for(session_id: str, query: CutQuery, sessions: Sessions) -> Cut:
    """The plane and the window of a query; its plane is known from now on."""
    window = query.window()
    session, run = await _of_plane(session_id, query, sessions)
    asked = planned(session, run, query.choice, query.step, window)
    cut = await sessions.draw(lambda _: asked.make(), asked.work)
    await _keep(session, cut.plane, sessions)
    return cut


async def _of_plane(session_id: str, query: PlaneQuery, sessions: Sessions) -> tuple[Session, Run]:
    """The session and the run, with all at hand that the plane is made of."""
    choice = query.choice
    session, _ = await sessions.read(
        session_id, query.step, choice.id, lambda session: points.steps_to_recall(choice.named_points(session))
    )
    return session, session.runs[session.index(query.run)]


async def _keep(session: Session, plane: Plane, sessions: Sessions) -> None:
    session.planes.put(plane)
    await sessions.keep_planes(session)


@dataclass(frozen=True)
class Sent:
    """How an answer is written: what of it is `rounded`, and which of its arrays may be packed."""

    digits: int | None = None
    form: Arrays = "lists"
    arrays: tuple[str, ...] = ()
    rounded: tuple[str, ...] = ()

    def encoded(self, answer: Json) -> bytes:
        if self.digits is not None:
            answer |= {name: rounded(answer[name], self.digits) for name in self.rounded}
        if self.form == "base64":
            answer |= {name: packed(answer[name]) for name in self.arrays}
        return encoded(answer)


AS_IT_IS = Sent()


async def _answer(
    request: Request, sessions: Sessions, sent: Sent, key: tuple[object, ...], make: Make, work: int
) -> Response:
    """The answer under its key: not again to who has it, not computed again where anybody asked for it lately."""
    etag = tag(*key, sent.digits, sent.form)
    headers = {"ETag": etag, "Cache-Control": PRIVATE}
    if known := not_modified(request, headers):
        return known
    shared: SharedAnswers = request.app.state.shared_answers
    body = await shared.get(etag, lambda: sessions.draw(lambda threads: sent.encoded(make(threads)), work))
    return Encoded(body, headers=headers)
