"""Generated data for classification: two features, and a class for each point.

Example i belongs to class i mod C, so classes are as equal in size as they can be, whatever the number of samples;
only `xor` asks the point itself. Places come from stream 0, noise on both features from stream 1, added after the
class is known. Classes are named A, B, C, …
"""

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt, Le, Lt
from numpy.typing import NDArray

from app.engine.data.dataset import MAX_CLASSES, Array, DatasetFields, Samples, Table, Task, numbered
from app.engine.data.draws import Stream, normal, uniform

Scatter = Annotated[float, Ge(0), Le(2)]
Labels = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Circles(DatasetFields):
    """Two circles around the origin, A with radius 1, B with `inner_radius`. Draws: the angle's share of a turn."""

    kind: Literal["circles"] = "circles"
    samples: Samples = 200
    inner_radius: Annotated[float, Gt(0), Lt(1)] = 0.5
    noise: Scatter = 0.1
    task: ClassVar[Task] = "classification"
    feature_count: ClassVar[int | None] = 2
    formula: ClassVar[str] = r"x = r_c (\cos t, \sin t) + \varepsilon, \quad r_A = 1, \; r_B = r"
    reference: ClassVar[str] = "Pedregosa et al. 2011, scikit-learn: make_circles"

    def table(self) -> Table:
        labels = _labels(self.samples, 2)
        radius = np.where(labels == 0, 1.0, self.inner_radius)
        angle = 2 * np.pi * _shares(self.seed, self.samples)
        return _classified(_polar(radius, angle), labels, self.noise, self.seed)


@dataclass(frozen=True, kw_only=True)
class Moons(DatasetFields):
    """Two half circles that reach into each other. Draws: the angle's share of half a turn."""

    kind: Literal["moons"] = "moons"
    samples: Samples = 200
    noise: Scatter = 0.1
    task: ClassVar[Task] = "classification"
    feature_count: ClassVar[int | None] = 2
    formula: ClassVar[str] = (
        r"x_A = (\cos t, \sin t) + \varepsilon, \quad x_B = (1 - \cos t, \tfrac{1}{2} - \sin t) + \varepsilon"
    )
    reference: ClassVar[str] = "Pedregosa et al. 2011, scikit-learn: make_moons"

    def table(self) -> Table:
        labels = _labels(self.samples, 2)
        upper = _polar(1.0, np.pi * _shares(self.seed, self.samples))
        lower = np.array([[1.0], [0.5]]) - upper
        return _classified(np.where(labels == 0, upper, lower), labels, self.noise, self.seed)


@dataclass(frozen=True, kw_only=True)
class Spirals(DatasetFields):
    """Arms that wind outwards from radius 0.1 to 1 in `turns` turns. Draws: how far along its arm a point lies."""

    kind: Literal["spirals"] = "spirals"
    samples: Samples = 200
    class_count: Annotated[int, Ge(2), Le(10)] = 2
    turns: Annotated[float, Ge(0.25), Le(3)] = 1.0
    noise: Scatter = 0.02
    task: ClassVar[Task] = "classification"
    feature_count: ClassVar[int | None] = 2
    formula: ClassVar[str] = (
        r"x = (0.1 + 0.9 t)(\cos \varphi, \sin \varphi) + \varepsilon, \quad \varphi = 2\pi (\tfrac{c}{C} + k t)"
    )
    reference: ClassVar[str] = "Lang & Witbrock 1988, Learning to tell two spirals apart"

    def table(self) -> Table:
        labels = _labels(self.samples, self.class_count)
        share = _shares(self.seed, self.samples)
        angle = 2 * np.pi * (labels / self.class_count + self.turns * share)
        return _classified(_polar(0.1 + 0.9 * share, angle), labels, self.noise, self.seed, self.class_count)


@dataclass(frozen=True, kw_only=True)
class Blobs(DatasetFields):
    """Round clouds whose centers lie evenly on a circle of radius 3, the first on the x₁ axis. Draws: noise only."""

    kind: Literal["blobs"] = "blobs"
    samples: Samples = 150
    class_count: Annotated[int, Ge(2), Le(MAX_CLASSES)] = 3
    noise: Scatter = 0.8
    task: ClassVar[Task] = "classification"
    feature_count: ClassVar[int | None] = 2
    formula: ClassVar[str] = r"x \sim \mathcal{N}(\mu_c, \sigma^2 I), \quad |\mu_c| = 3"
    reference: ClassVar[str] = "Fisher 1936, The use of multiple measurements in taxonomic problems"

    def table(self) -> Table:
        centers = _polar(3.0, 2 * np.pi * np.arange(self.class_count) / self.class_count)
        labels = _labels(self.samples, self.class_count)
        truth = {"centers": centers.T.tolist()}
        return _classified(centers[:, labels], labels, self.noise, self.seed, self.class_count, truth)


@dataclass(frozen=True, kw_only=True)
class Xor(DatasetFields):
    """Points of the square [−1, 1]²: A where the signs of the features agree, B where they differ. Draws: x₁, x₂."""

    kind: Literal["xor"] = "xor"
    samples: Samples = 200
    noise: Scatter = 0.0
    task: ClassVar[Task] = "classification"
    feature_count: ClassVar[int | None] = 2
    formula: ClassVar[str] = r"x \sim \mathcal{U}(-1, 1)^2 + \varepsilon, \quad c = B \text{ where } x_1 x_2 < 0"
    reference: ClassVar[str] = "Minsky & Papert 1969, Perceptrons"

    def table(self) -> Table:
        X = uniform(self.seed, Stream.INPUTS, 2, self.samples, -1.0, 1.0)
        return _classified(X, (X[0] * X[1] < 0).astype(np.intp), self.noise, self.seed)


def _labels(samples: int, class_count: int) -> Labels:
    return np.arange(samples) % class_count


def _shares(seed: int, samples: int) -> Array:
    """(m,) numbers from U(0, 1): how far along its curve each point lies."""
    return uniform(seed, Stream.INPUTS, 1, samples).ravel()


def _polar(radius: Array | float, angle: Array) -> Array:
    """(2, m) points at (m,) angles."""
    points: Array = radius * np.stack([np.cos(angle), np.sin(angle)])
    return points


def _classified(
    places: Array,
    labels: Labels,
    noise: float,
    seed: int,
    class_count: int = 2,
    truth: dict[str, list[list[float]]] | None = None,
) -> Table:
    """The table of (2, m) places with noise on both features."""
    X = places + normal(seed, Stream.NOISE, 2, labels.size, noise)
    Y = labels[np.newaxis].astype(np.float64)
    return Table(X, Y, numbered("x", 2), ("class",), tuple(ascii_uppercase[:class_count]), truth)
