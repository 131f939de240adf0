"""Adam and its nearest: an average of the gradient, divided by the root of an average of its square."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import sqrt as root
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le
from numpy import add, divide, maximum, multiply, sqrt, square, subtract
from numpy.typing import NDArray

from app.engine.fields import LearningRate
from app.engine.optimizers.driver import Decay, Epsilon, FirstOrder, Rate, number

Array = NDArray[np.float64]

FIRST_MOMENT = r"m \leftarrow \beta_1 m + (1 - \beta_1) g,\quad "
MOMENTS = FIRST_MOMENT + r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2,\quad "


@dataclass(frozen=True, kw_only=True)
class Averaging(FirstOrder):
    """The constants that all of them have, and the two averages; m stands in the memory's first row, v in its second.

    Without correction the averages would start too small, since they start at 0: m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
    """

    kind: str
    learning_rate: LearningRate = 0.1
    beta1: Decay = 0.9
    beta2: Decay = 0.999
    epsilon: Epsilon = 1e-8
    slots: ClassVar[int] = 2
    numbers: ClassVar[int] = 2

    @cached_property
    def _weights(self) -> tuple[Array, Array, Array]:
        """β₁, β₂, 1−β₂ as 0-d arrays, which a ufunc takes a fifth of a microsecond faster than numbers of Python's."""
        return np.array(self.beta1), np.array(self.beta2), np.array(1.0 - self.beta2)

    def _average(self, m: Array, v: Array, g: Array) -> None:
        """The two averages; g is used up."""
        beta1, beta2, rest = self._weights
        subtract(m, g, m)
        multiply(m, beta1, m)
        add(m, g, m)  # m ← β₁m + (1−β₁)g, as g + β₁(m−g): no array is needed for (1−β₁)g
        square(g, g)
        multiply(g, rest, g)
        multiply(v, beta2, v)
        add(v, g, v)  # v ← β₂v + (1−β₂)g²

    def _divide(self, m: Array, v: Array, epsilon: Array, step: Array, t: int, rate: Rate, out: Array) -> None:
        """η m̂/(√v̂ + ε), both widened by c = √(1−β₂ᵗ) so that v need not be divided; two numbers have room."""
        c = root(1.0 - self.beta2**t)
        epsilon[()] = self.epsilon * c
        step[()] = number(rate) * c / (1.0 - self.beta1**t)
        sqrt(v, out)
        add(out, epsilon, out)
        divide(m, out, out)
        multiply(out, step, out)


@dataclass(frozen=True, kw_only=True)
class Adam(Averaging):
    """m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), θ ← θ − η m̂/(√v̂ + ε).   Kingma and Ba 2015."""

    kind: Literal["adam"] = "adam"
    formula: ClassVar[str] = MOMENTS + (
        r"\theta \leftarrow \theta - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}"
    )
    reference: ClassVar[str] = "Kingma and Ba 2015, Adam: a method for stochastic optimization"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        m, v, epsilon, step = memory
        self._average(m, v, g)
        self._divide(m, v, epsilon, step, t, rate, g)
        subtract(theta, g, theta)  # θ ← θ − η m̂/(√v̂ + ε)


@dataclass(frozen=True, kw_only=True)
class AMSGrad(Averaging):
    """x ← max(x, v), θ ← θ − η m̂/(√x/√(1−β₂ᵗ) + ε).   Reddi, Kale and Kumar 2018.

    The paper corrects neither average; we correct both as torch does, after the maximum of the uncorrected v.
    """

    kind: Literal["amsgrad"] = "amsgrad"
    slots: ClassVar[int] = 3
    formula: ClassVar[str] = MOMENTS + (
        r"x \leftarrow \max(x, v),\quad "
        r"\theta \leftarrow \theta - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{x / (1 - \beta_2^t)} + \varepsilon}"
    )
    reference: ClassVar[str] = "Reddi, Kale and Kumar 2018, On the convergence of Adam and beyond"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        m, v, x, epsilon, step = memory
        self._average(m, v, g)
        maximum(x, v, out=x)  # x ← max(x, v)
        self._divide(m, x, epsilon, step, t, rate, g)
        subtract(theta, g, theta)  # θ ← θ − η m̂/(√x̂ + ε)


@dataclass(frozen=True, kw_only=True)
class AdamW(Averaging):
    """θ ← θ(1−ηλ), then Adam.   Loshchilov and Hutter 2019.

    The decay acts on θ itself and on all of it, biases too. An L2 term in the loss, which Adam divides by √v̂ like the
    rest of g, is another method. The paper's schedule multiplier is our schedule, so η scales the decay (as in torch).
    """

    kind: Literal["adamw"] = "adamw"
    weight_decay: Annotated[float, Ge(0), Le(1)] = 0.01
    formula: ClassVar[str] = MOMENTS + (
        r"\theta \leftarrow (1 - \eta \lambda)\,\theta"
        r" - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}"
    )
    reference: ClassVar[str] = "Loshchilov and Hutter 2019, Decoupled weight decay regularization"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        m, v, epsilon, step = memory
        multiply(theta, 1.0 - number(rate) * self.weight_decay, theta)  # θ ← θ(1−ηλ), g was taken before
        self._average(m, v, g)
        self._divide(m, v, epsilon, step, t, rate, g)
        subtract(theta, g, theta)  # θ ← θ − η m̂/(√v̂ + ε)
