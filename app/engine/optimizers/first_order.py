"""Plain gradient descent and its two classical accelerations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy import add, multiply, subtract
from numpy.typing import NDArray

from app.engine.fields import LearningRate
from app.engine.optimizers.driver import Decay, FirstOrder, Rate

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class GradientDescent(FirstOrder):
    """θ ← θ − ηg.   Cauchy 1847."""

    kind: Literal["gradient_descent"] = "gradient_descent"
    learning_rate: LearningRate = 0.1
    formula: ClassVar[str] = r"\theta \leftarrow \theta - \eta g"
    reference: ClassVar[str] = "Cauchy 1847, Méthode générale pour la résolution des systèmes d'équations simultanées"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        multiply(g, rate, g)
        subtract(theta, g, theta)  # θ ← θ − ηg


@dataclass(frozen=True, kw_only=True)
class Momentum(FirstOrder):
    """v ← μv + g, θ ← θ − ηv.   Polyak 1964; written with η outside v, so that changing η acts at once."""

    kind: Literal["momentum"] = "momentum"
    learning_rate: LearningRate = 0.01
    momentum: Decay = 0.9
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = r"v \leftarrow \mu v + g,\quad \theta \leftarrow \theta - \eta v"
    reference: ClassVar[str] = "Polyak 1964, Some methods of speeding up the convergence of iteration methods"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        (v,) = memory
        multiply(v, self.momentum, v)
        add(v, g, v)  # v ← μv + g
        multiply(v, rate, g)
        subtract(theta, g, theta)  # θ ← θ − ηv


@dataclass(frozen=True, kw_only=True)
class Nesterov(FirstOrder):
    """v ← μv + g, θ ← θ − η(g + μv).   Nesterov 1983.

    The paper takes the gradient where momentum alone would lead to; here θ is that point (Bengio et al. 2013, torch).
    """

    kind: Literal["nesterov"] = "nesterov"
    learning_rate: LearningRate = 0.01
    momentum: Decay = 0.9
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = r"v \leftarrow \mu v + g,\quad \theta \leftarrow \theta - \eta (g + \mu v)"
    reference: ClassVar[str] = (
        "Nesterov 1983, A method of solving a convex programming problem with convergence rate O(1/k²)"
    )

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        (v,) = memory
        multiply(v, self.momentum, v)
        add(v, g, v)  # v ← μv + g
        add(g, self.momentum * v, g)
        multiply(g, rate, g)
        subtract(theta, g, theta)  # θ ← θ − η(g + μv)
