"""Long work about a session: begun, looked at while it goes on, ended."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.answers import Encoded, encoded, json_response
from app.api.asked import SessionsHere
from app.api.caching import NOT_MODIFIED, PRIVATE, not_modified, tag
from app.api.described import answers, problems
from app.api.route import StrictRoute
from app.api.sessions import PREFIX
from app.errors import TooMuchWork, UnknownPlane, UnknownSession, UnknownStudy, ViewOnly
from app.recipe.studies import STUDY
from app.sessions.study_records import Status
from app.sessions.study_views import asked_json, brief, study_view
from app.sessions.study_work import planned_study
from app.texts import spoken

router = APIRouter(prefix=f"{PREFIX}/{{session_id}}/studies", route_class=StrictRoute, tags=["studies"])

Outcome = Literal["arrived", "on the way", "diverged", "undefined"]


class StudyBrief(TypedDict):
    """How a study stands. `progress` goes from 0 to 1, `seconds` is the time worked, `note` says how it ended."""

    id: str
    kind: Literal["basins", "sweep", "cost_race"]
    status: Status
    progress: float
    seconds: float
    note: str | None
    run: str | None
    settings: dict[str, Any] | None
    asked: dict[str, Any]


class StudyPlane(TypedDict):
    """The plane of the starts."""

    id: str
    x_label: str
    y_label: str


class MinimumShown(TypedDict):
    """A point that starts fall to, or a level of the loss; `known` is what theory says of it, `cells` how many fall."""

    kind: Literal["minimum", "saddle", "maximum", "level"]
    known: Literal["global", "local", "saddle", "optimum"] | None
    loss: float
    x: float | None
    y: float | None
    values: dict[str, Any] | None
    cells: int


class BasinsResult(TypedDict):
    """Grids have a row for each y, a column for each x; null where nothing is known yet.

    `minimum` is the place in `minima`, lowest first. `steps` are those to the first of ten points in a row with a
    gradient norm of at most `gradient_norm`, or those made; `loss` is that where the run stands at last. `together`:
    made as one batch, equal to a run alone up to rounding; else one by one, and bit for bit.
    """

    plane: StudyPlane
    x: list[float]
    y: list[float]
    outcome: list[list[Outcome | None]]
    minimum: list[list[int | None]]
    steps: list[list[int | None]]
    loss: list[list[float | None]]
    minima: list[MinimumShown]
    gradient_norm: float
    together: bool


class BestSetting(TypedDict):
    """The lowest loss so far, and where."""

    learning_rate: float
    momentum: float | None
    loss: float


class SweepResult(TypedDict):
    """A row for each of `momentum`, a column for each of `learning_rate`; null where nothing is known yet.

    `optimizer` is what was swept, which of plain descent is the heavy ball, and `constant` what is varied as momentum.
    """

    optimizer: str
    learning_rate: list[float]
    constant: str | None
    momentum: list[float | None]
    outcome: list[list[Outcome | None]]
    steps: list[list[int | None]]
    loss: list[list[float | None]]
    steps_asked: int
    best: BestSetting | None
    together: bool


class LapShown(TypedDict):
    """Seconds for a loss, a pass and a gradient by differences; the last reckoned from some of it if not `measured`."""

    widths: list[int]
    parameters: int
    loss_seconds: float
    pass_seconds: float
    difference_seconds: float
    measured: bool
    ratio: float


class ExtrapolationShown(TypedDict):
    """What the largest network means for one of `weights`: a gradient each way, and `updates` of them."""

    weights: int
    updates: int
    ratio: float
    pass_seconds: float
    difference_seconds: float
    all_passes_seconds: float
    all_differences_seconds: float


class RaceResult(TypedDict):
    """Times on this server, as busy as it is."""

    laps: list[LapShown]
    extrapolation: ExtrapolationShown | None


class StudyShown(StudyBrief):
    """A study with what is known of its result, which grows from coarse to fine while it is running."""

    result: BasinsResult | SweepResult | RaceResult | None


class StudiesShown(TypedDict):
    """The studies of a session, the oldest first, without their results."""

    studies: list[StudyBrief]


@router.post(
    "",
    status_code=202,
    responses=answers(StudyShown, UnknownSession, UnknownPlane, ViewOnly, TooMuchWork, status=202),
)
async def begin_study(session_id: str, body: Annotated[dict[str, Any], Body()], sessions: SessionsHere) -> Response:
    """Begin long work: basins of attraction, a sweep, a race of gradients. Poll it under `Location`."""
    asked = STUDY.from_value(body)
    session, may_change = await sessions.read(session_id, None, getattr(asked, "plane", None))
    if not may_change:
        raise ViewOnly
    planned = planned_study(session, asked)
    made = await sessions.draw(lambda _: planned.make(), planned.work)
    if made.plane is not None:
        session.planes.put(made.plane)
        await sessions.keep_planes(session)
    kept = await sessions.studies.begin(session.id, asked.kind, asked_json(asked), made)
    location = f"{sessions.settings.root_path}{PREFIX}/{session.id}/studies/{kept.id}"
    return json_response(study_view(kept), 202, {"Location": location})


@router.get("", responses=answers(StudiesShown, UnknownSession))
async def studies(session_id: str, sessions: SessionsHere) -> Response:
    """What was begun, without the results."""
    session, _ = await sessions.read(session_id)
    return json_response({"studies": [brief(kept) for kept in await sessions.studies.records.all(session.id)]})


@router.get("/{study}", responses=answers(StudyShown, UnknownSession, UnknownStudy) | NOT_MODIFIED)
async def study(session_id: str, study: str, sessions: SessionsHere, request: Request) -> Response:
    """How far it is, and what is known so far."""
    session, _ = await sessions.read(session_id)
    kept = await sessions.studies.records.get(session.id, study)
    headers = {
        "ETag": tag(session_id, study, kept.version, kept.status, spoken()),
        "Cache-Control": PRIVATE,
        "Vary": "Accept-Language",
    }
    return not_modified(request, headers) or Encoded(encoded(study_view(kept)), headers=headers)


@router.delete("/{study}", status_code=204, responses=problems(UnknownSession, UnknownStudy, ViewOnly))
async def end_study(session_id: str, study: str, sessions: SessionsHere) -> Response:
    """End it with what is known; one that has ended is forgotten."""
    session, may_change = await sessions.read(session_id)
    if not may_change:
        raise ViewOnly
    await sessions.studies.cancel(session.id, study)
    return Encoded(b"", 204)
