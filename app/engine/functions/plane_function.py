"""What a function of the two parameters x and y offers, wherever its formula comes from."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Window = tuple[float, float, float, float]


@dataclass(frozen=True)
class Landmark:
    """A point worth a mark on the map; `global` and `local` are minima, `global` within the function's window."""

    x: float
    y: float
    value: float
    kind: Literal["global", "local", "saddle"]


class PlaneFunction(Protocol):
    """f(x, y) with exact derivatives. Arrays of x and y are broadcast against each other, and so are all answers.

    Where f is not defined or too large for a float64 the answers are NaN or infinite, without a warning.
    """

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        """What is known of minima and saddles, not always all of them."""
        ...

    @property
    def minima(self) -> tuple[Landmark, ...]:
        """The landmarks without the saddles."""
        ...

    @property
    def window(self) -> Window:
        """The usual part of the plane to look at: x_min, x_max, y_min, y_max."""
        ...

    def value(self, x: Array, y: Array) -> Array: ...

    def gradient(self, x: Array, y: Array) -> tuple[Array, Array]: ...

    def hessian(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        """∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²."""
        ...

    def value_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        """f, ∂f/∂x, ∂f/∂y at one point: the hot loop's way, about a microsecond, equal to the others up to rounding."""
        ...
