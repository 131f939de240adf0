"""Newton and BFGS against what theory says of them."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.data.named import Longley
from app.engine.functions.bowls import Saddle
from app.engine.functions.several_minima import Himmelblau
from app.engine.functions.valleys import Rosenbrock
from app.engine.functions.wells import TwoWells
from app.engine.models import deep_network, multivariate_regression, two_layer
from app.engine.optimizers import BFGS, Backtracking, Newton
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from tests.engine.bowl import Bowl, KnownBowl
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]

VALLEY = PlaneObjective(Rosenbrock())
START = np.array([-1.2, 1.0])


@pytest.mark.parametrize("features", [1, 5, 20])
def test_newton_solves_least_squares_in_one_step(features: int) -> None:
    model = multivariate_regression(*some_data(features, 60))
    run = run_from(model, random_start(model), Newton())
    run.advance(1)
    assert model.optimum is not None
    np.testing.assert_allclose(run.state.theta, model.optimum.theta, rtol=1e-9, atol=1e-10)
    counted = run.state.evaluations
    assert (counted.gradient, counted.loss) == (1 + features + 1, 1)


def test_newton_solves_raw_data_of_ten_orders_of_magnitude() -> None:
    """Longley's numbers as they are: the squared condition number is above 10¹⁹."""
    table = Longley().table()
    model = multivariate_regression(table.X, table.Y)
    run = run_from(model, np.zeros(model.layout.size), Newton())
    run.advance(5)
    assert model.optimum is not None
    assert run.state.loss == pytest.approx(model.optimum.loss, rel=1e-6)


def test_without_a_formula_newton_asks_for_two_gradients_a_parameter() -> None:
    run = run_from(Bowl((1.0, 10.0, 100.0)), np.array([1.0, -2.0, 3.0]), Newton())
    run.advance(1)
    assert (run.state.evaluations.gradient, run.state.evaluations.loss) == (7, 1)
    assert np.abs(run.state.theta).max() < 1e-8


def test_newton_converges_with_twice_as_many_digits_a_step() -> None:
    run, errors = run_from(PlaneObjective(Himmelblau()), np.array([3.4, 2.4]), Newton()), []
    for _ in range(4):
        run.advance(1)
        errors.append(float(np.abs(run.state.theta - [3.0, 2.0]).max()))
    assert 0.01 < errors[0] < 0.1
    assert all(after < 2 * before**2 for before, after in pairwise(errors))


def test_at_a_saddle_newton_goes_to_the_bottom_one_way_and_down_the_other() -> None:
    """x² − y² from (−1.8, 0.001): |H| = 2, so x becomes 0 and y doubles. Newton's own step would end at the saddle."""
    run = run_from(PlaneObjective(Saddle()), np.array([-1.8, 0.001]), Newton())
    run.advance(1)
    np.testing.assert_allclose(run.state.theta, [0.0, 0.002], atol=1e-15)
    run.advance(9)
    np.testing.assert_allclose(run.state.theta, [0.0, 1.024], atol=1e-12)


def test_newton_leaves_the_neighbourhood_of_a_saddle_for_a_minimum() -> None:
    function = TwoWells()
    (saddle,) = [mark for mark in function.landmarks if mark.kind == "saddle"]
    run = run_from(PlaneObjective(function), np.array([saddle.x + 0.02, saddle.y + 0.02]), Newton())
    run.advance(50)
    assert run.state.gradient_norm < 1e-9
    assert run.state.loss == pytest.approx(-1.0927319992017409, abs=1e-9)


def test_where_nothing_bends_newton_follows_the_gradient() -> None:
    X, y = some_data(2, 21)
    model = deep_network(X, y, (), "identity", None, "mean_absolute_error", Penalty())
    run = run_from(model, np.array([3.0, -4.0, 5.0]), Newton())
    before = run.state.copy()
    run.advance(1)
    step = run.state.theta - before.theta
    assert step == pytest.approx(-before.gradient * np.linalg.norm(step) / before.gradient_norm, rel=1e-9)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e-320])
def test_second_derivatives_that_are_of_no_use_do_not_stop_newton(value: float) -> None:
    class Strange(KnownBowl):
        def hessian(self, theta: Array) -> Array:
            return np.array([[value, 1e-10], [1e-10, 1.0]])

    run = run_from(Strange((1.0, 3.0)), np.array([1.0, 1.0]), Newton())
    run.advance(30)
    assert np.isfinite(run.state.theta).all()
    assert run.state.loss < 2.0


