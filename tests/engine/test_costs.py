"""What steps cost, told at every point of a path: against a run that is asked after each of its steps."""

from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest

from app.engine.costs import MOST_ROWS, Costs
from app.engine.models import two_layer
from app.engine.optimizers import OPTIMIZERS, Backtracking, GradientDescent, Settings
from app.engine.plan import ByHand, Event, Plan
from app.engine.run import Run
from app.engine.schedules import Constant
from app.engine.state import Evaluations
from tests.engine.setting import plan_from, random_start, run_from, some_data

X, y = some_data(2, 20)
SIGMOID = two_layer(X, y, 3, "sigmoid")
START = random_start(SIGMOID)
KINDS: list[Any] = list(OPTIMIZERS)
CUTS = (1, 7, 30, 2, 300)


def counted(run: Run) -> tuple[int, int, int]:
    spent = run.state.evaluations
    return spent.loss, spent.gradient, spent.samples


def followed(plan: Plan, steps: int) -> np.ndarray[Any, Any]:
    """Counts after 0, 1, 2 … steps, (3, N): the state's own."""
    run = Run(SIGMOID, plan)
    told = [counted(run)]
    while len(told) <= steps and run.advance(1):
        told.append(counted(run))
    return np.array(told).T


@pytest.mark.parametrize("kind", KINDS)
def test_the_counts_at_each_step_are_those_the_state_had_there(kind: Any) -> None:
    plan = plan_from(START, kind())
    told = followed(plan, 60)
    run = Run(SIGMOID, plan)
    for steps in islice(cycle(CUTS), 6):
        run.advance(min(steps, told.shape[1] - 1 - run.state.step))
    np.testing.assert_array_equal(run.costs.at(np.arange(told.shape[1])), told)


@pytest.mark.parametrize("settings", [{"batch_size": 7}, {"gradient": "central_difference"}, {"batch_size": 1}])
def test_batches_and_differences_are_counted_at_each_step(settings: Any) -> None:
    plan = plan_from(START, GradientDescent(learning_rate=0.05), **settings)
    told = followed(plan, 100)
    run = Run(SIGMOID, plan)
    run.advance(100)
    np.testing.assert_array_equal(run.costs.at(np.arange(101)), told)


def test_events_and_values_by_hand_change_the_price() -> None:
    slow, searching = (Settings(optimizer=one, schedule=Constant()) for one in (GradientDescent(), Backtracking()))
    by_hand = ByHand(np.array([0]), np.array([0.5]))
    plan = Plan(START, slow, events=[Event(10, searching), Event(20, None, by_hand), Event(30, slow)])
    told = followed(plan, 40)
    run = Run(SIGMOID, plan)
    run.advance(40)
    np.testing.assert_array_equal(run.costs.at(np.arange(41)), told)
    assert (told[:, 21] == told[:, 20]).all()


def test_back_at_an_earlier_step_less_has_been_spent() -> None:
    run = run_from(SIGMOID, START, Backtracking())
    run.advance(50)
    whole = run.costs.at(np.arange(51))
    run.rewind(23)
    np.testing.assert_array_equal(run.costs.at(np.arange(24)), whole[:, :24])
    run.advance(27)
    np.testing.assert_array_equal(run.costs.at(np.arange(51)), whole)


def test_a_run_of_any_length_keeps_a_bounded_number_of_rows_and_its_total_exactly() -> None:
    rng, costs, total = np.random.default_rng(0), Costs(), np.zeros(3, dtype=int)
    told = [total.copy()]
    for price in rng.integers(1, 9, (5000, 3)):
        costs.add(1, Evaluations(*map(int, price)))
        total += price
        told.append(total.copy())
    assert len(costs.rows) <= MOST_ROWS
    assert costs.rows[-1] == (5000, *total)
    between = costs.at(np.arange(5001))
    assert (np.diff(between) >= 0).all()
    assert np.abs(between - np.array(told).T).max() < 0.01 * total.max()


def test_rows_do_not_depend_on_how_steps_were_cut() -> None:
    prices = np.random.default_rng(1).integers(1, 3, 2000).repeat(np.random.default_rng(2).integers(1, 4, 2000))
    one_by_one, at_once = Costs(), Costs()
    for price in prices:
        one_by_one.add(1, Evaluations(loss=int(price)))
    ends = [*np.flatnonzero(np.diff(prices)), len(prices) - 1]
    for first, last in zip([-1, *ends], ends, strict=False):
        at_once.add(int(last - first), Evaluations(loss=int(prices[last])))
    assert one_by_one.rows == at_once.rows
