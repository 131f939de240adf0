"""A few minima each: which one a descent finds depends on where it starts, and on how it steps."""

from dataclasses import dataclass
from math import pi, sqrt
from typing import ClassVar, Literal

from app.engine.functions.classic import ClassicFunction, First, Mathematics, Real, Second
from app.engine.functions.plane_function import Landmark, Window


@dataclass(frozen=True, kw_only=True)
class Himmelblau(ClassicFunction):
    """Four minima, all equally deep."""

    name: Literal["himmelblau"] = "himmelblau"
    formula: ClassVar[str] = r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2"
    reference: ClassVar[str] = "Himmelblau 1972, Applied nonlinear programming"
    window: ClassVar[Window] = (-5, 5, -5, 5)
    start: ClassVar[tuple[float, float]] = (-0.5, -1.5)
    learning_rate: ClassVar[float] = 0.01
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(3, 2, 0, "global"),
        Landmark(-2.8051180869527449, 3.1313125182505730, 0, "global"),
        Landmark(-3.7793102533777469, -3.2831859912861694, 0, "global"),
        Landmark(3.5844283403304917, -1.8481265269644036, 0, "global"),
        Landmark(-3.0730257507643896, -0.081353044287967512, 104.01516291755811, "saddle"),
        Landmark(-0.12796134673068007, -1.9537149802445764, 178.33723920192746, "saddle"),
        Landmark(0.086677504555396352, 2.8842547011747761, 67.719150087526140, "saddle"),
        Landmark(3.3851541836070209, 0.073851879837749288, 13.311926270405590, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        u, v = x * x + y - 11, x + y * y - 7
        return u * u + v * v

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        u, v = x * x + y - 11, x + y * y - 7
        return 4 * x * u + 2 * v, 2 * u + 4 * y * v

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26


@dataclass(frozen=True, kw_only=True)
class GoldsteinPrice(ClassicFunction):
    """From 3 at the minimum to a million in the corners: a surface for the logarithmic scale.

    Either factor depends on one sum only, s = x + y and d = 2x − 3y; multiplied out they are the paper's polynomials.
    """

    name: Literal["goldstein_price"] = "goldstein_price"
    formula: ClassVar[str] = (
        r"f(x, y) = \left[1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6xy + 3y^2)\right]"
        r"\left[30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36xy + 27y^2)\right]"
    )
    reference: ClassVar[str] = "Goldstein and Price 1971, On descent from local minima"
    window: ClassVar[Window] = (-2, 2, -2, 2)
    start: ClassVar[tuple[float, float]] = (0.6, -1.6)
    learning_rate: ClassVar[float] = 0.0001
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(0, -1, 3, "global"),
        Landmark(-0.6, -0.4, 30, "local"),
        Landmark(1.8, 0.2, 84, "local"),
        Landmark(1.2, 0.8, 840, "local"),
        Landmark(-0.4, -0.6, 35, "saddle"),
        Landmark(1.2, -0.2, 99, "saddle"),
        Landmark(1.4, 0.6, 980, "saddle"),
        Landmark(0.6, 0.4, 990, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        s, d = x + y, 2 * x - 3 * y
        return (1 + (s + 1) ** 2 * (19 - 14 * s + 3 * s**2)) * (30 + d**2 * (18 - 16 * d + 3 * d**2))

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        (A, dA, _), (B, dB, _) = self._factor_of_sum(x + y), self._factor_of_difference(2 * x - 3 * y)
        return dA * B + 2 * A * dB, dA * B - 3 * A * dB

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        (A, dA, ddA), (B, dB, ddB) = self._factor_of_sum(x + y), self._factor_of_difference(2 * x - 3 * y)
        return (
            ddA * B + 4 * dA * dB + 4 * A * ddB,
            ddA * B - dA * dB - 6 * A * ddB,
            ddA * B - 6 * dA * dB + 9 * A * ddB,
        )

    def _factor_of_sum(self, s: Real) -> tuple[Real, Real, Real]:
        """A = 1 + (s+1)²(19 − 14s + 3s²), A′, A″."""
        p, dp = 19 - 14 * s + 3 * s**2, 6 * s - 14
        return (
            1 + (s + 1) ** 2 * p,
            2 * (s + 1) * p + (s + 1) ** 2 * dp,
            2 * p + 4 * (s + 1) * dp + 6 * (s + 1) ** 2,
        )

    def _factor_of_difference(self, d: Real) -> tuple[Real, Real, Real]:
        """B = 30 + d²(18 − 16d + 3d²), B′, B″."""
        q, dq = 18 - 16 * d + 3 * d**2, 6 * d - 16
        return 30 + d**2 * q, 2 * d * q + d**2 * dq, 2 * q + 4 * d * dq + 6 * d**2


@dataclass(frozen=True, kw_only=True)
class McCormick(ClassicFunction):
    """Wells along the line x − y = 1 that get deeper and deeper: outside the window there is no lowest one."""

    name: Literal["mccormick"] = "mccormick"
    formula: ClassVar[str] = r"f(x, y) = \sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1"
    reference: ClassVar[str] = "Jamil and Yang 2013, A literature survey of benchmark functions"
    window: ClassVar[Window] = (-1.5, 4, -3, 4)
    start: ClassVar[tuple[float, float]] = (1.0, 3.5)
    learning_rate: ClassVar[float] = 0.1
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(0.5 - pi / 3, -0.5 - pi / 3, -sqrt(3) / 2 - pi / 3, "global"),
        Landmark(0.5 + 2 * pi / 3, -0.5 + 2 * pi / 3, -sqrt(3) / 2 + 2 * pi / 3, "local"),
        Landmark(0.5 + pi / 3, -0.5 + pi / 3, sqrt(3) / 2 + pi / 3, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return maths.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        cosine, d = maths.cos(x + y), 2 * (x - y)
        return cosine + d - 1.5, cosine - d + 2.5

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        sine = maths.sin(x + y)
        return 2 - sine, -2 - sine, 2 - sine


@dataclass(frozen=True, kw_only=True)
class StyblinskiTang(ClassicFunction):
    """x and y do not meddle with each other: two wells each, four minima in all, one of them the deepest."""

    name: Literal["styblinski_tang"] = "styblinski_tang"
    formula: ClassVar[str] = r"f(x, y) = \tfrac{1}{2}\left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)"
    reference: ClassVar[str] = "Styblinski and Tang 1990, Experiments in nonconvex optimization"
    window: ClassVar[Window] = (-5, 5, -5, 5)
    start: ClassVar[tuple[float, float]] = (0.5, 4.5)
    learning_rate: ClassVar[float] = 0.01
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark(-2.9035340277711771, -2.9035340277711771, -78.332331407542831, "global"),
        Landmark(2.7468027709908370, -2.9035340277711771, -64.195612359055358, "local"),
        Landmark(-2.9035340277711771, 2.7468027709908370, -64.195612359055358, "local"),
        Landmark(2.7468027709908370, 2.7468027709908370, -50.058893310567885, "local"),
        Landmark(0.15673125678034010, -2.9035340277711771, -38.970553344716057, "saddle"),
        Landmark(-2.9035340277711771, 0.15673125678034010, -38.970553344716057, "saddle"),
        Landmark(0.15673125678034010, 2.7468027709908370, -24.833834296228585, "saddle"),
        Landmark(2.7468027709908370, 0.15673125678034010, -24.833834296228585, "saddle"),
    )

    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real:
        return 0.5 * (x * (x * (x * x - 16) + 5) + y * (y * (y * y - 16) + 5))

    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        return 2 * x * (x * x - 8) + 2.5, 2 * y * (y * y - 8) + 2.5

    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        return 6 * x * x - 16, 0.0, 6 * y * y - 16
