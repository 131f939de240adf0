"""A network along a plane: every layer's matrix as a function of the two coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.network import Network
from app.engine.planes import Plane

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Layer:
    """W̄(a, b) = C + a·A + b·B, each (units, inputs + 1), and the activation f that follows."""

    C: Array
    A: Array
    B: Array
    activation: str

    @property
    def units(self) -> int:
        return len(self.C)

    def at(self, a: Array | float, b: Array | float, inputs: Mask | None = None) -> Array:
        """W̄ at places that broadcast to (…), (…, units, inputs + 1); only the columns of some `inputs`, if given.

        Without the (…) where it is the same in all places.
        """
        C, A, B = (M if inputs is None else M[:, inputs] for M in (self.C, self.A, self.B))
        moves = [np.multiply.outer(at, M) for at, M in ((a, A), (b, B)) if np.any(at) and M.any()]
        return np.asarray(sum(moves, C))


@dataclass(frozen=True, eq=False)
class Slice:
    """A network on a plane, its coordinates counted from `middle`; `swapped` says that a is the plane's y.

    a is what moves the earlier layer: `first` is the first layer that depends on a, `second` the first that depends
    on b (the same one where nothing does).
    """

    layers: Sequence[Layer]
    middle: tuple[float, float]
    first: int
    second: int
    swapped: bool

    @classmethod
    def of(cls, network: Network, plane: Plane, middle: tuple[float, float]) -> "Slice":
        """The plane around its point `middle` (x, y): what is far from 0 there is small here, and so are its errors."""
        origin = plane.origin + middle[0] * plane.d1 + middle[1] * plane.d2
        C, A, B = (network.matrices(vector) for vector in (origin, plane.d1, plane.d2))
        swapped = _first_moved(B) < _first_moved(A)
        if swapped:
            A, B = B, A
        output = "identity" if LOSSES[network.loss].classes else network.output_activation  # these start from Z
        names = [network.activation] * (len(C) - 1) + [output]
        layers = [Layer(*parts) for parts in zip(C, A, B, names, strict=True)]
        first = min(_first_moved(A), len(layers) - 1)
        second = _first_moved(B)
        return cls(layers, middle, first, first if second == len(layers) else second, swapped)

    @property
    def above(self) -> Sequence[Layer]:
        """The layers after the second."""
        return self.layers[self.second + 1 :]

    def before(self, X_bar: Array) -> Array:
        """X̄ of the first layer that moves, (inputs + 1, m), the same on the whole plane."""
        for layer in self.layers[: self.first]:
            X_bar = activated(layer.activation, layer.C @ X_bar)
        return X_bar

    def along(self, X_bar: Array, a: Array) -> Array:
        """X̄ of the second layer from that of the first, (N, inputs + 1, m) for the N values of a."""
        for layer in self.layers[self.first : self.second]:
            X_bar = activated(layer.activation, layer.at(a, 0.0) @ X_bar)
        return X_bar


def _first_moved(matrices: Sequence[Array]) -> int:
    """The first that is not all noughts, or how many there are."""
    return next((index for index, matrix in enumerate(matrices) if matrix.any()), len(matrices))


def activated(name: str, Z: Array) -> Array:
    """[f(Z); 1] (…, units + 1, m), the inputs of the next layer."""
    X_bar = np.ones((*Z.shape[:-2], Z.shape[-2] + 1, Z.shape[-1]))
    ACTIVATIONS[name].apply(Z, X_bar[..., :-1, :])
    return X_bar
