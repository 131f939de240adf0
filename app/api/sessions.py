"""Sessions: made, looked at, stepped, changed."""

from collections.abc import Mapping
from time import perf_counter
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Encoded, encoded, json_response
from app.api.asked import AtStep, ForkBody, ResetBody, RewindBody, SessionsHere, StepBody, TrajectoryQuery, UpToStep
from app.api.caching import NOT_MODIFIED, PRIVATE, RecentAnswers, not_modified, tag
from app.api.described import answers, problems
from app.api.route import StrictRoute
from app.api.shown import ConfigShown, DeltaShown, SessionShown
from app.engine.plan import Until
from app.errors import BadInput, StaleCursor, UnknownPlane, UnknownSession, ViewOnly
from app.recipe.build import Built
from app.recipe.recipe import RUN_NAME, Recipe, RunRecipe, below
from app.sessions import changes, racing, replacing
from app.sessions.session import Session
from app.sessions.sessions import INLINE_WORK, Sessions
from app.sessions.trajectory import Window
from app.sessions.views import delta, session_view
from app.shapes import Shape
from app.texts import spoken

T = TypeVar("T")
PREFIX = "/api/v1/sessions"

UNCHANGED = ResetBody()
FORK: Shape[ForkBody] = Shape(ForkBody)

router = APIRouter(prefix=PREFIX, route_class=StrictRoute, tags=["sessions"])


def _shown(session: Session, extra: Mapping[str, Any] | None = None) -> Response:
    return json_response({**session_view(session, may_change=True), **(extra or {})})


@router.post("", status_code=201, responses=answers(SessionShown, status=201))
async def create(recipe: Annotated[Recipe, Body()], sessions: SessionsHere) -> Response:
    """Start a session from a recipe; `problem.kind` is all it needs."""
    session = await sessions.create(recipe)
    view = session_view(session, may_change=True)
    return json_response(view, 201, {"Location": f"{sessions.settings.root_path}{PREFIX}/{session.id}"})


@router.get("/{session_id}", responses=answers(SessionShown, UnknownSession))
async def view(session_id: str, query: Annotated[AtStep, Query()], sessions: SessionsHere) -> Response:
    """The session without its paths."""
    session, may_change = await sessions.read(session_id, query.step)
    return json_response(session_view(session, may_change=may_change, step=query.step))


@router.delete("/{session_id}", status_code=204, responses=problems(UnknownSession, ViewOnly))
async def delete(session_id: str, sessions: SessionsHere) -> Response:
    """Remove the session."""
    await sessions.delete(session_id)
    return Encoded(b"", 204)


@router.post("/{session_id}/step", responses=answers(DeltaShown, UnknownSession, ViewOnly, StaleCursor))
async def step(session_id: str, body: Annotated[StepBody, Body()], sessions: SessionsHere) -> Response:
    """Take steps; what is new since `from_step` comes back."""
    settings = sessions.settings
    if body.steps > settings.max_steps_per_call:
        raise BadInput.at("steps", "bad.less_than_equal", le=settings.max_steps_per_call, got=body.steps)
    until = Until(body.until.loss, body.until.gradient_norm) if body.until else None
    since = body.from_step

    def work(session: Session) -> tuple[int, Window]:
        first = session.clock if since is None else since
        if first > session.clock or body.lineage not in (None, session.lineage):
            raise StaleCursor
        window = Window(first, body.max_points, session.plane(body.plane) if body.plane else None)
        missing = max(0, first + body.steps - session.clock)
        return session.advance(missing, _deadline(sessions), until), window

    def answer(session: Session, done: tuple[int, Window]) -> Response:
        taken, window = done
        sessions.metrics.steps.add(taken)
        return json_response(delta(session, session.id, taken, window))

    def heavy(session: Session) -> bool:
        return session.work(body.steps) > INLINE_WORK

    return await sessions.change(session_id, work, answer, heavy=heavy, plane_id=body.plane)


@router.get("/{session_id}/trajectory", responses=answers(DeltaShown, UnknownSession, UnknownPlane) | NOT_MODIFIED)
async def trajectory(
    session_id: str, query: Annotated[TrajectoryQuery, Query()], sessions: SessionsHere, request: Request
) -> Response:
    """The path since a step, without changing anything: what spectators poll."""
    session, _ = await sessions.read(session_id, query.step, query.plane)
    # Points stand in the tag, too: a store that comes back without its last writes gives a version twice.
    points = [(run.state.step, run.state.loss) for run in session.runs]
    etag = tag(session_id, session.version, session.lineage, points, request.scope["query_string"], spoken())
    headers = {"ETag": etag, "Cache-Control": PRIVATE, "Vary": "Accept-Language"}
    if known := not_modified(request, headers):
        return known
    since = query.since if query.lineage in (None, session.lineage) else None
    window = Window(since, query.max_points, session.plane(query.plane) if query.plane else None)
    recent: RecentAnswers = request.app.state.recent_answers
    body = recent.get(etag, lambda: encoded(delta(session, session_id, 0, window, query.step)))
    return Encoded(body, headers=headers)


