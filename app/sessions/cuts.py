"""Cuts through a loss: which plane is meant, and which window of it.

A session is read where the request is; what takes long is handed back as a function, to be called in a thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.engine.directions import Normalize, PlaneError, plane_through, principal_plane, random_plane
from app.engine.layout import ParameterError
from app.engine.planes import Plane, named_plane
from app.engine.run import Run
from app.engine.windows import Window, natural_units, window_around
from app.errors import BadInput
from app.recipe.build import Built
from app.sessions import points
from app.sessions.points import Named
from app.sessions.session import Session
from app.texts import DEFAULT_LANGUAGE, text

Array = NDArray[np.float64]
T = TypeVar("T")

KINDS = ("parameters", "random", "pca", "points")
"""What `plane` may say; anything else is the id of a plane."""

PROBES = 6
"""Losses that a default window asks for."""

DRAWN = 50
"""Numbers to work through that a random one, in two directions and normalised, counts for."""


@dataclass(frozen=True, kw_only=True)
class PlaneChoice:
    """One of KINDS or an id, with what belongs to each; `center` fixes the parameters off the plane."""

    plane: str = "parameters"
    x: str | None = None
    y: str | None = None
    seed: int = 0
    normalize: Normalize = "none"
    points: str = "start,current,optimum"
    center: str = "current"

    @property
    def id(self) -> str | None:
        """Of a plane that was asked for before."""
        return None if self.plane in KINDS else self.plane

    def named_points(self, session: Session) -> list[Named]:
        """The three points, where the plane goes through three."""
        return points.parse(session, self.points, 3, "points") if self.plane == "points" else []


@dataclass(frozen=True, eq=False)
class Cut:
    """A problem, a plane through its parameters and a window of the plane: what is seen depends on nothing else."""

    built: Built
    plane: Plane
    window: Window

    @property
    def key(self) -> tuple[object, ...]:
        """The same for the same content, whichever session it is of."""
        plane = self.plane
        return self.built.digest, plane.id, plane.x_label, plane.y_label, plane.explained_variance, self.window


class Planned(NamedTuple, Generic[T]):
    """What makes something, and about how many numbers it works through."""

    make: Callable[[], T]
    work: int


def planned(session: Session, run: Run, choice: PlaneChoice, step: int | None, window: Window | None) -> Planned[Cut]:
    """The cut that is asked for; without a window one that holds all paths, the start, and what is known besides.

    BadInput, UnknownPlane, at once or when it is made.
    """
    plane, work = planned_plane(session, run, choice, step)
    built = session.built
    if window is not None:
        return Planned(lambda: Cut(built, plane(), window), work)
    seen, size = _seen(session, step), _loss_size(session, step)
    center = session.theta(run, step)[1].copy()

    def make() -> Cut:
        found = plane()
        return Cut(built, found, _around(built, found, seen, center, size))

    return Planned(make, work + PROBES * built.objective.step_work + 4 * sum(map(np.size, seen)))


def planned_plane(session: Session, run: Run, choice: PlaneChoice, step: int | None) -> Planned[Plane]:
    """The plane that is asked for; BadInput, UnknownPlane, at once or when it is made."""
    if choice.id is not None:
        known = session.plane(choice.id)
        return Planned(lambda: known, 0)
    kinds = {"parameters": _of_parameters, "random": _at_random, "pca": _of_path, "points": _of_points}
    return kinds[choice.plane](session, run, choice, step)


def _of_parameters(session: Session, run: Run, choice: PlaneChoice, step: int | None) -> Planned[Plane]:
    """Two named ones, the first ones where none are named; BadInput for what the model does not have."""
    layout = session.built.layout
    first, second = layout.addresses[:2]
    x = choice.x or (first if choice.y != first else second)
    y = choice.y or (second if x != second else first)
    places = []
    for where, address in (("x", x), ("y", y)):
        try:
            places.append(layout.index(address))
        except ParameterError as error:
            raise BadInput.at(where, error.key, **error.values) from None
    if places[0] == places[1]:
        raise BadInput.at("y", "bad.same_parameter", name=y)
    cut = named_plane(_center(session, run, choice.center, step), places[0], places[1], x, y)
    return Planned(lambda: cut, layout.size)


def _at_random(session: Session, run: Run, choice: PlaneChoice, step: int | None) -> Planned[Plane]:
    layout, center = session.built.layout, _center(session, run, choice.center, step).copy()
    make = partial(random_plane, layout, center, choice.seed, choice.normalize, _labels("plane.random"))
    where = "plane" if choice.normalize == "none" else "normalize"
    return Planned(partial(_told, where, make), DRAWN * layout.size)


def _of_path(session: Session, run: Run, choice: PlaneChoice, step: int | None) -> Planned[Plane]:
    path, center = _path(session, run, step), _center(session, run, choice.center, step).copy()
    make = partial(principal_plane, path, center, _labels("plane.pca"))
    return Planned(partial(_told, "plane", make), path.size * min(path.shape))


def _of_points(session: Session, run: Run, choice: PlaneChoice, step: int | None) -> Planned[Plane]:
    three = choice.named_points(session)
    thetas = [points.theta_of(session, run, step, point, "points") for point in three]
    first, second, third = (point.text for point in three)
    labels = _label("plane.points.x", first=first, second=second), _label("plane.points.y", third=third)
    cut = _told("points", partial(plane_through, thetas, labels))
    return Planned(lambda: cut, session.built.layout.size)


def _told(where: str, make: Callable[[], Plane]) -> Plane:
    """The plane; BadInput at `where` it was asked for if there is none."""
    try:
        return make()
    except PlaneError as error:
        raise BadInput.at(where, error.key) from None


def _labels(key: str) -> tuple[str, str]:
    return _label(f"{key}.x"), _label(f"{key}.y")


def _label(key: str, **values: str) -> str:
    """In the language of the API's names, whoever asks first: planes are kept and shared."""
    return text(key, DEFAULT_LANGUAGE, **values)


def _center(session: Session, run: Run, center: str, step: int | None) -> Array:
    return points.theta_of(session, run, step, Named(center), "center")


def _path(session: Session, run: Run, step: int | None) -> Array:
    """θ (N, P) of what is kept of a path up to a step, and of where it ends there; each point once."""
    track, (last, theta) = run.path.thetas, session.theta(run, step)
    rows = track.rows[: last // track.stride + 1]
    ends_there = (len(rows) - 1) * track.stride == last
    return rows.copy() if ends_there else np.concatenate([rows, theta[None]])


def _seen(session: Session, step: int | None) -> list[Array]:
    """θs (N, P) that a window is to hold: paths, and optimum and truth where they are known."""
    known = [theta[None] for theta in points.landmarks(session).values() if theta is not None]
    return [_path(session, run, step) for run in session.runs] + known


def _loss_size(session: Session, step: int | None) -> float:
    """Of the losses on the paths the largest, as a number without sign."""
    kept = []
    for run in session.runs:
        track, (last, _) = run.path.scalars, session.theta(run, step)
        kept.append(np.abs(track.rows[: last // track.stride + 1, 0]).max())
    return float(max(kept))


def _around(built: Built, plane: Plane, seen: Sequence[Array], center: Array, size: float) -> Window:
    x, y, _ = plane.coordinates(np.concatenate([*seen, center[None]]))
    units = natural_units(built.objective, plane, float(x[-1]), float(y[-1]), size)
    return window_around(x[np.isfinite(x)], y[np.isfinite(y)], units)
