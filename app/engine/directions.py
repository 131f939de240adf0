"""Planes that are not those of two named parameters: random, a path's principal components, by three points."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout, Parameter
from app.engine.planes import Plane
from app.engine.randomness import Purpose, generator
from app.engine.starts import is_weight

Array = NDArray[np.float64]
Normalize = Literal["none", "filter", "layer"]

FLAT = 1e-9
"""Directions that are this parallel, or components this small beside the largest, span no plane."""


class PlaneError(ValueError):
    """The plane that was asked for does not exist; `key` is the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def random_plane(
    layout: Layout, theta: Array, seed: int, normalize: Normalize, labels: tuple[str, str] = ("", "")
) -> Plane:
    """Through θ (P,) along two random directions, N(0, 1) in each scalar, the first's drawn before the second's.

    Raw they are as Goodfellow, Vinyals and Saxe 2015 took them. Li et al. 2018, Visualizing the Loss Landscape of
    Neural Nets, make them comparable between networks: every filter of a direction (the weights into one unit), or
    every layer, gets the length that it has in θ. As there, biases stay where they are. PlaneError where the model
    has no layers, or θ too few weights that are not 0.
    """
    draws = generator(seed, Purpose.PLANE).standard_normal((2, layout.size))
    directions = np.empty_like(draws)
    directions[:, layout.order] = draws  # in the clients' order
    if normalize != "none":
        if not any(is_weight(parameter) for parameter in layout.parameters):
            raise PlaneError("plane.no_layers")
        directions = np.stack([_normalized(layout, theta, direction, normalize) for direction in directions])
    d1, d2 = directions
    if not _independent(d1, d2):
        raise PlaneError("plane.too_few_weights")
    return Plane(theta.copy(), d1, d2, *labels)


def principal_plane(path: Array, theta: Array, labels: tuple[str, str] = ("", "")) -> Plane:
    """Through θ (P,) along the two directions in which a path (N, P) varies most; PlaneError for a straight one.

    Lorch 2016, Visualizing Deep Network Training Trajectories with PCA. The components have length 1 and
    point the way the path went, so that a path that goes on keeps its sides.
    """
    shrunk = path / (float(np.abs(path).max()) or 1.0)  # or sums and squares of large numbers would be none
    centered = shrunk - shrunk.mean(axis=0)
    scale = float(np.abs(centered).max(initial=0.0))
    if scale == 0.0:
        raise PlaneError("plane.straight_path")
    _, sizes, components = np.linalg.svd(centered / scale, full_matrices=False)
    if len(sizes) < 2 or sizes[1] <= FLAT * sizes[0]:
        raise PlaneError("plane.straight_path")
    first, second = (component * _side(component, shrunk[-1] - shrunk[0]) for component in components[:2])
    variances = sizes**2 / np.sum(sizes**2)
    return Plane(theta.copy(), first, second, *labels, tuple(variances[:2].tolist()))


def _side(component: Array, way: Array) -> float:
    """1 or −1: along the way, or where that says nothing so that the largest entry is positive."""
    along = float(component @ way)
    if abs(along) > FLAT * float(np.linalg.norm(way)):
        return float(np.sign(along))
    return float(np.sign(component[np.abs(component).argmax()]))


@np.errstate(over="ignore", invalid="ignore")
def plane_through(points: Sequence[Array], labels: tuple[str, str] = ("", "")) -> Plane:
    """Through three points (P,): x runs from the first to the second, y at a right angle towards the third.

    Both directions have length 1, so that distances on the plane are those between parameters. PlaneError where the
    points are not three, lie on one line, or too far apart for their distance to be a number.
    """
    first, second, third = points
    along, aside = second - first, third - first
    length, reach = float(np.linalg.norm(along)), float(np.linalg.norm(aside))
    if min(length, reach, float(np.linalg.norm(third - second))) == 0.0:
        raise PlaneError("plane.same_points")
    if not (np.isfinite(length) and np.isfinite(reach)):
        raise PlaneError("plane.too_far")
    d1 = along / length
    for _ in range(2):  # once leaves rounding that is large where the angle is small
        aside = aside - (aside @ d1) * d1
    height = float(np.linalg.norm(aside))
    if height <= FLAT * reach:
        raise PlaneError("plane.points_on_a_line")
    return Plane(first.copy(), d1, aside / height, *labels)


def _normalized(layout: Layout, theta: Array, direction: Array, normalize: Normalize) -> Array:
    normalized = np.zeros_like(direction)
    for parameter in layout.parameters:
        if is_weight(parameter):
            for places in _filters(parameter) if normalize == "filter" else [np.array(parameter.places)]:
                length = np.linalg.norm(direction[places])
                normalized[places] = direction[places] * (np.linalg.norm(theta[places]) / length)
    return normalized


def _filters(parameter: Parameter) -> list[NDArray[np.intp]]:
    """The places of the weights into each unit: the rows of a matrix."""
    rows = parameter.shape[0] if parameter.shape else 1
    return list(np.array(parameter.places, dtype=np.intp).reshape(rows, -1))


def _independent(first: Array, second: Array) -> bool:
    lengths = float(np.linalg.norm(first)) * float(np.linalg.norm(second))
    return lengths > 0.0 and abs(float(first @ second)) < (1.0 - FLAT) * lengths
