"""Names, shapes and places of the parameters in the flat vector θ.

The engine lays a layer out as W̄ = [W | b] row by row; clients see W and b apart, each row by row. A `Layout` knows
both orders and how one scalar is called: `W1[0,2]`, `b1[2]`, `w[3]`, or the bare name where there is only one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class ParameterError(ValueError):
    """Values or an address that do not fit the parameters; `key` and `values` make the text for people."""

    def __init__(self, key: str, where: str, **values: object) -> None:
        super().__init__(f"{where}: {key} {values}")
        self.key, self.where, self.values = key, where, values


@dataclass(frozen=True)
class Parameter:
    """A named array: `shape` as clients see it, `places` its elements' indices in θ, row by row."""

    name: str
    shape: tuple[int, ...]
    places: tuple[int, ...]

    def address(self, index: int) -> str:
        """How element `index` (row by row) is called, e.g. `W1[0,2]`."""
        if len(self.places) == 1 and not self.shape:
            return self.name
        rows_or_columns_only = 1 in self.shape and not self.name.startswith("W")
        numbers = [index] if rows_or_columns_only else list(np.unravel_index(index, self.shape))
        return f"{self.name}[{','.join(str(int(number)) for number in numbers)}]"


@dataclass(frozen=True)
class Layout:
    """All parameters of an objective, in the order clients see them."""

    parameters: tuple[Parameter, ...]

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """θ[order] is the flat vector in the clients' order."""
        return np.concatenate([np.asarray(parameter.places, dtype=np.intp) for parameter in self.parameters])

    @property
    def size(self) -> int:
        """P, the number of scalars."""
        return sum(len(parameter.places) for parameter in self.parameters)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The name of every scalar, in the clients' order."""
        return tuple(p.address(i) for p in self.parameters for i in range(len(p.places)))

    @cached_property
    def _index_of(self) -> dict[str, int]:
        index = {address: int(place) for address, place in zip(self.addresses, self.order, strict=True)}
        for parameter in self.parameters:
            if len(parameter.places) == 1:
                index[parameter.name] = parameter.places[0]
            if len(parameter.shape) == 2 and 1 in parameter.shape:
                index |= {
                    f"{parameter.name}[{i},{j}]": parameter.places[i * parameter.shape[1] + j]
                    for i in range(parameter.shape[0])
                    for j in range(parameter.shape[1])
                }
        return index

    def index(self, address: str) -> int:
        """The place of a scalar in θ; ParameterError where there is no such address."""
        try:
            return self._index_of[address.replace(" ", "")]
        except KeyError:
            known = self.addresses if self.size <= 8 else (*self.addresses[:3], "…", self.addresses[-1])
            raise ParameterError("parameter.unknown", address, known=", ".join(known)) from None

    def pack(self, values: Mapping[str, Any]) -> Array:
        """θ (P,) from values by name, every parameter named; ParameterError where one is missing or does not fit."""
        theta = np.full(self.size, np.nan)
        for name, value in values.items():
            self.put(theta, name, value)
        for parameter in self.parameters:
            if np.isnan(theta[list(parameter.places)]).any():
                raise ParameterError("parameter.missing", parameter.name, names=", ".join(self.names))
        return theta

    def put(self, theta: Array, name: str, value: Any) -> None:
        """Set a whole parameter by name, or one scalar by address, in θ."""
        parameter = next((p for p in self.parameters if p.name == name), None)
        if parameter is None:
            theta[[self.index(name)]] = _numbers(name, value, ())
        else:
            theta[list(parameter.places)] = _numbers(name, value, parameter.shape)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    def unpack(self, theta: Array) -> dict[str, Any]:
        """Values by name as numbers or nested lists of each parameter's shape."""
        return {p.name: theta[list(p.places)].reshape(p.shape).tolist() for p in self.parameters}


def _numbers(name: str, value: Any, shape: tuple[int, ...]) -> Array:
    """`value` as a flat array if it has `shape`; a row or column may be a plain list, a single one a plain number."""
    try:
        given = np.asarray(value)
    except ValueError:  # rows of different lengths
        raise ParameterError("parameter.shape", name, shape=_words(shape)) from None
    if given.dtype.kind not in "fiu":
        raise ParameterError("parameter.shape", name, shape=_words(shape))
    array = given.astype(np.float64)
    size = int(np.prod(shape, dtype=int))
    flat_will_do = array.size == size and (array.ndim <= 1 and (1 in shape or size == 1))
    if array.shape != shape and not flat_will_do:
        raise ParameterError("parameter.shape", name, shape=_words(shape))
    if not np.isfinite(array).all():
        raise ParameterError("parameter.finite", name)
    return array.reshape(-1)


def _words(shape: Sequence[int]) -> str:
    return " × ".join(str(length) for length in shape) if shape else "1"


def flat_layout(names: Sequence[str]) -> Layout:
    """Scalars only, one after another in θ."""
    return Layout(tuple(Parameter(name, (), (place,)) for place, name in enumerate(names)))


def layered_layout(widths: Sequence[int], names: Sequence[tuple[str, str]], numbers: Collection[str] = ()) -> Layout:
    """The layout of a network: `widths` (n, n₁, …, n_L), `names` of (W, b) for each layer.

    Those among `numbers` are plain numbers to clients, not 1 × 1 matrices (w and b of the line fit, say).
    """
    parameters, start = [], 0
    for (weight, bias), inputs, units in zip(names, widths[:-1], widths[1:], strict=True):
        rows = np.arange(start, start + units * (inputs + 1)).reshape(units, inputs + 1)
        for name, places in ((weight, rows[:, :-1]), (bias, rows[:, -1:])):
            shape = () if name in numbers else places.shape
            parameters.append(Parameter(name, shape, tuple(places.ravel().tolist())))
        start += rows.size
    return Layout(tuple(parameters))
