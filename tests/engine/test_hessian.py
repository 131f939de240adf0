"""All second derivatives, against closed forms and against each other."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.functions import FUNCTIONS, Function
from app.engine.hessian import difference_hessian, exact_hessian
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, two_layer
from app.engine.objective import Objective
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from tests.engine.bowl import Bowl, KnownBowl
from tests.engine.setting import random_start, some_data

Array = NDArray[np.float64]


def by_differences(objective: Objective, theta: Array) -> Array:
    at, g = theta.copy(), np.empty_like(theta)
    evaluate = objective.bind(at, g)

    def gradient(place: Array) -> Array:
        np.copyto(at, place)
        evaluate()
        return g.copy()

    return difference_hessian(gradient, theta)


LINEAR = [
    multivariate_regression(*some_data(4, 30)),
    deep_network(*some_data(3, 30, outputs=2), (), "identity", None, "mean_squared_error", Penalty()),
    deep_network(*some_data(3, 30, outputs=2), (), "identity", None, "mean_squared_error", Penalty(l2=0.3)),
]


@pytest.mark.parametrize("model", LINEAR)
def test_that_of_a_linear_model_is_what_differences_say(model: Model) -> None:
    exact, theta = exact_hessian(model, random_start(model)), random_start(model)
    assert exact is not None
    np.testing.assert_allclose(exact, by_differences(model, theta), rtol=1e-7, atol=1e-8)


def test_that_of_a_linear_model_is_two_over_m_times_the_square_of_the_inputs() -> None:
    X, y = some_data(4, 30)
    inputs = np.vstack([X, np.ones((1, 30))])
    exact = exact_hessian(multivariate_regression(X, y), np.zeros(5))
    assert exact is not None
    np.testing.assert_allclose(exact, 2 / 30 * inputs @ inputs.T, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("function", [kind() for kind in FUNCTIONS.values()], ids=list(FUNCTIONS))
def test_that_of_a_function_is_its_formula(function: Function) -> None:
    objective = PlaneObjective(function)
    x_min, x_max, y_min, y_max = function.window
    theta = np.array([0.6 * x_min + 0.4 * x_max, 0.3 * y_min + 0.7 * y_max])
    exact = exact_hessian(objective, theta)
    assert exact is not None
    np.testing.assert_allclose(exact, by_differences(objective, theta), rtol=1e-5, atol=1e-6 * np.abs(exact).max())


def test_without_a_formula_there_is_none() -> None:
    assert exact_hessian(Bowl((1.0, 2.0)), np.ones(2)) is None
    assert exact_hessian(two_layer(*some_data(2, 9), 3, "identity"), np.ones(13)) is None
    lasso = deep_network(*some_data(2, 9), (), "identity", None, "mean_squared_error", Penalty(l1=0.1))
    assert exact_hessian(lasso, np.ones(3)) is None
    known = exact_hessian(KnownBowl((1.0, 2.0)), np.ones(2))
    assert known is not None
    assert known.tolist() == [[1.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize("k", [1, 3])
def test_a_linear_network_at_rest_stands_on_a_strict_saddle(k: int) -> None:
    """At W₁ = 0, b₁ = 0, w₂ = 0, b₂ = ȳ the eigenvalues are ±‖(2/m)(y−ȳ)Xᵀ‖, k of each, 2, and zeros."""
    X, y = some_data(2, 12)
    model = two_layer(X, y, k, "identity")
    theta = np.zeros(model.layout.size)
    theta[model.layout.index("b2")] = y.mean()
    steepest = float(np.linalg.norm(2 / 12 * (y - y.mean()) @ X.T))
    zeros = [0.0] * (model.layout.size - 2 * k - 1)
    expected = sorted([-steepest] * k + zeros + [steepest] * k + [2.0])
    assert np.linalg.eigvalsh(by_differences(model, theta)) == pytest.approx(expected, abs=1e-8)
