"""Generated data for networks: curves over one feature, surfaces over two."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from app.engine.data.dataset import Array, DatasetFields, Noise, Samples, Table, Task, numbered
from app.engine.data.draws import Stream, normal, uniform

REACH = 2.0  # features are drawn from U(−2, 2)
CURVE_POINTS = 201  # odd: 0 is among them, where the step is
SURFACE_POINTS = 21


class Shape(NamedTuple):
    """What the targets follow: X (n, m) to (1, m), and its formula in LaTeX."""

    target: Callable[[Array], Array]
    formula: str


def _step(X: Array) -> Array:
    return np.where(X < 0, -1.0, 1.0)


def _hill(X: Array) -> Array:
    return np.exp(-(X[:1] ** 2) - X[1:] ** 2)


def _saddle(X: Array) -> Array:
    return (X[:1] ** 2 - X[1:] ** 2) / 4


def _ripple(X: Array) -> Array:
    return np.sin(np.pi * X[:1] / 2) * np.cos(np.pi * X[1:] / 2)


CURVES: Mapping[str, Shape] = {
    "sine": Shape(lambda X: np.sin(np.pi * X / 2), r"y = \sin(\tfrac{\pi}{2} x)"),
    "wave": Shape(lambda X: np.sin(np.pi * X), r"y = \sin(\pi x)"),
    "step": Shape(_step, r"y = -1 \text{ for } x < 0, \; 1 \text{ for } x \ge 0"),
    "bump": Shape(lambda X: np.exp(-4 * X**2), r"y = e^{-4x^2}"),
    "corner": Shape(lambda X: np.abs(X) - 1, r"y = |x| - 1"),
}
SURFACES: Mapping[str, Shape] = {
    "hill": Shape(_hill, r"y = e^{-(x_1^2 + x_2^2)}"),
    "saddle": Shape(_saddle, r"y = \tfrac{1}{4}(x_1^2 - x_2^2)"),
    "ripple": Shape(_ripple, r"y = \sin(\tfrac{\pi}{2} x_1) \cos(\tfrac{\pi}{2} x_2)"),
}


@dataclass(frozen=True, kw_only=True)
class Curve(DatasetFields):
    """y = f(x) + noise for a curved f, x ~ U(−2, 2). Draws: x from stream 0, noise from stream 1."""

    kind: Literal["curve"] = "curve"
    samples: Samples = 100
    shape: Literal["sine", "wave", "step", "bump", "corner"] = "sine"
    noise: Noise = 0.1
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    formula: ClassVar[str] = r"y = f(x) + \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, \sigma^2)"
    reference: ClassVar[str] = "Cybenko 1989, Approximation by superpositions of a sigmoidal function"

    def table(self) -> Table:
        shape = CURVES[self.shape]
        X = uniform(self.seed, Stream.INPUTS, 1, self.samples, -REACH, REACH)
        x = np.linspace(-REACH, REACH, CURVE_POINTS)
        truth = {"formula": shape.formula, "x": x.tolist(), "y": shape.target(x).tolist()}
        return Table(X, _noisy(shape, X, self.noise, self.seed), ("x",), ("y",), truth=truth)


@dataclass(frozen=True, kw_only=True)
class Surface(DatasetFields):
    """y = f(x₁, x₂) + noise for a curved f, both features ~ U(−2, 2). Draws: X from stream 0, noise from stream 1."""

    kind: Literal["surface"] = "surface"
    samples: Samples = 200
    shape: Literal["hill", "saddle", "ripple"] = "hill"
    noise: Noise = 0.05
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 2
    formula: ClassVar[str] = r"y = f(x_1, x_2) + \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, \sigma^2)"
    reference: ClassVar[str] = (
        "Hornik, Stinchcombe & White 1989, Multilayer feedforward networks are universal approximators"
    )

    def table(self) -> Table:
        shape = SURFACES[self.shape]
        X = uniform(self.seed, Stream.INPUTS, 2, self.samples, -REACH, REACH)
        return Table(X, _noisy(shape, X, self.noise, self.seed), numbered("x", 2), ("y",), truth=_drawn(shape))


def _noisy(shape: Shape, X: Array, noise: float, seed: int) -> Array:
    return shape.target(X) + normal(seed, Stream.NOISE, 1, X.shape[1], noise)


def _drawn(shape: Shape) -> dict[str, str | list[float] | list[list[float]]]:
    """The surface on a grid: a row of `z` for each `y` (second feature), a column for each `x` (first)."""
    axis = np.linspace(-REACH, REACH, SURFACE_POINTS)
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    z = shape.target(grid).reshape(SURFACE_POINTS, SURFACE_POINTS)
    return {"formula": shape.formula, "x": axis.tolist(), "y": axis.tolist(), "z": z.tolist()}
