"""Loss surfaces: which plane is meant, which window of it, and the numbers over it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import ParameterError
from app.engine.planes import Plane, Window, named_plane, window_around
from app.engine.run import Run
from app.errors import BadInput
from app.sessions.session import Session

Array = NDArray[np.float64]
Json = dict[str, Any]


@dataclass(frozen=True)
class PlaneChoice:
    """Two named parameters, and the point that fixes the others: current, start or optimum."""

    x: str | None
    y: str | None
    center: str


def named(session: Session, run: Run, choice: PlaneChoice, step: int | None) -> Plane:
    """The plane of two named parameters, remembered in the session; BadInput for what the model does not have."""
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
    return session.planes.put(named_plane(_center(session, run, choice.center, step), places[0], places[1], x, y))


def _center(session: Session, run: Run, center: str, step: int | None) -> Array:
    if center == "start":
        return run.plan.start
    if center == "optimum":
        optimum = session.built.objective.optimum
        if optimum is None:
            raise BadInput.at("center", "bad.no_optimum")
        return optimum.theta
    return session.theta(run, step)[1]


def default_window(session: Session, plane: Plane, step: int | None) -> Window:
    """Holds the path, the start, and optimum and truth where they are known."""
    thetas = [run.path.thetas.rows[: _rows(run, session, step)] for run in session.runs]
    thetas += [session.theta(run, step)[1][None] for run in session.runs]
    thetas += [theta[None] for theta in _landmarks(session).values()]
    x, y, _ = plane.coordinates(np.concatenate(thetas))
    return window_around(x, y)


def _rows(run: Run, session: Session, step: int | None) -> int:
    track = run.path.thetas
    return track.count if step is None else min(track.count, step // track.stride + 1)


def _landmarks(session: Session) -> dict[str, Array]:
    """The problem's optimum and the truth behind its data, in θ, where they are known."""
    optimum, examples = session.built.objective.optimum, session.built.examples
    truth = examples.truth if examples else None
    found = {"optimum": optimum.theta if optimum else None, "truth": truth}
    return {name: theta for name, theta in found.items() if theta is not None}


def surface(session: Session, plane: Plane, window: Window, resolution: int) -> Json:
    """A row of `loss` for each y, a column for each x; what is no finite number is clipped, and said to be."""
    x = np.linspace(window[0], window[1], resolution)
    y = np.linspace(window[2], window[3], resolution)
    with np.errstate(all="ignore"):
        loss = session.built.objective.plane_losses(plane, x, y)
    loss, clipped_at = _clipped(loss)
    return {
        "plane": plane_view(plane),
        "x": x,
        "y": y,
        "loss": loss,
        "error_bound": 0.0,
        "clipped_at": clipped_at,
        "minimum": _minimum(session, plane, x, y, loss),
        **_marks(session, plane),
        "landmarks": [asdict(mark) for mark in session.built.landmarks],
    }


def plane_view(plane: Plane) -> Json:
    """What a client needs to know of a plane."""
    return {"id": plane.id, "x_label": plane.x_label, "y_label": plane.y_label, "explained_variance": None}


def _clipped(loss: Array) -> tuple[Array, float | None]:
    finite = np.isfinite(loss)
    if finite.all():
        return loss, None
    if not finite.any():
        raise BadInput.at("window", "bad.window_overflows")
    level = float(loss[finite].max())
    return np.where(finite, loss, level), level


def _minimum(session: Session, plane: Plane, x: Array, y: Array, loss: Array) -> Json:
    """The lowest point of the slice: by its quadratic form where it is one, else the lowest cell of the grid."""
    exact = session.built.objective.plane_minimum(plane)
    if exact is not None:
        return {"x": exact[0], "y": exact[1], "loss": exact[2], "exact": True}
    row, column = np.unravel_index(int(loss.argmin()), loss.shape)
    return {"x": float(x[column]), "y": float(y[row]), "loss": float(loss[row, column]), "exact": False}


def _marks(session: Session, plane: Plane) -> Json:
    """Optimum and truth, projected on the plane; null where unknown."""
    marks: Json = {"optimum": None, "truth": None}
    for name, theta in _landmarks(session).items():
        x, y, off_plane = (float(value[0]) for value in plane.coordinates(theta[None]))
        marks[name] = {"x": x, "y": y, "off_plane": off_plane}
    optimum = session.built.objective.optimum
    if optimum is not None and marks["optimum"] is not None:
        marks["optimum"]["loss"] = optimum.loss
    return marks
