"""The surfaces of the comparison, and how fast ours are to be beside others'."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.engine.model import Model
from app.engine.models import deep_network
from app.engine.penalty import Penalty
from app.engine.planes import Plane, named_plane

Array = NDArray[np.float64]
JAX, TORCH, FLOOR = "JAX, lax.map over vmap", "PyTorch, a loop", "exponentials alone"


@dataclass(frozen=True, eq=False)
class Case:
    """`goals`: how many times as long as ours a rival takes at least; ours against the exponentials at most.

    The plane is a general one, or that of two named scalars.
    """

    name: str
    widths: tuple[int, ...]
    examples: int
    resolution: int
    tolerance: float = 0.0
    plane_of: tuple[int, int] | Literal["general"] = "general"
    goals: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def model(self) -> Model:
        X = np.random.default_rng(0).standard_normal((self.widths[0], self.examples))
        return deep_network(X, np.sin(X[:1]), self.widths[1:-1], "sigmoid", None, "mean_squared_error", Penalty())

    @cached_property
    def plane(self) -> Plane:
        theta, d1, d2 = np.random.default_rng(1).standard_normal((3, self.model.layout.size))
        return (
            Plane(theta, d1, d2, "a", "b")
            if self.plane_of == "general"
            else named_plane(theta, *self.plane_of, "a", "b")
        )

    @cached_property
    def axis(self) -> Array:
        """Of both coordinates."""
        return np.linspace(-1.0, 1.0, self.resolution)

    @property
    def exponentials(self) -> int:
        """One for each sigmoid, example and cell."""
        return sum(self.widths[1:-1]) * self.examples * self.resolution**2


def _small(name: str, goals: Mapping[str, float], **different: object) -> Case:
    return Case(f"2-4-1, m = 100, 121², {name}", (2, 4, 1), 100, 121, goals=goals, **different)  # type: ignore[arg-type]  # as Case has them


def _deep(name: str, goals: Mapping[str, float], tolerance: float = 0.0) -> Case:
    return Case(f"2-8-8-1, m = 500, 121², {name}", (2, 8, 8, 1), 500, 121, tolerance, goals=goals)


CASES = (
    Case("univariate, m = 100, 61²", (1, 1), 100, 61, goals={JAX: 10, TORCH: 50}),
    Case("10-1 linear, m = 10,000, 61²", (10, 1), 10_000, 61, goals={JAX: 100, TORCH: 50}),
    _small("exact", {JAX: 1.2, FLOOR: 2.5, TORCH: 50}),
    _small("two weights of a unit", {JAX: 2}, plane_of=(0, 1)),
    _small("weights of two units", {JAX: 2}, plane_of=(0, 3)),
    _small("a weight in either layer", {JAX: 2}, plane_of=(0, 12)),
    _small("two weights of the last layer", {JAX: 2}, plane_of=(12, 13)),
    _small("to 1e-6 of the range", {JAX: 10, TORCH: 50}, tolerance=1e-6),
    _deep("exact", {JAX: 1.2, TORCH: 6}),
    _deep("to 1e-6 of the range", {JAX: 10, TORCH: 50}, tolerance=1e-6),
)
