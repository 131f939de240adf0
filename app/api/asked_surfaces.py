"""What the calls about planes take: which plane, which window of it, how many points, in which form."""

from dataclasses import fields
from typing import Annotated, Literal

from annotated_types import Ge, Le, Len
from pydantic import Field

from app.api.asked import Digits, Name, OfRun, PlaneId
from app.engine.directions import Normalize
from app.engine.fields import Seed
from app.engine.windows import Window
from app.errors import BadInput
from app.recipe.windows import Coordinate, window_of
from app.sessions.cuts import PlaneChoice
from app.settings import Settings

Points = Annotated[str, Len(1, 200)]
Point = Annotated[str, Len(1, 60)]
Resolution = Annotated[int, Ge(2), Le(201)]
Arrays = Literal["lists", "base64"]

CHOICE = [field.name for field in fields(PlaneChoice)]


class PlaneQuery(OfRun, frozen=True):
    """Which plane; see `plane.id` in the answer, which may be sent as `plane`.

    `x`, `y` belong to `parameters`, `seed` and `normalize` to `random`, `points` to `points`.
    """

    plane: PlaneId = "parameters"
    x: Name | None = None
    y: Name | None = None
    seed: Seed = 0
    normalize: Normalize = "none"
    points: Points = "start,current,optimum"
    center: Literal["current", "start", "optimum"] = "current"

    @property
    def choice(self) -> PlaneChoice:
        """The same, as sessions know it."""
        return PlaneChoice(**{name: getattr(self, name) for name in CHOICE})


class CutQuery(PlaneQuery, frozen=True):
    """The plane, and which window of it; without one, it holds the paths, the start and the optimum."""

    x_min: Coordinate | None = None
    x_max: Coordinate | None = None
    y_min: Coordinate | None = None
    y_max: Coordinate | None = None

    def window(self) -> Window | None:
        """All four sides or none; BadInput."""
        return window_of(self)


class SurfaceQuery(CutQuery, frozen=True):
    """`tolerance` allows interpolation where it pays, to so much of the range of the losses; 0 computes every cell."""

    resolution: Resolution = 61
    tolerance: Annotated[float, Ge(0), Le(0.1)] = 0.0
    digits: Digits | None = None
    arrays: Arrays = "lists"


class FieldQuery(CutQuery, frozen=True):
    """How many arrows a side has."""

    resolution: Resolution = 21
    digits: Digits | None = None
    arrays: Arrays = "lists"


class LineQuery(OfRun, frozen=True):
    """From one point to another: `start`, `current`, `optimum`, `truth`, the name of a run, or `NAME@STEP`."""

    from_: Annotated[Point, Field(alias="from")] = "start"
    to: Point = "current"
    samples: Annotated[int, Ge(2), Le(2001)] = 201
    digits: Digits | None = None
    arrays: Arrays = "lists"


def check_resolution(resolution: int, settings: Settings) -> None:
    """BadInput where an operator allows less than the API does."""
    if resolution > settings.max_resolution:
        raise BadInput.at("resolution", "bad.less_than_equal", le=settings.max_resolution, got=resolution)
