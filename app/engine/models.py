"""The models of the texts: each a setting of the general network, with the names its text gives the parameters."""

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import layered_layout
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.network import Network
from app.engine.penalty import Penalty

Array = NDArray[np.float64]


def univariate_regression(X: Array, Y: Array) -> Model:
    """ŷ = wx + b on X (1, m), Y (1, m)."""
    return Model(Network((1, 1)), layered_layout((1, 1), [("w", "b")], {"w", "b"}), X, Y)


def multivariate_regression(X: Array, Y: Array) -> Model:
    """ŷ = wX + b on X (n, m), Y (1, m); w is (1, n)."""
    widths = (len(X), 1)
    return Model(Network(widths), layered_layout(widths, [("w", "b")], {"b"}), X, Y)


def two_layer(X: Array, Y: Array, hidden: int, activation: str) -> Model:
    """ŷ = w₂ f(W₁X + b₁) + b₂; W₁ (k, n), b₁ (k, 1), w₂ (1, k), f the identity or the sigmoid."""
    widths = (len(X), hidden, 1)
    return Model(Network(widths, activation), layered_layout(widths, [("W1", "b1"), ("w2", "b2")], {"b2"}), X, Y)


def deep_network(
    X: Array,
    Y: Array,
    hidden: tuple[int, ...],
    activation: str,
    output_activation: str | None,
    loss: str,
    penalty: Penalty,
) -> Model:
    """Any depth: W1, b1, … WL, bL; `output_activation` None is the one that goes with the loss."""
    widths = (len(X), *hidden, len(Y))
    network = Network(widths, activation, output_activation or LOSSES[loss].output_activation, loss)
    names = [(f"W{layer}", f"b{layer}") for layer in range(1, len(widths))]
    return Model(network, layered_layout(widths, names), X, Y, penalty)


def one_hot(labels: Array, classes: int) -> Array:
    """Labels 0…C−1 (1, m) as rows of ones and noughts (C, m)."""
    return np.asarray(np.arange(classes)[:, None] == labels, dtype=np.float64)


LOSS_FORMULA = r"\mathcal{L} = \frac{1}{m} \lVert \hat{y} - y \rVert^2"
RESIDUAL = r"\frac{2}{m}(\hat{y} - y)"

UNIVARIATE_FORMULAS = (
    r"\hat{y} = wx + b",
    LOSS_FORMULA,
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial w}} = {RESIDUAL} x^\intercal",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial b}} = {RESIDUAL} \vec{{1}}",
)
MULTIVARIATE_FORMULAS = (
    r"\hat{y} = wX + b",
    LOSS_FORMULA,
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial w}} = {RESIDUAL} X^\intercal",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial b}} = {RESIDUAL} \vec{{1}}",
)
TWO_LAYER_LINEAR_FORMULAS = (
    r"Z = W_1 X + b_1",
    r"\hat{y} = w_2 Z + b_2",
    LOSS_FORMULA,
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial W_1}} = w_2^\intercal {RESIDUAL} X^\intercal",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial b_1}} = w_2^\intercal {RESIDUAL} \vec{{1}}",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial w_2}} = {RESIDUAL} Z^\intercal",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial b_2}} = {RESIDUAL} \vec{{1}}",
)
_DELTA = rf"\left(\left(w_2^\intercal {RESIDUAL}\right) \odot A \odot (1 - A)\right)"
TWO_LAYER_SIGMOID_FORMULAS = (
    r"Z = W_1 X + b_1",
    r"A = \sigma(Z)",
    r"\hat{y} = w_2 A + b_2",
    LOSS_FORMULA,
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial W_1}} = {_DELTA} X^\intercal",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial b_1}} = {_DELTA} \vec{{1}}",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial w_2}} = {RESIDUAL} A^\intercal",
    rf"\frac{{\partial \mathcal{{L}}}}{{\partial b_2}} = {RESIDUAL} \vec{{1}}",
)
NETWORK_FORMULAS = (
    r"Z_{l+1} = \bar{W}_l \bar{X}_l",
    r"X_{l+1} = f(Z_{l+1})",
    r"\Psi_L = \frac{\partial E}{\partial \hat{y}} \odot f'(Z_L)",
    r"\frac{\partial E}{\partial \bar{W}_l} = \Psi_{l+1} \bar{X}_l^\intercal",
    r"\Psi_l = \left(W_l^\intercal \Psi_{l+1}\right) \odot f'(Z_l)",
)
