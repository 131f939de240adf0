"""Loss functions of a network's last layer, each with Ψ, the derivative that starts the backward pass.

`bind(Z, prediction, Y, psi, slope)` is called once per set of work arrays (all (outputs, m)) and returns a function
that reads Z and ŷ as they stand, writes Ψ = ∂L/∂Z to `psi` and returns L. `slope` writes f′(Z) of the output layer. It
is None where that is 1, or where the loss takes softmax or sigmoid together with itself, which is stable where the
product form is wrong (softmax) or NaN in saturation (sigmoid).
"""

from collections.abc import Callable
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Measure = Callable[[], float]
Slope = Callable[[Array], None] | None


class Loss(Protocol):
    """`output_activation` is the one that goes with it; `classes` says that targets are labels."""

    kind: ClassVar[str]
    formula: ClassVar[str]
    reference: ClassVar[str]
    output_activation: ClassVar[str]
    classes: ClassVar[bool]

    def bind(self, Z: Array, prediction: Array, Y: Array, psi: Array, slope: Slope) -> Measure: ...


class MeanSquaredError:
    """L = (1/m)‖ŷ − y‖², summed over outputs, averaged over examples; ∂L/∂ŷ = (2/m)(ŷ − y)."""

    kind: ClassVar[str] = "mean_squared_error"
    formula: ClassVar[str] = r"\mathcal{L} = \frac{1}{m} \lVert \hat{y} - y \rVert^2"
    reference: ClassVar[str] = "Gauss 1809; torch averages over outputs too, we do not"
    output_activation: ClassVar[str] = "identity"
    classes: ClassVar[bool] = False

    def bind(self, Z: Array, prediction: Array, Y: Array, psi: Array, slope: Slope) -> Measure:
        subtract, multiply, scale, m = np.subtract, np.multiply, np.array(2.0 / Y.shape[1]), Y.shape[1]
        flat = psi.reshape(-1)
        dot = flat.dot

        def measure() -> float:
            subtract(prediction, Y, psi)
            loss: float = float(dot(flat)) / m
            multiply(psi, scale, psi)
            return loss

        return measure if slope is None else _with_slope(measure, psi, slope)


class MeanAbsoluteError:
    """L = (1/m) Σ|ŷ − y|; the slope where they are equal is 0."""

    kind: ClassVar[str] = "mean_absolute_error"
    formula: ClassVar[str] = r"\mathcal{L} = \frac{1}{m} \sum |\hat{y} - y|"
    reference: ClassVar[str] = "Laplace 1793"
    output_activation: ClassVar[str] = "identity"
    classes: ClassVar[bool] = False

    def bind(self, Z: Array, prediction: Array, Y: Array, psi: Array, slope: Slope) -> Measure:
        m = Y.shape[1]

        def measure() -> float:
            residual = prediction - Y
            np.divide(np.sign(residual), m, psi)
            return float(np.abs(residual).sum() / m)

        return measure if slope is None else _with_slope(measure, psi, slope)


class Huber:
    """L = (1/m) Σ h(ŷ − y), h(r) = ½r² for |r| ≤ 1, |r| − ½ outside (δ = 1)."""

    kind: ClassVar[str] = "huber"
    formula: ClassVar[str] = (
        r"\mathcal{L} = \frac{1}{m} \sum h(\hat{y} - y),\quad h(r) = \min(\tfrac{1}{2} r^2, |r| - \tfrac{1}{2})"
    )
    reference: ClassVar[str] = "Huber 1964, Robust estimation of a location parameter"
    output_activation: ClassVar[str] = "identity"
    classes: ClassVar[bool] = False

    def bind(self, Z: Array, prediction: Array, Y: Array, psi: Array, slope: Slope) -> Measure:
        m = Y.shape[1]

        def measure() -> float:
            residual = prediction - Y
            inside = np.clip(residual, -1.0, 1.0)  # h′(r); h = r h′ − ½h′²
            np.divide(inside, m, psi)
            return float((residual * inside - 0.5 * inside * inside).sum() / m)

        return measure if slope is None else _with_slope(measure, psi, slope)


class BinaryCrossEntropy:
    """L = −(1/m) Σ [y log σ(z) + (1−y) log(1−σ(z))] = (1/m) Σ [log(1 + e^z) − yz]; Ψ = (σ(Z) − y)/m."""

    kind: ClassVar[str] = "binary_cross_entropy"
    formula: ClassVar[str] = r"\mathcal{L} = -\frac{1}{m} \sum y \log \hat{y} + (1 - y) \log(1 - \hat{y})"
    reference: ClassVar[str] = "Cox 1958, The regression analysis of binary sequences"
    output_activation: ClassVar[str] = "sigmoid"
    classes: ClassVar[bool] = True

    def bind(self, Z: Array, prediction: Array, Y: Array, psi: Array, slope: Slope) -> Measure:
        m = Y.shape[1]

        def measure() -> float:
            np.subtract(prediction, Y, psi)
            np.divide(psi, m, psi)
            return float((np.logaddexp(Z, 0.0) - Y * Z).sum() / m)

        return measure


class SoftmaxCrossEntropy:
    """L = −(1/m) Σ log softmax(z)[class]; Ψ = (softmax(Z) − Y)/m, Y one-hot."""

    kind: ClassVar[str] = "softmax_cross_entropy"
    formula: ClassVar[str] = r"\mathcal{L} = -\frac{1}{m} \sum y \log \hat{y}"
    reference: ClassVar[str] = "Bridle 1990, Probabilistic interpretation of feedforward classification network outputs"
    output_activation: ClassVar[str] = "softmax"
    classes: ClassVar[bool] = True

    def bind(self, Z: Array, prediction: Array, Y: Array, psi: Array, slope: Slope) -> Measure:
        m = Y.shape[1]

        def measure() -> float:
            shifted = Z - Z.max(axis=0)
            log_sum = np.log(np.exp(shifted).sum(axis=0))
            np.subtract(prediction, Y, psi)
            np.divide(psi, m, psi)
            return float((log_sum - (Y * shifted).sum(axis=0)).sum() / m)

        return measure


def _with_slope(measure: Measure, psi: Array, slope: Callable[[Array], None]) -> Measure:
    """Ψ = ∂L/∂ŷ ⊙ f′(Z) for an output layer with an activation of its own."""
    out = np.empty_like(psi)

    def measure_through_activation() -> float:
        loss = measure()
        slope(out)
        np.multiply(psi, out, psi)
        return loss

    return measure_through_activation


LOSSES: dict[str, Loss] = {
    loss.kind: loss
    for loss in (MeanSquaredError(), MeanAbsoluteError(), Huber(), BinaryCrossEntropy(), SoftmaxCrossEntropy())
}
