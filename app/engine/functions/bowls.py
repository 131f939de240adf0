"""Quadratic bowls and the two saddles: everything about them can be worked out on paper."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from app.engine.fields import LOG
from app.engine.functions.classic import ClassicFunction, First, Mathematics, Real, Second
from app.engine.functions.plane_function import Landmark, Window


@dataclass(frozen=True, kw_only=True)
class QuadraticBowl(ClassicFunction):
    """½(x² + κy²): the eigenvalues are 1 and κ, so plain descent is stable for η < 2/max(1, κ)."""

    name: Literal["quadratic_bowl"] = "quadratic_bowl"
    kappa: Annotated[float, Ge(0.001), Le(10_000), LOG] = 10.0
    formula: ClassVar[str] = r"f(x, y) = \tfrac{1}{2}\left(x^2 + \kappa y^2\right)"
    reference: ClassVar[str] = "Nocedal and Wright 2006, Numerical optimization, section 3.3"
    window: ClassVar[Window] = (-3, 3, -3, 3)
    start: ClassVar[tuple[float, float]] = (-2.5, 1.5)
    learning_rate: ClassVar[float] = 0.17
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return 0.5 * (x * x + self.kappa * y * y)

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        return x, self.kappa * y

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 1.0, 0.0, self.kappa


@dataclass(frozen=True, kw_only=True)
class Booth(ClassicFunction):
    """A bowl that is turned and stretched: eigenvalues 2 and 18."""

    name: Literal["booth"] = "booth"
    formula: ClassVar[str] = r"f(x, y) = (x + 2y - 7)^2 + (2x + y - 5)^2"
    reference: ClassVar[str] = "Jamil and Yang 2013, A literature survey of benchmark functions"
    window: ClassVar[Window] = (-10, 10, -10, 10)
    start: ClassVar[tuple[float, float]] = (-8.0, -4.0)
    learning_rate: ClassVar[float] = 0.1
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(1, 3, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        u, v = x + 2 * y - 7, 2 * x + y - 5
        return u * u + v * v

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        u, v = x + 2 * y - 7, 2 * x + y - 5
        return 2 * u + 4 * v, 4 * u + 2 * v

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 10.0, 8.0, 10.0


@dataclass(frozen=True, kw_only=True)
class Matyas(ClassicFunction):
    """A nearly flat valley along the diagonal: eigenvalues 0.04 and 1."""

    name: Literal["matyas"] = "matyas"
    formula: ClassVar[str] = r"f(x, y) = 0.26\left(x^2 + y^2\right) - 0.48\,xy"
    reference: ClassVar[str] = "Matyas 1965, Random optimization"
    window: ClassVar[Window] = (-10, 10, -10, 10)
    start: ClassVar[tuple[float, float]] = (-9.0, -2.0)
    learning_rate: ClassVar[float] = 1.5
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return 0.26 * (x * x + y * y) - 0.48 * x * y

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        return 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 0.52, -0.48, 0.52


@dataclass(frozen=True, kw_only=True)
class Saddle(ClassicFunction):
    """Down along y, up along x, and no minimum: a start on the ridge y = 0 runs to the saddle and stays there."""

    name: Literal["saddle"] = "saddle"
    formula: ClassVar[str] = r"f(x, y) = x^2 - y^2"
    reference: ClassVar[str] = "Dauphin et al. 2014, Identifying and attacking the saddle point problem"
    window: ClassVar[Window] = (-2, 2, -2, 2)
    start: ClassVar[tuple[float, float]] = (-1.8, 0.001)
    learning_rate: ClassVar[float] = 0.05
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "saddle"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return x * x - y * y

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        return 2 * x, -2 * y

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 2.0, 0.0, -2.0


@dataclass(frozen=True, kw_only=True)
class MonkeySaddle(ClassicFunction):
    """Three ways down (two legs and a tail) from a point where the whole Hessian is 0."""

    name: Literal["monkey_saddle"] = "monkey_saddle"
    formula: ClassVar[str] = r"f(x, y) = x^3 - 3xy^2"
    reference: ClassVar[str] = "Peckham 2011, Monkey, starfish and octopus saddles"
    window: ClassVar[Window] = (-2, 2, -2, 2)
    start: ClassVar[tuple[float, float]] = (1.5, 0.01)
    learning_rate: ClassVar[float] = 0.02
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "saddle"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return x * (x * x - 3 * y * y)

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        return 3 * (x * x - y * y), -6 * x * y

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 6 * x, -6 * y, -6 * x
