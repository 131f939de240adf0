"""What a cut through a loss looks like: heights, the line between two points, the field of descent."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.field import field, field_work
from app.engine.layout import Layout
from app.engine.planes import Plane
from app.engine.surfaces.heights import Heights, WorkError, heights
from app.errors import BadInput
from app.recipe.build import Built
from app.sessions.cuts import Cut
from app.sessions.trajectory import finite_or_nan

Array = NDArray[np.float64]
Json = dict[str, Any]

TO_SEND = 16
"""Numbers to work through that one of them in an answer counts for: it is rounded and written as text."""


def surface(cut: Cut, resolution: int, tolerance: float, *, threads: int, most_work: int) -> Json:
    """A row of `loss` for each y, a column for each x; what is too high is clipped, and said to be."""
    x, y = axes(cut, resolution)
    try:
        found = heights(cut.built.objective, cut.plane, x, y, tolerance, threads=threads, most_work=most_work)
    except WorkError as error:
        told = {"most": most_work, "got": error.got, "resolution": error.resolution}
        raise BadInput.at("resolution", "bad.too_much_surface_work", **told) from None
    seen = _within_numbers(found)
    return {
        "plane": plane_view(cut.plane),
        "x": x,
        "y": y,
        "loss": seen.losses,
        "error_bound": seen.error,
        "clipped_at": seen.clipped_at,
        "minimum": _minimum(cut, x, y, seen.losses),
        **marks(cut.built, cut.plane),
        "landmarks": _critical_points(cut.built, cut.plane),
    }


def line(built: Built, ends: Plane, samples: int, *, threads: int, most_work: int) -> Json:
    """The loss from one point to another: along x of a plane, from 0 to 1."""
    t = np.linspace(0.0, 1.0, samples)
    try:
        found = heights(built.objective, ends, t, np.zeros(1), threads=threads, most_work=most_work)
    except WorkError as error:
        told = {"most": most_work, "got": error.got, "samples": error.resolution}
        raise BadInput.at("samples", "bad.too_much_line_work", **told) from None
    seen = _within_numbers(found)
    with np.errstate(over="ignore"):
        distance = float(np.linalg.norm(ends.d1))
    return {
        "t": t,
        "loss": seen.losses[0],
        "clipped_at": seen.clipped_at,
        "distance": distance if np.isfinite(distance) else None,
    }


def descent_field(cut: Cut, resolution: int, *, threads: int, most_work: int) -> Json:
    """The negative gradient in the plane, a row for each y, a column for each x."""
    work = partial(_field_work, cut)
    if work(resolution) > most_work:
        fewer = WorkError.of(work, resolution, most_work)
        told = {"most": most_work, "got": fewer.got, "resolution": fewer.resolution}
        raise BadInput.at("resolution", "bad.too_much_field_work", **told)
    x, y = axes(cut, resolution)
    u, v = field(cut.built.objective, cut.plane, x, y, threads)
    return {"plane": plane_view(cut.plane), "x": x, "y": y, "u": finite_or_nan(u), "v": finite_or_nan(v)}


def surface_work(cut: Cut, resolution: int) -> int:
    """Numbers that a surface works through, what is sent included."""
    return cut.built.objective.plane_work(cut.plane, resolution, resolution) + TO_SEND * resolution**2


def descent_field_work(cut: Cut, resolution: int) -> int:
    """The same of a field."""
    return _field_work(cut, resolution) + 2 * TO_SEND * resolution**2


def _field_work(cut: Cut, resolution: int) -> int:
    return field_work(cut.built.objective, resolution, resolution)


def axes(cut: Cut, resolution: int) -> tuple[Array, Array]:
    """The values of x and of y over the window."""
    x_min, x_max, y_min, y_max = cut.window
    return np.linspace(x_min, x_max, resolution), np.linspace(y_min, y_max, resolution)


def plane_view(plane: Plane) -> Json:
    """What a client needs to know of a plane."""
    variance = plane.explained_variance
    return {
        "id": plane.id,
        "x_label": plane.x_label,
        "y_label": plane.y_label,
        "explained_variance": None if variance is None else list(variance),
    }


def vectors(layout: Layout, plane: Plane) -> Json:
    """The same with θ₀, d₁ and d₂ in the clients' order."""
    vectors = {"origin": plane.origin, "d1": plane.d1, "d2": plane.d2}
    return plane_view(plane) | {name: vector[layout.order] for name, vector in vectors.items()}


def marks(built: Built, plane: Plane) -> Json:
    """Optimum and truth, projected on the plane; null where unknown."""
    optimum, truth = built.objective.optimum, built.examples.truth if built.examples else None
    return {
        "optimum": None if optimum is None else _projected(plane, optimum.theta) | {"loss": optimum.loss},
        "truth": None if truth is None else _projected(plane, truth),
    }


def _critical_points(built: Built, plane: Plane) -> list[Json]:
    """Minima and saddles that are known, projected: a function's own, or the least-squares optimum."""
    if built.examples is not None:
        optimum = built.objective.optimum
        known = [] if optimum is None else [(optimum.theta, optimum.loss, "global")]
    else:
        known = [(np.array([mark.x, mark.y]), mark.value, mark.kind) for mark in built.landmarks]
    return [_projected(plane, theta) | {"loss": loss, "kind": kind} for theta, loss, kind in known]


def _projected(plane: Plane, theta: Array) -> Json:
    x, y, off_plane = (float(value[0]) for value in plane.coordinates(theta[None]))
    return {"x": x, "y": y, "off_plane": off_plane}


def _within_numbers(found: Heights | None) -> Heights:
    if found is None:
        raise BadInput.at("window", "bad.window_overflows")
    return found


def _minimum(cut: Cut, x: Array, y: Array, loss: Array) -> Json:
    """The lowest point of the slice: by its quadratic form where it is one, else the lowest cell of the grid."""
    exact = cut.built.objective.plane_minimum(cut.plane)
    if exact is not None:
        return {"x": exact[0], "y": exact[1], "loss": exact[2], "exact": True}
    row, column = np.unravel_index(int(loss.argmin()), loss.shape)
    return {"x": float(x[column]), "y": float(y[row]), "loss": float(loss[row, column]), "exact": False}
