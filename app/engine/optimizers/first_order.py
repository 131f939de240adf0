"""Plain gradient descent and its two classical accelerations."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Lt
from numpy.typing import NDArray

from app.engine.fields import LearningRate
from app.engine.optimizers.optimizer import FirstOrder

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class GradientDescent(FirstOrder):
    """θ ← θ − ηg.   Cauchy 1847."""

    kind: Literal["gradient_descent"] = "gradient_descent"
    learning_rate: LearningRate = 0.1
    formula: ClassVar[str] = r"\theta \leftarrow \theta - \eta g"
    reference: ClassVar[str] = "Cauchy 1847, Méthode générale pour la résolution des systèmes d'équations simultanées"

    def update(self, theta: Array, g: Array, memory: Array, t: int, rate: float) -> None:
        np.multiply(g, rate, g)
        np.subtract(theta, g, theta)  # θ ← θ − ηg


@dataclass(frozen=True, kw_only=True)
class Momentum(FirstOrder):
    """v ← μv + g, θ ← θ − ηv.   Polyak 1964; written with η outside v, so that changing η acts at once."""

    kind: Literal["momentum"] = "momentum"
    learning_rate: LearningRate = 0.01
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.9  # open on the right: 1 would never forget
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = r"v \leftarrow \mu v + g,\quad \theta \leftarrow \theta - \eta v"
    reference: ClassVar[str] = "Polyak 1964, Some methods of speeding up the convergence of iteration methods"

    def update(self, theta: Array, g: Array, memory: Array, t: int, rate: float) -> None:
        (v,) = memory
        np.multiply(v, self.momentum, v)
        np.add(v, g, v)  # v ← μv + g
        np.multiply(v, rate, g)
        np.subtract(theta, g, theta)  # θ ← θ − ηv
