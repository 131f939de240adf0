"""Learning-rate schedules: η of the next step from the constant η and k, the number of the run's steps done."""

from dataclasses import dataclass
from math import cos, pi
from typing import Annotated, ClassVar, Literal, Protocol

from annotated_types import Ge, Gt, Le

from app.engine.fields import LOG

Factor = Annotated[float, Gt(0), Le(1)]
Steps = Annotated[int, Ge(1), Le(1_000_000), LOG]


class Schedule(Protocol):
    """A registered kind; `is_constant` lets the hot loop ask only once. No rate is above 100, nor below 0."""

    @property
    def kind(self) -> str: ...

    is_constant: ClassVar[bool]
    formula: ClassVar[str]
    reference: ClassVar[str]

    def rate(self, learning_rate: float, step: int) -> float:
        """η_k of the step that follows after `step` = k steps."""
        ...


@dataclass(frozen=True, kw_only=True)
class Constant:
    """η as it is."""

    kind: Literal["constant"] = "constant"
    is_constant: ClassVar[bool] = True
    formula: ClassVar[str] = r"\eta_k = \eta"
    reference: ClassVar[str] = "Cauchy 1847, Méthode générale pour la résolution des systèmes d'équations simultanées"

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate


@dataclass(frozen=True, kw_only=True)
class StepDecay:
    """η γ^⌊k/s⌋: `factor` γ acts `every` s steps."""

    kind: Literal["step"] = "step"
    factor: Factor = 0.5
    every: Steps = 100
    is_constant: ClassVar[bool] = False
    formula: ClassVar[str] = r"\eta_k = \eta\, \gamma^{\lfloor k/s \rfloor}"
    reference: ClassVar[str] = "He, Zhang, Ren and Sun 2016, Deep residual learning for image recognition"

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate * self.factor ** (step // self.every)


@dataclass(frozen=True, kw_only=True)
class Exponential:
    """η γᵏ."""

    kind: Literal["exponential"] = "exponential"
    factor: Factor = 0.99
    is_constant: ClassVar[bool] = False
    formula: ClassVar[str] = r"\eta_k = \eta\, \gamma^k"
    reference: ClassVar[str] = (
        "Senior, Heigold, Ranzato and Yang 2013, An empirical study of learning rates in deep neural networks"
    )

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate * self.factor**step


@dataclass(frozen=True, kw_only=True)
class InverseTime:
    """η/(1 + dk): the steps still add up to any length, yet get small enough for noise to average out."""

    kind: Literal["inverse_time"] = "inverse_time"
    decay: Annotated[float, Gt(0), Le(100), LOG] = 0.01
    is_constant: ClassVar[bool] = False
    formula: ClassVar[str] = r"\eta_k = \frac{\eta}{1 + d k}"
    reference: ClassVar[str] = "Robbins and Monro 1951, A stochastic approximation method"

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate / (1.0 + self.decay * step)


@dataclass(frozen=True, kw_only=True)
class Cosine:
    """η_min + ½(η − η_min)(1 + cos(πk/T)) down to η_min = `final` at T = `steps`, held from then on."""

    kind: Literal["cosine"] = "cosine"
    steps: Steps = 200
    final: Annotated[float, Ge(0), Le(100)] = 0.0
    is_constant: ClassVar[bool] = False
    formula: ClassVar[str] = (
        r"\eta_k = \eta_{\min} + \tfrac{1}{2} (\eta - \eta_{\min}) \left(1 + \cos \frac{\pi \min(k, T)}{T}\right)"
    )
    reference: ClassVar[str] = "Loshchilov and Hutter 2017, SGDR: stochastic gradient descent with warm restarts"

    def rate(self, learning_rate: float, step: int) -> float:
        if step >= self.steps:
            return self.final  # exactly, where cos π would leave a rounding error
        return self.final + 0.5 * (learning_rate - self.final) * (1.0 + cos(pi * step / self.steps))


@dataclass(frozen=True, kw_only=True)
class LinearWarmup:
    """η(k+1)/s up to η in step s = `steps`, held from then on: the first step already moves."""

    kind: Literal["linear_warmup"] = "linear_warmup"
    steps: Steps = 20
    is_constant: ClassVar[bool] = False
    formula: ClassVar[str] = r"\eta_k = \eta\, \min\left(1, \frac{k + 1}{s}\right)"
    reference: ClassVar[str] = "Goyal et al. 2017, Accurate, large minibatch SGD: training ImageNet in 1 hour"

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate * min(1.0, (step + 1) / self.steps)


SCHEDULES: tuple[type[Schedule], ...] = (Constant, StepDecay, Exponential, InverseTime, Cosine, LinearWarmup)
