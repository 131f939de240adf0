"""What theory says of descent in closed form, on objectives where every number is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.models import two_layer, univariate_regression
from app.engine.optimizers import GradientDescent, Momentum
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]


@given(λ=st.floats(0.01, 100.0), share=st.floats(0.01, 2.2), x=st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-3))
def test_descent_on_a_parabola_is_a_power(λ: float, share: float, x: float) -> None:
    η = min(100.0, share / λ)
    run = run_from(Bowl((λ,)), np.array([x]), GradientDescent(learning_rate=η))
    for k in range(1, 30):
        run.advance(1)
        assert run.state.theta[0] == pytest.approx((1 - η * λ) ** k * x, rel=1e-10, abs=1e-13 * abs(x))


@given(seed=st.integers(0, 99), η=st.floats(1e-4, 0.02))
def test_a_step_of_the_two_layer_linear_network_changes_what_the_flow_conserves_by_its_square(
    seed: int, η: float
) -> None:
    """W₁W₁ᵀ + b₁b₁ᵀ − w₂ᵀw₂ changes by exactly η²(∂W₁∂W₁ᵀ + ∂b₁∂b₁ᵀ − ∂w₂ᵀ∂w₂)."""
    X, y = some_data(3, 15, seed=seed)
    model = two_layer(X, y, 4, "identity")
    run = run_from(model, random_start(model, seed), GradientDescent(learning_rate=η))

    def imbalance(theta: Array) -> Array:
        W1, b1, w2, _ = (np.atleast_2d(value) for value in model.layout.unpack(theta).values())
        return np.asarray(W1 @ W1.T + b1 @ b1.T - w2.T @ w2)

    for _ in range(5):
        theta, g = run.state.theta.copy(), run.state.gradient.copy()
        run.advance(1)
        change = imbalance(run.state.theta) - imbalance(theta)
        np.testing.assert_allclose(change, η * η * imbalance(g), atol=1e-13 * np.abs(imbalance(theta)).max())


def test_the_strict_saddle_of_the_two_layer_linear_network_holds_a_run_until_it_is_nudged() -> None:
    X, y = some_data(2, 30)
    model = two_layer(X, y, 3, "identity")
    saddle = model.layout.pack({"W1": [[0, 0]] * 3, "b1": [[0]] * 3, "w2": [[0, 0, 0]], "b2": float(y.mean())})
    run = run_from(model, saddle)
    run.advance(500)
    assert run.status == "converged"
    np.testing.assert_allclose(run.state.theta, saddle, atol=1e-14)
    nudged = run_from(model, saddle + 1e-3 * random_start(model))
    nudged.advance(500)
    assert nudged.state.loss < 0.9 * run.state.loss


def test_units_that_start_alike_stay_alike() -> None:
    X, y = some_data(2, 30)
    model = two_layer(X, y, 3, "sigmoid")
    start = model.layout.pack({"W1": [[0.3, -0.2]] * 3, "b1": [[0.1]] * 3, "w2": [[0.5] * 3], "b2": 0.0})
    run = run_from(model, start, Momentum(learning_rate=0.1))
    run.advance(200)
    values = model.layout.unpack(run.state.theta)
    assert np.ptp(values["W1"], axis=0).max() < 1e-12
    assert values["W1"][0] != [0.3, -0.2]


def test_the_full_batch_is_the_whole_set_and_a_duplicated_set_makes_the_same_steps() -> None:
    X, y = some_data(2, 12)
    single = two_layer(X, y, 3, "sigmoid")
    double = two_layer(np.hstack([X, X]), np.hstack([y, y]), 3, "sigmoid")
    runs = [run_from(model, random_start(single), Momentum(learning_rate=0.1)) for model in (single, double)]
    for run in runs:
        run.advance(200)
    np.testing.assert_allclose(runs[1].state.theta, runs[0].state.theta, rtol=1e-9, atol=1e-12)


def test_descent_on_a_line_fit_comes_to_the_least_squares_optimum_and_not_to_what_made_the_data() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 20))
    y = 2.0 * x - 1.0 + rng.standard_normal((1, 20))
    model = univariate_regression(x, y)
    run = run_from(model, np.zeros(2))
    run.advance(2_000)
    expected, *_ = np.linalg.lstsq(np.vstack([x, np.ones(20)]).T, y[0], rcond=None)
    np.testing.assert_allclose(run.state.theta, expected, rtol=1e-10)
    assert run.status == "converged"
    assert abs(run.state.theta - [2.0, -1.0]).max() > 0.05


def test_data_are_not_rescaled_on_the_way() -> None:
    """Pen and paper: x = 1000, y = 1, from w = b = 0 with η = 1e-6 one step is w = 2e-3, b = 2e-6."""
    model = univariate_regression(np.array([[1000.0]]), np.array([[1.0]]))
    run = run_from(model, np.zeros(2), GradientDescent(learning_rate=1e-6))
    run.advance(1)
    assert run.state.theta.tolist() == pytest.approx([2e-3, 2e-6], rel=1e-14)