@router.get("/{session_id}/config", responses=answers(ConfigShown, UnknownSession))
async def config(session_id: str, query: Annotated[AtStep, Query()], sessions: SessionsHere) -> Response:
    """What is in force for the next step; sent back by PATCH it changes nothing."""
    session, _ = await sessions.read(session_id)
    return json_response(changes.config(session, query.step))


@router.patch("/{session_id}/config", responses=answers(SessionShown, UnknownSession, ViewOnly))
async def patch(session_id: str, change: Annotated[dict[str, Any], Body()], sessions: SessionsHere) -> Response:
    """Change what is in force: an event at the present step, or a restart where problem, data, start or seed differ."""
    tables = await sessions.tables.fetch(table_id) if (table_id := _uploaded_id(change)) else {}

    def work(session: Session) -> changes.Effect:
        def build(problem: Any) -> Built:
            return sessions.problems.build(problem, session.built.uploaded | tables)

        return changes.patch(session, dict(change), sessions.settings, build, _deadline(sessions))

    return await sessions.change(
        session_id, work, lambda session, effect: _shown(session, {"effect": effect}), heavy=lambda session: True
    )


@router.post("/{session_id}/reset", responses=answers(SessionShown, UnknownSession, ViewOnly))
async def reset(session_id: str, sessions: SessionsHere, body: Annotated[ResetBody, Body()] = UNCHANGED) -> Response:
    """To step 0 with what is in force now; another seed or start if given."""
    change = {name: value for name, value in (("seed", body.seed), ("start", body.start)) if value is not None}
    return await sessions.change(
        session_id,
        lambda session: changes.reset(session, change, sessions.settings),
        lambda session, _: _shown(session),
        heavy=lambda session: True,
    )


@router.post("/{session_id}/rewind", responses=answers(SessionShown, UnknownSession, ViewOnly))
async def rewind(session_id: str, body: Annotated[RewindBody, Body()], sessions: SessionsHere) -> Response:
    """Back to an earlier step, exactly; what came after is forgotten."""
    return await sessions.change(
        session_id,
        lambda session: changes.rewind(session, body.step, sessions.settings),
        lambda session, _: _shown(session),
        heavy=lambda session: True,
    )


@router.post("/{session_id}/recipe", responses=answers(SessionShown, UnknownSession, ViewOnly))
async def replace_recipe(
    session_id: str, recipe: Annotated[Recipe, Body()], query: Annotated[UpToStep, Query()], sessions: SessionsHere
) -> Response:
    """Take up another recipe, an earlier one to undo what came since: at the last step both have in common, or at 0.

    With `step` it goes on to that step in the same call, as far as `max_steps_per_call` and the call's time go.
    """
    tables = await sessions.tables.needed_by(recipe.problem)

    def work(session: Session) -> None:
        def build(problem: Any) -> Built:
            return sessions.problems.build(problem, session.built.uploaded | tables)

        deadline = _deadline(sessions)
        replacing.replace_recipe(session, recipe, sessions.settings, build)
        session.catch_up(deadline)
        missing = (query.step or 0) - session.clock
        session.advance(max(0, min(missing, sessions.settings.max_steps_per_call)), deadline)

    return await sessions.change(session_id, work, lambda session, _: _shown(session), heavy=lambda session: True)


@router.post(
    "/{session_id}/runs", status_code=201, responses=answers(SessionShown, UnknownSession, ViewOnly, status=201)
)
async def add_run(session_id: str, run: Annotated[dict[str, Any], Body()], sessions: SessionsHere) -> Response:
    """Add a run, or `{"fork": {"run": …, "step": …}, …changes}`."""

    def work(session: Session) -> None:
        racing.add_run(session, _asked_run(session, dict(run)), sessions.settings)
        session.catch_up(_deadline(sessions))

    def answer(session: Session, _: None) -> Response:
        return json_response(session_view(session, may_change=True), 201)

    return await sessions.change(session_id, work, answer, heavy=lambda session: True)


@router.delete("/{session_id}/runs/{name:path}", responses=answers(SessionShown, UnknownSession, ViewOnly))
async def remove_run(session_id: str, name: str, sessions: SessionsHere) -> Response:
    """Take a run out of the race."""
    return await sessions.change(
        session_id, lambda session: racing.remove_run(session, name), lambda session, _: _shown(session)
    )


def _uploaded_id(change: Mapping[str, Any]) -> str | None:
    """The table that a change of the config names."""
    problem = change.get("problem")
    dataset = problem.get("dataset") if isinstance(problem, dict) else None
    table_id = dataset.get("id") if isinstance(dataset, dict) else None
    return table_id if isinstance(table_id, str) else None


def _asked_run(session: Session, asked: dict[str, Any]) -> RunRecipe:
    if "fork" not in asked:
        return racing.RUN.from_value(asked)
    source = _part(FORK, "fork", asked.pop("fork"))
    name = _part(RUN_NAME, "name", asked.pop("name")) if "name" in asked else None
    return racing.fork(session, source.run, source.step, asked, name)


def _part(shape: Shape[T], name: str, value: Any) -> T:
    """What one field of a body says."""
    try:
        return shape.from_value(value)
    except BadInput as error:
        raise below(name, error) from None


def _deadline(sessions: Sessions) -> float:
    """When a call that begins to work now has used up its time."""
    return perf_counter() + sessions.settings.call_budget_milliseconds / 1000
