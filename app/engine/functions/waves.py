"""Waves on a bowl: a minimum in nearly every trough, where descent without luck is caught."""

from dataclasses import dataclass
from math import e, pi
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from app.engine.functions.classic import ClassicFunction, First, Mathematics, Real, Second
from app.engine.functions.plane_function import Landmark, Window


@dataclass(frozen=True, kw_only=True)
class Rastrigin(ClassicFunction):
    """A local minimum near every point with whole coordinates; `amplitude` A is the height of the waves."""

    name: Literal["rastrigin"] = "rastrigin"
    amplitude: Annotated[float, Ge(0), Le(100)] = 10.0
    formula: ClassVar[str] = r"f(x, y) = 2A + x^2 - A\cos 2\pi x + y^2 - A\cos 2\pi y"
    reference: ClassVar[str] = "Rastrigin 1974, Systems of extremal control"
    window: ClassVar[Window] = (-5.12, 5.12, -5.12, 5.12)
    start: ClassVar[tuple[float, float]] = (-3.6, 2.4)
    learning_rate: ClassVar[float] = 0.002
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        waves = self.amplitude * (2 - maths.cos(2 * pi * x) - maths.cos(2 * pi * y))
        return x * x + y * y + waves

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        k = 2 * pi * self.amplitude
        return 2 * x + k * maths.sin(2 * pi * x), 2 * y + k * maths.sin(2 * pi * y)

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        k = 4 * pi**2 * self.amplitude
        return 2 + k * maths.cos(2 * pi * x), 0.0, 2 + k * maths.cos(2 * pi * y)


@dataclass(frozen=True, kw_only=True)
class Ackley(ClassicFunction):
    """Ripples on a cone: nearly flat far out, with a tip at the origin.

    At the tip the cone has no derivative; there, and only there, it counts as flat, so that gradient and Hessian are
    those of the waves alone.
    """

    name: Literal["ackley"] = "ackley"
    a: Annotated[float, Ge(0), Le(100)] = 20.0
    b: Annotated[float, Ge(0), Le(2)] = 0.2
    c: Annotated[float, Ge(0), Le(20)] = 2 * pi
    formula: ClassVar[str] = r"f(x, y) = -a\,e^{-b\sqrt{(x^2 + y^2)/2}} - e^{\left(\cos cx + \cos cy\right)/2} + a + e"
    reference: ClassVar[str] = "Ackley 1987, A connectionist machine for genetic hillclimbing"
    window: ClassVar[Window] = (-5, 5, -5, 5)
    start: ClassVar[tuple[float, float]] = (-2.7, 3.4)
    learning_rate: ClassVar[float] = 0.01
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(0, 0, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        r = maths.sqrt(0.5 * (x * x + y * y))
        return -self.a * maths.expm1(-self.b * r) + (e - self._waves(x, y, maths))

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        cone, _ = self._cone(x, y, maths)
        waves = 0.5 * self.c * self._waves(x, y, maths)
        return cone * x + waves * maths.sin(self.c * x), cone * y + waves * maths.sin(self.c * y)

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        (cone, r), waves = self._cone(x, y, maths), 0.25 * self.c**2 * self._waves(x, y, maths)
        bend = 0.5 * cone * (1 + self.b * r)
        sine_x, sine_y = maths.sin(self.c * x), maths.sin(self.c * y)
        return (
            cone - bend * (x / r) ** 2 + waves * (2 * maths.cos(self.c * x) - sine_x * sine_x),
            -bend * (x / r) * (y / r) - waves * sine_x * sine_y,
            cone - bend * (y / r) ** 2 + waves * (2 * maths.cos(self.c * y) - sine_y * sine_y),
        )

    def _waves(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return maths.exp(0.5 * (maths.cos(self.c * x) + maths.cos(self.c * y)))

    def _cone(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        """The slope of the cone divided by 2r, which is 0 at the tip, and r = √((x² + y²)/2), which is 1 there."""
        r: Real = maths.sqrt(0.5 * (x * x + y * y))
        safe: Real = r + (r == 0)
        slope: Real = 0.5 * self.a * self.b * maths.exp(-self.b * r) / safe * (r != 0)
        return slope, safe


@dataclass(frozen=True, kw_only=True)
class LeviN13(ClassicFunction):
    """Narrow waves along x and wider ones along y, on a bowl around (1, 1)."""

    name: Literal["levi_n13"] = "levi_n13"
    formula: ClassVar[str] = (
        r"f(x, y) = \sin^2 3\pi x + (x - 1)^2\left(1 + \sin^2 3\pi y\right)"
        r" + (y - 1)^2\left(1 + \sin^2 2\pi y\right)"
    )
    reference: ClassVar[str] = (
        "Lévy and Montalvo 1985, The tunneling algorithm for the global minimization of functions"
    )
    window: ClassVar[Window] = (-10, 10, -10, 10)
    start: ClassVar[tuple[float, float]] = (-4.0, 6.3)
    learning_rate: ClassVar[float] = 0.001
    landmarks: ClassVar[tuple[Landmark, ...]] = (Landmark(1, 1, 0, "global"),)

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        across, along = (x - 1) ** 2, (y - 1) ** 2
        return (
            maths.sin(3 * pi * x) ** 2
            + across * (1 + maths.sin(3 * pi * y) ** 2)
            + along * (1 + maths.sin(2 * pi * y) ** 2)
        )

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        across, along = (x - 1) ** 2, (y - 1) ** 2
        return (
            3 * pi * maths.sin(6 * pi * x) + 2 * (x - 1) * (1 + maths.sin(3 * pi * y) ** 2),
            3 * pi * across * maths.sin(6 * pi * y)
            + 2 * (y - 1) * (1 + maths.sin(2 * pi * y) ** 2)
            + 2 * pi * along * maths.sin(4 * pi * y),
        )

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        across, along = (x - 1) ** 2, (y - 1) ** 2
        return (
            18 * pi**2 * maths.cos(6 * pi * x) + 2 * (1 + maths.sin(3 * pi * y) ** 2),
            6 * pi * (x - 1) * maths.sin(6 * pi * y),
            18 * pi**2 * across * maths.cos(6 * pi * y)
            + 2 * (1 + maths.sin(2 * pi * y) ** 2)
            + 8 * pi * (y - 1) * maths.sin(4 * pi * y)
            + 8 * pi**2 * along * maths.cos(4 * pi * y),
        )
