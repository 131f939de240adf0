from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.activations import Sigmoid
from app.engine.functions import FUNCTIONS
from app.engine.gradient_check import gradient_check
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, two_layer
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from tests.engine.setting import random_start, some_data

Array = NDArray[np.float64]

X, y = some_data(2, 20)
SIGMOID = two_layer(X, y, 3, "sigmoid")
MODELS = [
    multivariate_regression(X, y),
    two_layer(X, y, 3, "identity"),
    SIGMOID,
    deep_network(X, y, (4, 3, 5), "tanh", "softplus", "huber", Penalty(l2=0.2)),
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("batch", [None, np.array([3, 1, 14])])
def test_a_right_gradient_passes_at_every_parameter(model: Model, batch: NDArray[np.intp] | None) -> None:
    theta = random_start(model)
    found = gradient_check(model, theta, batch)
    assert found.addresses == model.layout.addresses
    assert found.error.max() < 1e-6
    g = np.empty_like(theta)
    if batch is None:
        model.bind(theta, g)()
    else:
        model.bind_batch(theta, g, 3)(batch)
    assert np.array_equal(found.backprop, g[model.layout.order])


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_a_gradient_that_is_wrong_by_a_thousandth_is_caught_whatever_the_scale(
    scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    right: Callable[..., None] = Sigmoid.bend

    def bend(self: Sigmoid, Z: Array, A: Array, out: Array, psi: Array) -> None:
        right(self, Z, A, out, psi)
        psi *= 1.001

    model = two_layer(X, scale * y, 3, "sigmoid")
    theta = random_start(model)
    for address in ("w2[0]", "w2[1]", "w2[2]", "b2"):
        theta[model.layout.index(address)] *= scale
    assert gradient_check(model, theta).error.max() < 1e-6
    monkeypatch.setattr(Sigmoid, "bend", bend)
    found = gradient_check(model, theta)
    hidden = np.array([address.startswith(("W1", "b1")) for address in found.addresses])
    np.testing.assert_allclose(found.error[hidden], 1e-3, rtol=0.01)
    assert found.error[~hidden].max() < 1e-6


def test_at_a_perfect_fit_where_all_is_nearly_nought_the_error_is_small() -> None:
    theta = random_start(SIGMOID)
    model = two_layer(X, SIGMOID.predict(theta, X), 3, "sigmoid")
    found = gradient_check(model, theta)
    assert np.abs(found.backprop).max() < 1e-12
    assert found.error.max() < 1e-5
    flat = gradient_check(multivariate_regression(0.0 * X, 0.0 * y), np.zeros(3))
    assert flat.error.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_classic_function_passes_at_its_start(name: str) -> None:
    function = FUNCTIONS[name]()
    found = gradient_check(PlaneObjective(function), np.array(function.start))
    assert found.addresses == ("x", "y")
    assert found.error.max() < 1e-6


def test_each_way_counts_what_it_costs() -> None:
    found = gradient_check(SIGMOID, random_start(SIGMOID), np.array([1, 2]))
    assert (found.backprop_cost.loss, found.backprop_cost.gradient, found.backprop_cost.samples) == (0, 1, 2)
    assert (found.difference_cost.loss, found.difference_cost.gradient, found.difference_cost.samples) == (26, 0, 52)


def test_a_few_parameters_are_spread_from_the_first_to_the_last() -> None:
    found = gradient_check(SIGMOID, random_start(SIGMOID), most=4)
    assert found.addresses == ("W1[0,0]", "W1[2,0]", "b1[2]", "b2")
    whole = dict(zip(SIGMOID.layout.addresses, gradient_check(SIGMOID, random_start(SIGMOID)).difference, strict=True))
    assert found.difference.tolist() == pytest.approx([whole[address] for address in found.addresses], rel=1e-12)


def test_where_a_loss_is_not_finite_no_number_is_made_up() -> None:
    model = two_layer(X, y, 2, "identity")
    found = gradient_check(model, np.full(model.layout.size, 1e80))
    assert np.isfinite(found.difference).all()
    assert np.isfinite(found.error).all()
    assert found.error.max() == 1.0
