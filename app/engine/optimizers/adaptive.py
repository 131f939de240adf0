"""Methods that give every parameter a step length of its own, by the size of the gradients it has seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy import add, divide, multiply, sqrt, subtract
from numpy.typing import NDArray

from app.engine.fields import LearningRate
from app.engine.optimizers.driver import Decay, Epsilon, FirstOrder, Rate

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Adagrad(FirstOrder):
    """s ← s + g², θ ← θ − ηg/(√s + ε).   Duchi, Hazan and Singer 2011, the diagonal form; ε is the paper's δ."""

    kind: Literal["adagrad"] = "adagrad"
    learning_rate: LearningRate = 0.5
    epsilon: Epsilon = 1e-10
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = (
        r"s \leftarrow s + g^2,\quad \theta \leftarrow \theta - \eta \frac{g}{\sqrt{s} + \varepsilon}"
    )
    reference: ClassVar[str] = "Duchi, Hazan and Singer 2011, Adaptive subgradient methods"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        (s,) = memory
        add(s, g * g, s)  # s ← s + g²
        divide(g, sqrt(s) + self.epsilon, g)
        multiply(g, rate, g)
        subtract(theta, g, theta)  # θ ← θ − ηg/(√s + ε)


@dataclass(frozen=True, kw_only=True)
class RMSprop(FirstOrder):
    """s ← ρs + (1−ρ)g², θ ← θ − ηg/(√s + ε).   Tieleman and Hinton 2012; ρ is alpha in torch.

    The first step is as long as 1/√(1−ρ) later ones: s starts at 0 and nothing corrects for it.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 0.05
    rho: Decay = 0.99
    epsilon: Epsilon = 1e-8
    slots: ClassVar[int] = 1
    formula: ClassVar[str] = (
        r"s \leftarrow \rho s + (1 - \rho) g^2,\quad "
        r"\theta \leftarrow \theta - \eta \frac{g}{\sqrt{s} + \varepsilon}"
    )
    reference: ClassVar[str] = "Tieleman and Hinton 2012, Neural networks for machine learning, lecture 6.5"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        (s,) = memory
        multiply(s, self.rho, s)
        add(s, (1.0 - self.rho) * g * g, s)  # s ← ρs + (1−ρ)g²
        divide(g, sqrt(s) + self.epsilon, g)
        multiply(g, rate, g)
        subtract(theta, g, theta)  # θ ← θ − ηg/(√s + ε)


@dataclass(frozen=True, kw_only=True)
class Adadelta(FirstOrder):
    """s ← ρs + (1−ρ)g², Δ = g√(u+ε)/√(s+ε), u ← ρu + (1−ρ)Δ², θ ← θ − ηΔ.   Zeiler 2012.

    Δ has the unit of θ without any η; the paper has none, torch and we keep one, 1 by default.
    """

    kind: Literal["adadelta"] = "adadelta"
    learning_rate: LearningRate = 1.0
    rho: Decay = 0.9
    epsilon: Epsilon = 1e-6
    slots: ClassVar[int] = 2
    formula: ClassVar[str] = (
        r"s \leftarrow \rho s + (1 - \rho) g^2,\quad "
        r"\Delta = \frac{\sqrt{u + \varepsilon}}{\sqrt{s + \varepsilon}}\, g,\quad "
        r"u \leftarrow \rho u + (1 - \rho) \Delta^2,\quad \theta \leftarrow \theta - \eta \Delta"
    )
    reference: ClassVar[str] = "Zeiler 2012, ADADELTA: an adaptive learning rate method"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        s, u = memory
        multiply(s, self.rho, s)
        add(s, (1.0 - self.rho) * g * g, s)  # s ← ρs + (1−ρ)g²
        multiply(g, sqrt((u + self.epsilon) / (s + self.epsilon)), g)  # Δ = g√(u+ε)/√(s+ε), with the old u
        multiply(u, self.rho, u)
        add(u, (1.0 - self.rho) * g * g, u)  # u ← ρu + (1−ρ)Δ²
        multiply(g, rate, g)
        subtract(theta, g, theta)  # θ ← θ − ηΔ
