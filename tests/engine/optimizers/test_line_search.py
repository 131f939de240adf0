"""Backtracking and conjugate gradients against what theory says of them."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.functions.bowls import Saddle
from app.engine.functions.valleys import Rosenbrock
from app.engine.models import multivariate_regression, two_layer
from app.engine.optimizers import Backtracking, ConjugateGradient
from app.engine.plane_objective import PlaneObjective
from app.engine.run import Run
from app.engine.schedules import Constant, Exponential
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]

VALLEY = PlaneObjective(Rosenbrock())
START = np.array([-1.2, 1.0])


def thetas(run: Run, steps: int) -> Array:
    """θ (steps + 1, P) of every step."""
    run.advance(steps)
    return np.array([run.state_at(step).theta for step in range(steps + 1)])


def test_backtracking_takes_the_first_length_that_armijo_accepts() -> None:
    """Written out step by step: η first, then twice the last length but never more than η."""
    run, theta, last = run_from(VALLEY, START, Backtracking(learning_rate=0.4)), START.copy(), 0.2
    function = Rosenbrock()
    for path_theta in thetas(run, 40)[1:]:
        loss, *slopes = function.value_and_gradient_at(*theta.tolist())
        g, length = np.array(slopes), min(0.4, 2 * last)
        while function.value_and_gradient_at(*(theta - length * g).tolist())[0] > loss - 1e-4 * length * g @ g:
            length /= 2
        theta, last = theta - length * g, length
        np.testing.assert_allclose(path_theta, theta, rtol=1e-12)


def test_backtracking_never_climbs_and_comes_down_where_the_same_constant_rate_diverges() -> None:
    run = run_from(VALLEY, START, Backtracking(learning_rate=1.0))
    losses = [VALLEY.loss(theta) for theta in thetas(run, 300)]
    assert all(after <= before for before, after in pairwise(losses))
    assert losses[-1] < 0.1 * losses[0]


def test_backtracking_costs_a_gradient_and_a_loss_for_every_length_tried() -> None:
    run = run_from(Bowl((10.0,)), np.array([1.0]), Backtracking(learning_rate=1.0))
    run.advance(1)  # 1, ½, ¼, ⅛
    assert (run.state.evaluations.loss, run.state.evaluations.gradient) == (4, 1)
    assert run.state.theta[0] == -0.25
    run.advance(1)  # ¼, ⅛
    assert (run.state.evaluations.loss, run.state.evaluations.gradient) == (6, 2)
    assert run.state.memory[0, 0] == 0.125


def test_a_schedule_shortens_the_longest_step_of_backtracking() -> None:
    run = run_from(Bowl((0.01,)), np.array([1.0]), Backtracking(learning_rate=1.0), schedule=Exponential(factor=0.5))
    path = thetas(run, 6)[:, 0]
    assert path[1:] / path[:-1] == pytest.approx(1 - 0.01 * 0.5 ** np.arange(6), rel=1e-12)


@pytest.mark.parametrize("features", [1, 3, 6])
def test_conjugate_gradients_end_at_the_minimum_of_a_quadratic_in_as_many_steps_as_parameters(features: int) -> None:
    model = multivariate_regression(*some_data(features, 40, seed=features))
    run = run_from(model, random_start(model), ConjugateGradient())
    run.advance(features)
    assert run.state.gradient_norm > 1e-6 * run.first_norm
    run.advance(1)
    assert run.state.gradient_norm < 1e-8 * run.first_norm
    assert model.optimum is not None
    np.testing.assert_allclose(run.state.theta, model.optimum.theta, rtol=1e-7, atol=1e-8)
    assert (run.state.evaluations.gradient, run.state.evaluations.loss) == (2 * features + 2, features + 1)


def test_directions_are_conjugate_and_gradients_at_right_angles() -> None:
    model = multivariate_regression(*some_data(4, 40))
    run = run_from(model, random_start(model), ConjugateGradient())
    states = [run.state.copy()]
    for _ in range(5):
        run.advance(1)
        states.append(run.state.copy())
    steps = np.diff([state.theta for state in states], axis=0)
    gradients = np.array([state.gradient for state in states[:-1]])
    H = model.quadratic.hessian()
    for vectors, form in ((steps, H), (gradients, np.eye(5))):
        products = vectors @ form @ vectors.T
        lengths = np.sqrt(np.diag(products))
        assert np.abs(products / np.outer(lengths, lengths) - np.eye(5)).max() < 1e-5


def test_conjugate_gradients_follow_a_curved_valley_far_faster_than_steepest_descent() -> None:
    conjugate, steepest = run_from(VALLEY, START, ConjugateGradient()), run_from(VALLEY, START, Backtracking())
    conjugate.advance(60)
    steepest.advance(300)
    assert conjugate.state.loss < 1e-20
    assert steepest.state.loss > 1e-3


def test_directions_are_those_of_polak_and_ribiere_begun_again_every_p_steps_and_where_they_lead_uphill() -> None:
    model = two_layer(*some_data(2, 30), 3, "sigmoid")
    run, p, last = run_from(model, random_start(model), ConjugateGradient()), np.zeros(13), np.ones(13)
    negative, uphill = 0, 0
    for step in range(130):
        g = run.state.gradient.copy()
        beta = 0.0 if step % 13 == 0 else g @ (g - last) / (last @ last)
        p = max(beta, 0.0) * p - g
        negative += bool(beta < 0)
        if g @ p >= 0:
            p, uphill = -g, uphill + 1
        run.advance(1)
        np.testing.assert_allclose(run.state.memory, [g, p], rtol=1e-9, atol=1e-15)
        last, p = g, run.state.memory[1].copy()
    assert negative
    assert uphill


def test_where_the_loss_bends_downwards_a_conjugate_step_has_length_one() -> None:
    run = run_from(PlaneObjective(Saddle()), np.array([0.0, 0.5]), ConjugateGradient(), schedule=Constant())
    run.advance(1)
    np.testing.assert_allclose(run.state.theta, [0.0, 1.5], atol=1e-15)


def test_a_network_is_trained_by_both() -> None:
    model = two_layer(*some_data(2, 50), 4, "sigmoid")
    for optimizer, share in ((Backtracking(), 0.3), (ConjugateGradient(), 0.03)):
        run = run_from(model, random_start(model), optimizer)
        start = run.state.loss
        run.advance(200)
        assert run.state.loss < share * start
