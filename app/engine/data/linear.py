"""Generated data that a linear model can fit: a line, a plane, and a line nobody knows beforehand."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le, Len

from app.engine.data.dataset import (
    MAX_FEATURES,
    Array,
    DatasetFields,
    Noise,
    Samples,
    Table,
    Task,
    numbered,
)
from app.engine.data.draws import Stream, normal, uniform
from app.engine.data.problems import DataError, Problem

Coefficient = Annotated[float, Ge(-1000), Le(1000)]
Position = Annotated[float, Ge(-100), Le(100)]


@dataclass(frozen=True, kw_only=True)
class Line(DatasetFields):
    """y = slope·x + intercept + noise, x ~ U(x_min, x_max), noise ~ N(0, noise²).

    Draws: x from stream 0, noise from stream 1. ValueError where x_min is not below x_max.
    """

    kind: Literal["line"] = "line"
    samples: Samples = 50
    slope: Coefficient = 2.0
    intercept: Coefficient = -1.0
    noise: Noise = 0.5
    x_min: Position = -1.0
    x_max: Position = 3.0
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    formula: ClassVar[str] = r"y = wx + b + \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, \sigma^2)"
    reference: ClassVar[str] = "Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes"

    def __post_init__(self) -> None:
        if not self.x_min < self.x_max:
            raise DataError(Problem("data.range_is_empty", {"low": self.x_min, "high": self.x_max}, ("x_min",)))

    def table(self) -> Table:
        X = uniform(self.seed, Stream.INPUTS, 1, self.samples, self.x_min, self.x_max)
        return _linear(X, np.array([[self.slope]]), self.intercept, self.noise, self.seed)


@dataclass(frozen=True, kw_only=True)
class Plane(DatasetFields):
    """y = w·x + b + noise for n features, each ~ U(−2, 2).

    Draws: X from stream 0, noise from stream 1, coefficients that are not given from stream 2, U(−3, 3).
    ValueError where the number of coefficients is not that of the features.
    """

    kind: Literal["plane"] = "plane"
    samples: Samples = 100
    features: Annotated[int, Ge(1), Le(MAX_FEATURES)] = 2
    coefficients: Annotated[tuple[Coefficient, ...], Len(1, MAX_FEATURES)] | None = None
    intercept: Coefficient = 1.0
    noise: Noise = 0.5
    task: ClassVar[Task] = "regression"
    formula: ClassVar[str] = r"y = w_1 x_1 + \dots + w_n x_n + b + \varepsilon"
    reference: ClassVar[str] = "Gauss 1809, Theoria motus corporum coelestium, book 2, section 3"

    def __post_init__(self) -> None:
        given = self.coefficients
        if given is not None and len(given) != self.features:
            values = {"coefficients": len(given), "features": self.features}
            raise DataError(Problem("data.coefficients_differ", values, ("coefficients",)))

    def table(self) -> Table:
        X = uniform(self.seed, Stream.INPUTS, self.features, self.samples, -2.0, 2.0)
        drawn = uniform(self.seed, Stream.TRUTH, 1, self.features, -3.0, 3.0)
        w = drawn if self.coefficients is None else np.array([self.coefficients])
        return _linear(X, w, self.intercept, self.noise, self.seed)


@dataclass(frozen=True, kw_only=True)
class RandomLine(DatasetFields):
    """A line whose truth is drawn as well: w, b ~ U(−4, 4), x ~ N(0, 5), noise of variance 10 unless given otherwise.

    Draws: x from stream 0, noise from stream 1, w and then b from stream 2.
    """

    kind: Literal["random_line"] = "random_line"
    samples: Samples = 20
    noise: Noise = 10**0.5
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    formula: ClassVar[str] = (
        r"y = wx + b + \varepsilon, \quad w, b \sim \mathcal{U}(-4, 4), \quad x \sim \mathcal{N}(0, 5)"
    )
    reference: ClassVar[str] = "Katanforoosh, Kunin et al. 2019, Parameter optimization in neural networks"

    def table(self) -> Table:
        X = normal(self.seed, Stream.INPUTS, 1, self.samples, math.sqrt(5))
        w, b = uniform(self.seed, Stream.TRUTH, 1, 2, -4.0, 4.0)[0]
        return _linear(X, np.array([[w]]), float(b), self.noise, self.seed)


def _linear(X: Array, w: Array, b: float, noise: float, seed: int) -> Table:
    """The table y = wX + b + noise; X (n, m), w (1, n)."""
    features, samples = X.shape
    Y = w @ X + b + normal(seed, Stream.NOISE, 1, samples, noise)
    truth = {"w": float(w[0, 0]) if features == 1 else w[0].tolist(), "b": b}
    return Table(X, Y, numbered("x", features), ("y",), truth=truth)
