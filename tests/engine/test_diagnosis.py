from dataclasses import replace

import numpy as np
import pytest

from app.engine.diagnosis import diagnose
from app.engine.models import multivariate_regression, two_layer, univariate_regression
from app.engine.optimizers import Adam, GradientDescent, Momentum, NAdam
from app.engine.plan import Event
from app.engine.run import Run
from tests.engine.bowl import Bowl, KnownBowl
from tests.engine.setting import run_from, some_data


@pytest.mark.parametrize("optimizer", [GradientDescent(learning_rate=0.15), Momentum(learning_rate=0.05, momentum=0.6)])
def test_the_observed_rate_comes_to_that_of_theory(optimizer: GradientDescent | Momentum) -> None:
    X, y = some_data(3, 60)
    run = run_from(multivariate_regression(X, y), np.ones(4), optimizer)
    run.advance(120)
    found = diagnose(run, run.state)
    assert found.rate_theory is not None
    assert found.rate_observed == pytest.approx(found.rate_theory, rel=0.02)
    assert found.violated is None


def test_a_line_fit_knows_condition_number_optimum_and_best_constants() -> None:
    X, y = some_data(1, 30)
    run = run_from(univariate_regression(X, y), np.zeros(2))
    found = diagnose(run, run.state)
    λ = np.linalg.eigvalsh(2.0 / 30 * np.vstack([X, np.ones(30)]) @ np.vstack([X, np.ones(30)]).T)
    assert found.condition_number == pytest.approx(λ[1] / λ[0])
    assert found.best is not None
    assert found.best["learning_rate"] == pytest.approx(2.0 / λ.sum())
    assert found.limit is not None
    assert found.limit.value == pytest.approx(2.0 / λ[1])
    assert found.optimum is not None
    assert found.optimum.unique


def test_what_holds_only_for_quadratics_is_not_claimed_for_a_network() -> None:
    X, y = some_data(2, 30)
    run = run_from(two_layer(X, y, 3, "sigmoid"), np.linspace(-1.0, 1.0, 13))
    found = diagnose(run, run.state)
    assert found.spectrum is not None
    assert found.limit is not None
    assert (found.condition_number, found.rate_theory, found.best, found.optimum) == (None, None, None, None)


def test_a_saddle_has_a_rate_above_one_and_no_best_constants() -> None:
    run = run_from(KnownBowl((2.0, -1.0)), np.ones(2))
    found = diagnose(run, run.state)
    assert found.rate_theory == pytest.approx(1.1)
    assert found.best is None


def test_an_earlier_step_is_diagnosed_with_what_was_in_force_then() -> None:
    plan = run_from(Bowl((1.0,)), np.ones(1)).plan
    louder = replace(plan.settings, optimizer=GradientDescent(learning_rate=2.5))
    run = Run(Bowl((1.0,)), replace(plan, events=[Event(20, louder)]))
    run.advance(40)
    then, now = diagnose(run, run.state_at(20)), diagnose(run, run.state)
    assert diagnose(run, run.state_at(19)).learning_rate == 0.1
    assert (then.violated, now.violated) == ("η < 2/λ", "η < 2/λ")
    assert diagnose(run, run.state_at(19)).rate_observed == pytest.approx(0.9)
    assert now.rate_observed == pytest.approx(1.5)


def test_a_diverged_run_says_which_inequality_broke() -> None:
    run = run_from(Bowl((1.0,)), np.ones(1), Momentum(learning_rate=4.5, momentum=0.9))
    run.advance(500)
    assert diagnose(run, run.state).violated == "η < 2(1 + μ)/λ"
    assert diagnose(run, run.state_at(0)).violated == "η < 2(1 + μ)/λ"


def test_no_rate_is_read_from_two_points_or_from_a_gradient_of_nought() -> None:
    run = run_from(Bowl((1.0,)), np.zeros(1))
    assert diagnose(run, run.state).rate_observed is None
    run.advance(10)
    assert diagnose(run, run.state).rate_observed is None


def test_a_limit_is_fixed_only_where_neither_curvature_nor_memory_moves_it() -> None:
    X, y = some_data(1, 30)
    line, net = univariate_regression(X, y), two_layer(X, y, 2, "sigmoid")
    cases = ((line, Momentum(), True), (line, Adam(), False), (net, Momentum(), False), (net, NAdam(), True))
    for model, optimizer, fixed in cases:
        run = run_from(model, np.ones(model.layout.size), optimizer)
        run.advance(1)
        first = diagnose(run, run.state)
        run.advance(5)
        later = diagnose(run, run.state)
        assert first.fixed == later.fixed == fixed
        assert (first.limit and first.limit.value) == (later.limit and later.limit.value) or not fixed
