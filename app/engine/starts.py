"""Where a run begins: values given one by one, or drawn from the seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol

import numpy as np
from annotated_types import Ge, Gt, Le
from numpy.typing import NDArray

from app.engine.fields import LOG
from app.engine.layout import Layout, Parameter
from app.engine.randomness import Purpose, generator

Array = NDArray[np.float64]
ParameterValue = float | tuple[float, ...] | tuple[tuple[float, ...], ...]
Scale = Annotated[float, Gt(0), Le(1000), LOG]


class Start(Protocol):
    """A registered kind. `layered` says that it needs weights and biases to tell apart."""

    @property
    def kind(self) -> str: ...

    layered: ClassVar[bool]
    formula: ClassVar[str]
    reference: ClassVar[str]

    def theta(self, layout: Layout, seed: int) -> Array:
        """θ₀ (P,); ParameterError where values do not fit."""
        ...


@dataclass(frozen=True, kw_only=True)
class Values:
    """Every parameter by name."""

    kind: Literal["values"] = "values"
    values: Mapping[str, ParameterValue] = field(default_factory=dict)
    layered: ClassVar[bool] = False
    formula: ClassVar[str] = r"\theta_0 \text{ as given}"
    reference: ClassVar[str] = "your own choice"

    def theta(self, layout: Layout, seed: int) -> Array:
        return layout.pack(self.values)


@dataclass(frozen=True, kw_only=True)
class Zeros:
    """All 0: a network with hidden layers starts at a point its units cannot leave apart from one another."""

    kind: Literal["zeros"] = "zeros"
    layered: ClassVar[bool] = False
    formula: ClassVar[str] = r"\theta_0 = 0"
    reference: ClassVar[str] = "the usual start of a linear model"

    def theta(self, layout: Layout, seed: int) -> Array:
        return np.zeros(layout.size)


@dataclass(frozen=True, kw_only=True)
class Constant:
    """All the same value."""

    kind: Literal["constant"] = "constant"
    value: Annotated[float, Ge(-1000), Le(1000)] = 0.5
    layered: ClassVar[bool] = False
    formula: ClassVar[str] = r"\theta_0 = c"
    reference: ClassVar[str] = "to see what symmetry does"

    def theta(self, layout: Layout, seed: int) -> Array:
        return np.full(layout.size, float(self.value))


@dataclass(frozen=True, kw_only=True)
class Normal:
    """Every scalar from N(0, scale²), in the clients' order."""

    kind: Literal["normal"] = "normal"
    scale: Scale = 1.0
    layered: ClassVar[bool] = False
    formula: ClassVar[str] = r"\theta_0 \sim \mathcal{N}(0, s^2)"
    reference: ClassVar[str] = "LeCun, Bottou, Orr and Müller 1998, Efficient BackProp"

    def theta(self, layout: Layout, seed: int) -> Array:
        return _placed(layout, generator(seed, Purpose.START).standard_normal(layout.size) * self.scale)


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """Every scalar from U(−scale, scale), in the clients' order."""

    kind: Literal["uniform"] = "uniform"
    scale: Scale = 1.0
    layered: ClassVar[bool] = False
    formula: ClassVar[str] = r"\theta_0 \sim U(-s, s)"
    reference: ClassVar[str] = "LeCun, Bottou, Orr and Müller 1998, Efficient BackProp"

    def theta(self, layout: Layout, seed: int) -> Array:
        return _placed(layout, generator(seed, Purpose.START).uniform(-self.scale, self.scale, layout.size))


@dataclass(frozen=True, kw_only=True)
class Xavier:
    """Weights of a layer from U(−a, a), a = √(6/(fan in + fan out)), biases 0."""

    kind: Literal["xavier"] = "xavier"
    layered: ClassVar[bool] = True
    formula: ClassVar[str] = (
        r"W \sim U\left(-\sqrt{\tfrac{6}{n_{in} + n_{out}}}, \sqrt{\tfrac{6}{n_{in} + n_{out}}}\right)"
    )
    reference: ClassVar[str] = (
        "Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward networks"
    )

    def theta(self, layout: Layout, seed: int) -> Array:
        random = generator(seed, Purpose.START)
        return _weights_only(
            layout, lambda n_in, n_out: random.uniform(-1, 1, n_in * n_out) * np.sqrt(6 / (n_in + n_out))
        )


@dataclass(frozen=True, kw_only=True)
class He:
    """Weights of a layer from N(0, 2/fan in), biases 0."""

    kind: Literal["he"] = "he"
    layered: ClassVar[bool] = True
    formula: ClassVar[str] = r"W \sim \mathcal{N}\left(0, \tfrac{2}{n_{in}}\right)"
    reference: ClassVar[str] = "He, Zhang, Ren and Sun 2015, Delving deep into rectifiers"

    def theta(self, layout: Layout, seed: int) -> Array:
        random = generator(seed, Purpose.START)
        return _weights_only(layout, lambda n_in, n_out: random.standard_normal(n_in * n_out) * np.sqrt(2 / n_in))


def _placed(layout: Layout, values: Array) -> Array:
    """θ from values in the clients' order."""
    theta = np.empty(layout.size)
    theta[layout.order] = values
    return theta


def _weights_only(layout: Layout, draw: Any) -> Array:
    theta = np.zeros(layout.size)
    for parameter in layout.parameters:
        if is_weight(parameter):
            units, inputs = parameter.shape if parameter.shape else (1, 1)
            theta[list(parameter.places)] = draw(inputs, units)
    return theta


def is_weight(parameter: Parameter) -> bool:
    """Weights are called w or W with a number, biases b."""
    return parameter.name[0] in "wW"


STARTS: tuple[type[Start], ...] = (Values, Zeros, Constant, Normal, Uniform, Xavier, He)
