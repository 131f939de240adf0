"""Adam's further relatives: another norm, a look ahead, a cautious beginning."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import pow as power
from math import sqrt as root
from typing import ClassVar, Literal

import numpy as np
from numpy import add, divide, maximum, multiply, sqrt, subtract
from numpy.typing import NDArray

from app.engine.optimizers.adam import FIRST_MOMENT, MOMENTS, Averaging
from app.engine.optimizers.driver import Rate, number

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Adamax(Averaging):
    """u ← max(β₂u, |g|+ε), θ ← θ − (η/(1−β₁ᵗ)) m/u.   Kingma and Ba 2015, section 7.1.

    The paper has no ε; torch and we add it to |g|, so that a parameter without a gradient stays where it is.
    """

    kind: Literal["adamax"] = "adamax"
    formula: ClassVar[str] = FIRST_MOMENT + (
        r"u \leftarrow \max(\beta_2 u, |g| + \varepsilon),\quad "
        r"\theta \leftarrow \theta - \frac{\eta}{1 - \beta_1^t} \cdot \frac{m}{u}"
    )
    reference: ClassVar[str] = "Kingma and Ba 2015, Adam: a method for stochastic optimization, section 7.1"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        m, u, step, _ = memory
        beta1, beta2, _ = self._weights
        subtract(m, g, m)
        multiply(m, beta1, m)
        add(m, g, m)  # m ← β₁m + (1−β₁)g
        np.abs(g, g)
        add(g, self.epsilon, g)
        multiply(u, beta2, u)
        maximum(u, g, out=u)  # u ← max(β₂u, |g|+ε)
        divide(m, u, g)
        step[()] = number(rate) / (1.0 - self.beta1**t)
        multiply(g, step, g)
        subtract(theta, g, theta)  # θ ← θ − (η/(1−β₁ᵗ)) m/u


@dataclass(frozen=True, kw_only=True)
class NAdam(Averaging):
    """μ_t = β₁(1 − ½·0.96^{0.004t}), Π ← Πμ_t, θ ← θ − η[μ_{t+1}m/(1−Πμ_{t+1}) + (1−μ_t)g/(1−Π)]/(√v̂ + ε).

    Dozat 2016. Nesterov's look ahead: what the next step will make of m, and this step's g at full weight. m itself
    decays with β₁ (as in torch); in the paper with μ_t. Π stands in every element of the memory's third row.
    """

    kind: Literal["nadam"] = "nadam"
    slots: ClassVar[int] = 3
    formula: ClassVar[str] = MOMENTS + (
        r"\mu_t = \beta_1 \left(1 - \tfrac{1}{2} \cdot 0.96^{0.004 t}\right),\quad \Pi \leftarrow \Pi \mu_t,\quad "
        r"\theta \leftarrow \theta - \frac{\eta}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon} \left["
        r"\frac{\mu_{t+1}}{1 - \Pi \mu_{t+1}}\, m + \frac{1 - \mu_t}{1 - \Pi}\, g\right]"
    )
    reference: ClassVar[str] = "Dozat 2016, Incorporating Nesterov momentum into Adam"

    def _mu(self, t: int) -> float:
        return self.beta1 * (1.0 - 0.5 * power(0.96, 0.004 * t))

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        m, v, product, *_ = memory
        mu, mu_next = self._mu(t), self._mu(t + 1)
        pi = (product[..., :1] if t > 1 else 1.0) * mu
        product[...] = pi  # Π ← Πμ_t, from 1
        gradient = g.copy()
        self._average(m, v, g)
        sqrt(v / (1.0 - self.beta2**t), g)
        add(g, self.epsilon, g)
        ahead = m * (mu_next / (1.0 - pi * mu_next)) + gradient * ((1.0 - mu) / (1.0 - pi))
        divide(ahead, g, g)
        multiply(g, rate, g)
        subtract(theta, g, theta)  # θ ← θ − η[…]/(√v̂ + ε)


@dataclass(frozen=True, kw_only=True)
class RAdam(Averaging):
    """ρ∞ = 2/(1−β₂) − 1, ρ_t = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ); θ ← θ − ηr m̂/√v̂ where ρ_t > 5, else θ ← θ − ηm̂.

    Liu et al. 2020. r = √[(ρ_t−4)(ρ_t−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ_t)]: as long as v rests on few gradients the step is plain
    (the first five with β₂ = 0.999), then it grows towards Adam's. The paper draws the line at 4 and has no ε; 5, and
    ε beside √v before the correction, are torch's.
    """

    kind: Literal["radam"] = "radam"
    formula: ClassVar[str] = MOMENTS + (
        r"\rho_\infty = \frac{2}{1 - \beta_2} - 1,\quad "
        r"\rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t},\quad "
        r"r = \sqrt{\frac{(\rho_t - 4)(\rho_t - 2)\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\rho_t}},\quad "
        r"\theta \leftarrow \theta - \eta \frac{m}{1 - \beta_1^t} \cdot \begin{cases}"
        r"r \sqrt{1 - \beta_2^t} / (\sqrt{v} + \varepsilon) & \rho_t > 5 \\ 1 & \text{else}\end{cases}"
    )
    reference: ClassVar[str] = "Liu et al. 2020, On the variance of the adaptive learning rate and beyond"

    def update(self, theta: Array, g: Array, memory: Iterable[Array], t: int, rate: Rate) -> None:
        m, v, *_ = memory
        self._average(m, v, g)
        step = number(rate) / (1.0 - self.beta1**t)
        decayed = self.beta2**t
        longest = 2.0 / (1.0 - self.beta2) - 1.0  # ρ∞
        length = longest - 2.0 * t * decayed / (1.0 - decayed)  # ρ_t
        if length > 5.0:
            r = (length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length)
            sqrt(v, g)
            add(g, self.epsilon, g)
            divide(m, g, g)
            multiply(g, step * root(r * (1.0 - decayed)), g)  # ηr m̂ √(1−β₂ᵗ)/(√v + ε)
        else:
            multiply(m, step, g)  # ηm̂
        subtract(theta, g, theta)
