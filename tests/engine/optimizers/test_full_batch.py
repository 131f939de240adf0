"""Looking around before a step: what is counted, and how far a line search goes."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.models import univariate_regression
from app.engine.objective import Evaluate, Objective
from app.engine.optimizers import Backtracking, Settings
from app.engine.optimizers.full_batch import ARMIJO, Survey, backtrack
from app.engine.replay import starting_state
from app.engine.schedules import Constant
from tests.engine.bowl import Bowl
from tests.engine.setting import some_data

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cliff(Bowl):
    """A bowl with another loss where the first parameter is above `edge`."""

    edge: float = 2.0
    beyond: float = float("nan")

    def bind(self, theta: Array, gradient: Array | None) -> Evaluate:
        evaluate = super().bind(theta, gradient)

        def evaluate_near_cliff() -> float:
            loss = evaluate()
            return self.beyond if theta[0] > self.edge else loss

        return evaluate_near_cliff


def survey(objective: Objective, theta: Array, gradient: str = "backprop") -> Survey:
    settings = Settings(optimizer=Backtracking(), schedule=Constant(), gradient=gradient)
    return Survey(objective, starting_state(objective, theta), settings, seed=0)


@pytest.mark.parametrize(
    ("curvature", "first", "length"),
    [(1.0, 1.0, 1.0), (8.0, 1.0, 0.125), (10.0, 1.0, 0.125), (10.0, 3.0, 0.1875), (1.99, 1.0, 1.0), (2.0, 1.0, 0.5)],
)
def test_on_a_bowl_the_first_length_below_two_over_the_curvature_is_taken(
    curvature: float, first: float, length: float
) -> None:
    """Armijo accepts α ≤ 2(1 − c₁)/λ on ½λx²."""
    here = survey(Bowl((curvature,)), np.array([3.0]))
    g = here.gradient()
    assert backtrack(here, -g, -float(g @ g), first) == length
    assert here.state.theta == pytest.approx([3.0 * (1 - length * curvature)], abs=1e-15)
    assert here.state.evaluations.loss == 1 + np.log2(first / length)


def test_armijos_constant_is_the_usual_one() -> None:
    limit = 2 * (1 - 1e-4)
    assert ARMIJO == 1e-4
    for curvature, taken in ((limit * 0.999999, 1.0), (limit * 1.000001, 0.5)):
        here = survey(Bowl((curvature,)), np.array([1.0]))
        assert backtrack(here, -here.gradient(), -(curvature**2), 1.0) == taken


@pytest.mark.parametrize("beyond", [float("nan"), float("inf"), float("-inf")])
def test_where_the_loss_is_not_finite_the_step_is_halved_until_it_is(beyond: float) -> None:
    here = survey(Cliff((0.1,), beyond=beyond), np.array([-1.0]))
    g = here.gradient()
    assert backtrack(here, -g, -float(g @ g), 64.0) == 16.0
    assert here.loss_at(np.array([5.0])) == np.inf


def test_nothing_better_along_a_line_leaves_the_point_as_it_is() -> None:
    here = survey(Bowl((1.0, 4.0)), np.array([2.0, 1.0]))
    before = here.state.copy()
    assert backtrack(here, here.gradient(), 20.0, 1.0) == 0.0  # uphill, as its slope says
    assert backtrack(here, here.gradient(), -20.0, 1.0) == 0.0  # uphill, whatever its slope says
    assert np.array_equal(here.state.theta, before.theta)
    assert np.array_equal(here.state.gradient, before.gradient)
    assert here.state.loss == before.loss


def test_where_losses_no_longer_differ_their_slopes_decide() -> None:
    """Near the minimum of a line fit whose residual stays, Armijo alone stops at √ε of the way."""
    X, y = some_data(1, 30)
    model = univariate_regression(X, y + 1e3 * np.cos(50 * X))
    assert model.optimum is not None
    here = survey(model, model.optimum.theta + 1e-9)
    before = here.state.gradient_norm
    for _ in range(60):
        g = here.gradient()
        backtrack(here, -g, -float(g @ g), 0.4)
    assert before > 1e-9
    assert here.state.gradient_norm < 1e-3 * before


def test_every_question_is_counted_with_the_examples_it_needs() -> None:
    model = univariate_regression(*some_data(1, 30))
    here = survey(model, np.ones(2))
    here.loss_at(np.zeros(2))
    here.gradient()
    here.gradient_at(np.zeros(2))
    counted = here.state.evaluations
    assert (counted.loss, counted.gradient, counted.samples) == (1, 2, 90)
    here = survey(model, np.ones(2), gradient="central_difference")
    here.gradient()
    here.gradient_at(np.zeros(2))
    counted = here.state.evaluations
    assert (counted.loss, counted.gradient, counted.samples) == (8, 0, 240)


def test_asking_elsewhere_moves_nothing_and_going_there_brings_loss_and_gradient() -> None:
    model = univariate_regression(*some_data(1, 30))
    here, there = survey(model, np.ones(2)), np.array([0.3, -0.2])
    before = here.state.copy()
    here.loss_at(there)
    here.gradient_at(np.array([7.0, 7.0]))
    assert np.array_equal(here.state.theta, before.theta)
    assert np.array_equal(here.state.gradient, before.gradient)
    here.go()
    fresh = starting_state(model, there)
    assert np.array_equal(here.state.theta, there)
    assert np.array_equal(here.state.gradient, fresh.gradient)
    assert here.state.loss == fresh.loss