@pytest.mark.parametrize("kind", [Newton, BFGS])
def test_a_curved_valley_takes_a_few_dozen_steps(kind: Any) -> None:
    run = run_from(VALLEY, START, kind())
    run.advance(45)
    np.testing.assert_allclose(run.state.theta, [1.0, 1.0], atol=1e-10)


def test_what_bfgs_has_learned_satisfies_the_secant_equation_and_stays_positive_definite() -> None:
    run, learned = run_from(VALLEY, START, BFGS()), 0
    for _ in range(30):
        before = run.state.copy()
        run.advance(1)
        s, y, B = run.state.theta - before.theta, run.state.gradient - before.gradient, run.state.memory[:2]
        if s @ y > 1e-9 * np.linalg.norm(s) * np.linalg.norm(y):
            np.testing.assert_allclose(B @ y, s, rtol=1e-7, atol=1e-13)
            assert np.array_equal(B, B.T)
            assert np.linalg.eigvalsh(B)[0] > 0
            learned += 1
    assert learned >= 25


def test_bfgs_makes_the_update_of_the_books() -> None:
    """B ← (I − ρsyᵀ)B(I − ρysᵀ) + ρssᵀ, multiplied out."""
    model = multivariate_regression(*some_data(3, 30))
    run, B = run_from(model, random_start(model), BFGS()), np.eye(4)
    for _ in range(4):
        before = run.state.copy()
        run.advance(1)
        s, y = run.state.theta - before.theta, run.state.gradient - before.gradient
        V = np.eye(4) - np.outer(y, s) / (s @ y)
        B = V.T @ B @ V + np.outer(s, s) / (s @ y)
        np.testing.assert_allclose(run.state.memory[:4], B, rtol=1e-9, atol=1e-12)


def test_bfgs_needs_far_fewer_steps_than_the_gradient_alone() -> None:
    X, y = some_data(4, 40)
    model = multivariate_regression(X * np.array([[1.0], [3.0], [10.0], [0.3]]), y)
    learning, steepest = (run_from(model, random_start(model), kind()) for kind in (BFGS, Backtracking))
    learning.advance(15)
    steepest.advance(300)
    assert learning.state.gradient_norm < 1e-9 * learning.first_norm
    assert steepest.state.gradient_norm > 1e-6 * steepest.first_norm


def test_the_first_step_of_bfgs_is_along_the_gradient_and_at_most_of_length_one() -> None:
    for start, length in (([30.0, 40.0], 1.0), ([0.003, 0.004], 0.005)):
        run = run_from(Bowl((1.0, 1.0)), np.array(start), BFGS())
        run.advance(1)
        before = np.array(start)
        np.testing.assert_allclose(before - run.state.theta, length * before / np.linalg.norm(before), rtol=1e-12)
        assert (run.state.evaluations.gradient, run.state.evaluations.loss) == (2, 1)
        run.advance(1)
        assert run.state.evaluations.gradient == 3


def test_where_no_better_point_is_found_bfgs_forgets_what_it_knew() -> None:
    model = multivariate_regression(*some_data(3, 30))
    run, stayed = run_from(model, random_start(model), BFGS()), 0
    for _ in range(60):
        before = run.state.copy()
        run.advance(1)
        if np.array_equal(run.state.theta, before.theta):
            assert not run.state.memory[:-1].any()
            stayed += 1
    assert stayed


def test_bfgs_learns_nothing_where_the_slope_does_not_grow() -> None:
    run = run_from(PlaneObjective(Saddle()), np.array([0.0, 0.5]), BFGS())
    run.advance(5)
    assert not run.state.memory[:2].any()
    assert run.state.theta[1] > 4.0


@pytest.mark.parametrize(("kind", "share"), [(Newton, 0.01), (BFGS, 0.05)])
def test_a_network_is_trained(kind: Any, share: float) -> None:
    model = two_layer(*some_data(2, 50), 4, "sigmoid")
    run = run_from(model, random_start(model), kind())
    start = run.state.loss
    run.advance(60)
    assert run.state.loss < share * start
