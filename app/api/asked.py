"""What the calls about a session take: bodies and queries, each a type that says all its bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge, Le, Len
from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request

from app.engine.fields import Seed
from app.recipe.recipe import Step
from app.sessions.sessions import Sessions

Points = Annotated[int, Ge(2), Le(10_000)]
PlaneId = Annotated[str, Len(1, 40)]
Name = Annotated[str, Len(1, 40)]
Lineage = Annotated[int, Ge(0), Le(2**53)]
Digits = Annotated[int, Ge(1), Le(17)]


def sessions_of(request: Request) -> Sessions:
    """The sessions of this worker."""
    sessions: Sessions = request.app.state.sessions
    return sessions


SessionsHere = Annotated[Sessions, Depends(sessions_of)]


@dataclass(frozen=True, kw_only=True)
class UntilBody:
    """Stop at a point whose loss, or whose gradient norm, is at most this."""

    loss: Annotated[float, Ge(-1e300), Le(1e300)] | None = None
    gradient_norm: Annotated[float, Ge(0), Le(1e300)] | None = None


@dataclass(frozen=True, kw_only=True)
class StepBody:
    """How many steps; `from_step` makes a retry harmless: the goal is `from_step` + `steps`."""

    steps: Annotated[int, Ge(1), Le(10_000)] = 1
    from_step: Step | None = None
    lineage: Lineage | None = None
    until: UntilBody | None = None
    max_points: Points | None = None
    plane: PlaneId | None = None


@dataclass(frozen=True, kw_only=True)
class ResetBody:
    """Another seed or another start; what is not given stays."""

    seed: Seed | None = None
    start: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class RewindBody:
    """The step to go back to."""

    step: Step


@dataclass(frozen=True, kw_only=True)
class ForkBody:
    """The run to copy, and the step up to which."""

    run: Name
    step: Step


class AtStep(BaseModel, frozen=True):
    """What was, at an earlier step; now without it."""

    step: Step | None = None


class UpToStep(BaseModel, frozen=True):
    """How far to compute at once, within the time of one call; as far as is known without it."""

    step: Step | None = None


class OfRun(AtStep, frozen=True):
    """Of which run; the first without it."""

    run: Name | None = None


class TrajectoryQuery(AtStep, frozen=True):
    """What came after `since`, if `lineage` is still that of the session; else all of it."""

    since: Step | None = None
    lineage: Lineage | None = None
    max_points: Points | None = None
    plane: PlaneId | None = None


class PredictionsQuery(OfRun, frozen=True):
    """How many points a curve or a side of a surface has, and how many significant digits are sent of each.

    `examples` asks for observed, predicted and residual of every example beside a curve or a surface, too.
    """

    resolution: Annotated[int, Ge(2), Le(201)] = 61
    digits: Digits | None = None
    examples: bool = False
