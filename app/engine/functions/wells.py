"""Camels' humps and wells: small landscapes with a deep place and shallower ones beside it."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from app.engine.functions.classic import ClassicFunction, First, Mathematics, Real, Second
from app.engine.functions.plane_function import Landmark, Window


@dataclass(frozen=True, kw_only=True)
class ThreeHumpCamel(ClassicFunction):
    """Three minima in a row, the deepest in the middle."""

    name: Literal["three_hump_camel"] = "three_hump_camel"
    formula: ClassVar[str] = r"f(x, y) = 2x^2 - 1.05x^4 + \tfrac{1}{6} x^6 + xy + y^2"
    reference: ClassVar[str] = "Branin 1972, Widely convergent method for finding multiple solutions"
    window: ClassVar[Window] = (-2, 2, -2, 2)
    start: ClassVar[tuple[float, float]] = (-1.0, 1.8)
    learning_rate: ClassVar[float] = 0.05
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(0, 0, 0, "global"),
        Landmark(-1.7475523458302889, 0.87377617291514445, 0.29863844223685982, "local"),
        Landmark(1.7475523458302889, -0.87377617291514445, 0.29863844223685982, "local"),
        Landmark(-1.0705422918236600, 0.53527114591182999, 0.87736155776314018, "saddle"),
        Landmark(1.0705422918236600, -0.53527114591182999, 0.87736155776314018, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        q = x * x
        return q * (2 + q * (q / 6 - 1.05)) + y * (x + y)

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        q = x * x
        return x * (4 + q * (q - 4.2)) + y, x + 2 * y

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        q = x * x
        return 4 + q * (5 * q - 12.6), 1.0, 2.0


@dataclass(frozen=True, kw_only=True)
class SixHumpCamel(ClassicFunction):
    """Six minima in pairs that mirror each other through the origin; the middle pair is the deepest."""

    name: Literal["six_hump_camel"] = "six_hump_camel"
    formula: ClassVar[str] = (
        r"f(x, y) = \left(4 - 2.1x^2 + \tfrac{1}{3} x^4\right) x^2 + xy + \left(4y^2 - 4\right) y^2"
    )
    reference: ClassVar[str] = "Dixon and Szegő 1978, Towards global optimisation 2"
    window: ClassVar[Window] = (-2, 2, -1, 1)
    start: ClassVar[tuple[float, float]] = (-1.0, 0.2)
    learning_rate: ClassVar[float] = 0.02
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(0.089842013100318062, -0.71265640302073963, -1.0316284534898774, "global"),
        Landmark(-0.089842013100318062, 0.71265640302073963, -1.0316284534898774, "global"),
        Landmark(1.7036067149699809, -0.79608356867262512, -0.21546382438371764, "local"),
        Landmark(-1.7036067149699809, 0.79608356867262512, -0.21546382438371764, "local"),
        Landmark(1.6071047529201972, 0.56865145488413137, 2.1042503103112583, "local"),
        Landmark(-1.6071047529201972, -0.56865145488413137, 2.1042503103112583, "local"),
        Landmark(0, 0, 0, "saddle"),
        Landmark(1.1092053368047865, -0.76826809250953984, 0.54371860097818514, "saddle"),
        Landmark(-1.1092053368047865, 0.76826809250953984, 0.54371860097818514, "saddle"),
        Landmark(1.6380679841897786, 0.22867406904439407, 2.2293571975307147, "saddle"),
        Landmark(-1.6380679841897786, -0.22867406904439407, 2.2293571975307147, "saddle"),
        Landmark(1.2960702671671092, 0.60508438803865850, 2.2294708180298599, "saddle"),
        Landmark(-1.2960702671671092, -0.60508438803865850, 2.2294708180298599, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        q, r = x * x, y * y
        return q * (4 + q * (q / 3 - 2.1)) + x * y + 4 * r * (r - 1)

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        q, r = x * x, y * y
        return x * (8 + q * (2 * q - 8.4)) + y, x + 8 * y * (2 * r - 1)

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        q, r = x * x, y * y
        return 8 + q * (10 * q - 25.2), 1.0, 48 * r - 8


@dataclass(frozen=True, kw_only=True)
class TwoWells(ClassicFunction):
    """A bowl with two round wells, the left one deeper: momentum may carry a run past the nearer one."""

    name: Literal["two_wells"] = "two_wells"
    formula: ClassVar[str] = r"f(x, y) = x^2 + y^2 - 2e^{-((x - 1)^2 + y^2)/0.2} - 3e^{-((x + 1)^2 + y^2)/0.2}"
    reference: ClassVar[str] = "made for this collection: a bowl minus two Gaussians"
    window: ClassVar[Window] = (-2, 2, -2, 2)
    start: ClassVar[tuple[float, float]] = (1.8, 1.2)
    learning_rate: ClassVar[float] = 0.02
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(-0.93630063401091863, 0, -2.0630902517681942, "global"),
        Landmark(0.90531789916011499, 0, -1.0927319992017409, "local"),
        Landmark(0.068602436708096566, 0, -0.031374273270045721, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        right, left = self._wells(x, y, maths)
        return x * x + y * y - right - left

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        right, left = self._wells(x, y, maths)
        return 2 * x + 10 * ((x - 1) * right + (x + 1) * left), 2 * y + 10 * y * (right + left)

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        right, left = self._wells(x, y, maths)
        return (
            2 + 10 * (right * (1 - 10 * (x - 1) ** 2) + left * (1 - 10 * (x + 1) ** 2)),
            -100 * y * ((x - 1) * right + (x + 1) * left),
            2 + 10 * (right + left) * (1 - 10 * y * y),
        )

    def _wells(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        """How deep either well goes here."""
        return (
            2 * maths.exp(-5 * ((x - 1) ** 2 + y * y)),
            3 * maths.exp(-5 * ((x + 1) ** 2 + y * y)),
        )
