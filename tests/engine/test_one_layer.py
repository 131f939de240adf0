from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine import one_layer
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, univariate_regression
from app.engine.network import Pass
from app.engine.penalty import Penalty
from tests.engine.setting import some_data

Array = NDArray[np.float64]

X, y = some_data(3, 40)


def network(
    Y: Array, hidden: tuple[int, ...] = (), output_activation: str | None = None, loss: str = "mean_squared_error"
) -> Model:
    return deep_network(X, Y, hidden, "tanh", output_activation, loss, Penalty())


def by_the_general_pass(model: Model, theta: Array) -> tuple[float, Array]:
    g = np.empty_like(theta)
    run = Pass(model.network, theta, g, model.X_bar, model.Y)
    return model.penalty.added_to(run.loss_and_gradient, theta, g, model.network)(), g


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4))
def test_one_layer_alone_is_the_network_with_one_layer(values: list[float]) -> None:
    theta, g = np.array(values), np.empty(4)
    for model in (multivariate_regression(X, y), replace(network(y), penalty=Penalty(l1=0.1, l2=0.2))):
        assert one_layer.is_one_layer(model.network, model.X_bar)
        loss, expected = by_the_general_pass(model, theta)
        assert model.bind(theta, g)() == pytest.approx(loss, rel=1e-13)
        np.testing.assert_allclose(g, expected, rtol=1e-12, atol=1e-13 * np.abs(theta).max())


def test_what_is_bound_follows_its_arrays() -> None:
    model = univariate_regression(X[:1], y)
    theta, g = np.zeros(2), np.empty(2)
    evaluate = model.bind(theta, g)
    for values in ([1.0, 2.0], [-3.0, 0.5]):
        theta[:] = values
        loss, expected = by_the_general_pass(model, theta)
        assert evaluate() == pytest.approx(loss, rel=1e-14)
        np.testing.assert_allclose(g, expected, rtol=1e-13)


def test_a_perfect_fit_has_no_loss_at_all() -> None:
    model, g = univariate_regression(X[:1], 2.0 * X[:1] + 0.5), np.empty(2)
    assert model.bind(np.array([2.0, 0.5]), g)() == 0.0
    assert g.tolist() == [0.0, 0.0]


def test_large_tables_several_outputs_and_other_losses_go_the_general_way() -> None:
    others = [
        univariate_regression(np.zeros((1, 40_000)), np.zeros((1, 40_000))),
        network(np.vstack([y, y])),
        network(y, loss="huber"),
        network(y, output_activation="sigmoid"),
        network(y, hidden=(2,)),
    ]
    assert not any(one_layer.is_one_layer(model.network, model.X_bar) for model in others)
