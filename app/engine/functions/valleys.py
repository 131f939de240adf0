"""Long valleys and flat ground: where momentum and adaptive steps show their worth."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from app.engine.fields import LOG
from app.engine.functions.classic import ClassicFunction, First, Mathematics, Real, Second
from app.engine.functions.plane_function import Landmark, Window


@dataclass(frozen=True, kw_only=True)
class Rosenbrock(ClassicFunction):
    """A curved valley, easy to find and hard to follow; the Hessian at the minimum has condition number 2508."""

    name: Literal["rosenbrock"] = "rosenbrock"
    a: Annotated[float, Ge(-2), Le(2)] = 1.0
    b: Annotated[float, Ge(0.1), Le(1000), LOG] = 100.0
    formula: ClassVar[str] = r"f(x, y) = (a - x)^2 + b\left(y - x^2\right)^2"
    reference: ClassVar[str] = (
        "Rosenbrock 1960, An automatic method for finding the greatest or least value of a function"
    )
    window: ClassVar[Window] = (-2, 2, -1, 3)
    start: ClassVar[tuple[float, float]] = (-1.2, 1.0)  # the paper's
    learning_rate: ClassVar[float] = 0.001

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        return (Landmark(self.a, self.a * self.a, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        u, v = self.a - x, y - x * x
        return u * u + self.b * v * v

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        u, v = self.a - x, y - x * x
        return -2 * u - 4 * self.b * x * v, 2 * self.b * v

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 2 + 4 * self.b * (3 * x * x - y), -4 * self.b * x, 2 * self.b


@dataclass(frozen=True, kw_only=True)
class Beale(ClassicFunction):
    """A flat cross-shaped floor between steep corners; along y = 1 the valley never ends."""

    name: Literal["beale"] = "beale"
    formula: ClassVar[str] = r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2"
    reference: ClassVar[str] = "Beale 1958, On an iterative method for finding a local minimum of a function"
    window: ClassVar[Window] = (-4.5, 4.5, -4.5, 4.5)
    start: ClassVar[tuple[float, float]] = (1.0, 1.5)
    learning_rate: ClassVar[float] = 0.01
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(3, 0.5, 0, "global"),
        Landmark(0, 1, 14.203125, "saddle"),
        Landmark(0.10053793732415836, -2.644513585023125, 9.86451228475556, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        r, s, t = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
        return r * r + s * s + t * t

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        r, s, t = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
        return (
            2 * (r * (y - 1) + s * (y**2 - 1) + t * (y**3 - 1)),
            2 * x * (r + 2 * y * s + 3 * y**2 * t),
        )

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        r, s, t = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
        across = (y - 1) + 2 * y * (y**2 - 1) + 3 * y**2 * (y**3 - 1)
        return (
            2 * ((y - 1) ** 2 + (y**2 - 1) ** 2 + (y**3 - 1) ** 2),
            2 * (r + 2 * y * s + 3 * y**2 * t + x * across),
            2 * x * (x * (1 + 4 * y**2 + 9 * y**4) + 2 * s + 6 * y * t),
        )


@dataclass(frozen=True, kw_only=True)
class BukinN6(ClassicFunction):
    """A curved ridge turned upside down, sharp as a knife: the gradient is unbounded beside y = x²/100.

    On that curve, and on x = −10, there is none: the term that has no derivative counts as flat there.
    """

    name: Literal["bukin_n6"] = "bukin_n6"
    formula: ClassVar[str] = (
        r"f(x, y) = 100\sqrt{\left\lvert y - 0.01x^2\right\rvert} + 0.01\left\lvert x + 10\right\rvert"
    )
    reference: ClassVar[str] = "Bukin 1997, New minimization strategies for non-smooth functions"
    window: ClassVar[Window] = (-15, -5, -3, 3)
    start: ClassVar[tuple[float, float]] = (-6.0, 2.0)
    learning_rate: ClassVar[float] = 0.0002
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(-10, 1, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return 100 * maths.sqrt(maths.fabs(y - 0.01 * x * x)) + 0.01 * maths.fabs(x + 10)

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        slope, _ = self._wall(y - 0.01 * x * x, maths)
        return -0.02 * x * slope + 0.01 * _sign(x + 10, maths), slope

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        slope, bend = self._wall(y - 0.01 * x * x, maths)
        return (0.02 * x) ** 2 * bend - 0.02 * slope, -0.02 * x * bend, bend

    def _wall(self, u: Real, maths: Mathematics[Real]) -> First[Real]:
        """First and second derivative of 100√|u|; both 0 at u = 0."""
        sign, size = _sign(u, maths), maths.fabs(u) + (u == 0)
        slope: Real = 50 * sign / maths.sqrt(size)
        return slope, -0.5 * slope * sign / size


def _sign(u: Real, maths: Mathematics[Real]) -> Real:
    """−1, 0 or 1."""
    sign: Real = u / (maths.fabs(u) + (u == 0))
    return sign


@dataclass(frozen=True, kw_only=True)
class Plateau(ClassicFunction):
    """A dip in a plain: far away the gradient fades like r·e^{−r²/2s²}, so plain descent takes long to get going."""

    name: Literal["plateau"] = "plateau"
    width: Annotated[float, Ge(0.1), Le(10), LOG] = 1.0
    formula: ClassVar[str] = r"f(x, y) = 1 - e^{-(x^2 + y^2)/(2s^2)}"
    reference: ClassVar[str] = "made for this collection: one minus a Gaussian of width s"
    window: ClassVar[Window] = (-4, 4, -4, 4)
    start: ClassVar[tuple[float, float]] = (-3.2, 1.8)
    learning_rate: ClassVar[float] = 0.5
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return -maths.expm1(-0.5 * (x * x + y * y) / self.width**2)

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        bell = maths.exp(-0.5 * (x * x + y * y) / self.width**2) / self.width**2
        return x * bell, y * bell

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        s = self.width**2
        bell = maths.exp(-0.5 * (x * x + y * y) / s) / s
        return (1 - x * x / s) * bell, -x * y / s * bell, (1 - y * y / s) * bell


@dataclass(frozen=True, kw_only=True)
class Ravine(ClassicFunction):
    """A winding ravine: steep across y = sin x, gentle along it, so that plain descent is thrown from wall to wall."""

    name: Literal["ravine"] = "ravine"
    steepness: Annotated[float, Ge(0.1), Le(1000), LOG] = 10.0
    formula: ClassVar[str] = r"f(x, y) = \tfrac{1}{20} x^2 + \kappa\left(y - \sin x\right)^2"
    reference: ClassVar[str] = "made for this collection: Rosenbrock's valley along a sine"
    window: ClassVar[Window] = (-6, 6, -3, 3)
    start: ClassVar[tuple[float, float]] = (-5.0, 2.0)
    learning_rate: ClassVar[float] = 0.045
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        v = y - maths.sin(x)
        return 0.05 * x * x + self.steepness * v * v

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        wall = 2 * self.steepness * (y - maths.sin(x))
        return 0.1 * x - wall * maths.cos(x), wall

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        sine, cosine, k = maths.sin(x), maths.cos(x), 2 * self.steepness
        return 0.1 + k * (cosine * cosine + (y - sine) * sine), -k * cosine, k
