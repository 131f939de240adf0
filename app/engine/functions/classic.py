"""What all classic functions share: one formula, read by NumPy for arrays and by `math` for a single point."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar, Protocol, TypeVar

import numpy as np

from app.engine.functions.plane_function import Array, Landmark, Window

Real = TypeVar("Real", float, Array)
First = tuple[Real, Real]
Second = tuple[Real | float, Real | float, Real | float]


class Mathematics(Protocol[Real]):
    """What the formulas need beyond arithmetic; the modules `math` and `numpy` both offer it."""

    def sin(self, x: Real, /) -> Real: ...
    def cos(self, x: Real, /) -> Real: ...
    def exp(self, x: Real, /) -> Real: ...
    def expm1(self, x: Real, /) -> Real: ...
    def sqrt(self, x: Real, /) -> Real: ...
    def fabs(self, x: Real, /) -> Real: ...


class ClassicFunction(ABC):
    """A test function of the literature, a `PlaneFunction`. A kind writes f, ∇f and the second derivatives, each once.

    Those formulas get plain floats with the module `math` as `maths`, or float64 arrays that broadcast with `numpy`.
    """

    formula: ClassVar[str]
    reference: ClassVar[str]
    window: ClassVar[Window]
    start: ClassVar[tuple[float, float]]
    """Where a run begins unless told otherwise: away from the minimum, with something to see on the way."""
    learning_rate: ClassVar[float]
    """For plain gradient descent from `start` with the default constants."""

    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def landmarks(self) -> tuple[Landmark, ...]: ...

    @abstractmethod
    def f(self, x: Real, y: Real, maths: Mathematics[Real]) -> Real: ...

    @abstractmethod
    def first(self, x: Real, y: Real, maths: Mathematics[Real]) -> First[Real]:
        """∂f/∂x, ∂f/∂y."""

    @abstractmethod
    def second(self, x: Real, y: Real, maths: Mathematics[Real]) -> Second[Real]:
        """∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²; a constant may stay a float."""

    @property
    def minima(self) -> tuple[Landmark, ...]:
        return tuple(landmark for landmark in self.landmarks if landmark.kind != "saddle")

    def value(self, x: Array, y: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(self.f(x, y, np))

    def gradient(self, x: Array, y: Array) -> tuple[Array, Array]:
        shape = np.broadcast_shapes(np.shape(x), np.shape(y))
        with np.errstate(all="ignore"):
            fx, fy = self.first(x, y, np)
        return _spread(fx, shape), _spread(fy, shape)

    def hessian(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        shape = np.broadcast_shapes(np.shape(x), np.shape(y))
        with np.errstate(all="ignore"):
            fxx, fxy, fyy = self.second(x, y, np)
        return _spread(fxx, shape), _spread(fxy, shape), _spread(fyy, shape)

    def value_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        x, y = float(x), float(y)  # NumPy's own scalars would warn where plain floats raise
        try:
            return self.f(x, y, math), *self.first(x, y, math)
        except (ArithmeticError, ValueError):  # where `math` gives up, NumPy says inf or NaN
            there, height = np.array(x), np.array(y)
            fx, fy = self.gradient(there, height)
            return float(self.value(there, height)), float(fx), float(fy)


def _spread(component: Array | float, shape: tuple[int, ...]) -> Array:
    """A component that does not depend on both x and y, in the shape of those that do."""
    out = np.empty(shape)
    out[...] = component
    return out
