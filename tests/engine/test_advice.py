import json
from dataclasses import replace
from inspect import getsource
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine import advice as module
from app.engine.advice import Advice, advice
from app.engine.expressions.expression import Expression
from app.engine.functions import FUNCTIONS
from app.engine.models import two_layer, univariate_regression
from app.engine.optimizers import OPTIMIZERS, GradientDescent, Momentum
from app.engine.plan import ByHand, Event, Plan
from app.engine.plane_objective import PlaneObjective
from app.engine.run import Run
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]
X, y = some_data(1, 50)

TEXTS = json.loads((Path(__file__).parents[2] / "static/texts/en/advice.json").read_text(encoding="utf-8"))


def told(run: Run) -> Advice:
    """The advice for a run that must have diverged, its text filled in on the way."""
    assert run.diverged
    found = advice(run)
    assert found is not None
    assert "{" not in TEXTS[f"advice.{found.code}"].format(**found.values)
    numbers = [value for value in found.values.values() if not isinstance(value, str)]
    assert np.isfinite(numbers).all()
    return found


def typed(formula: str) -> PlaneObjective:
    return PlaneObjective(Expression(formula))


def follow(run: Run, found: Advice) -> Run:
    """Back to the step of the advice, on with its learning rate."""
    run.rewind(found.rewind)
    optimizer: Any = run.settings.optimizer
    assert found.learning_rate is not None
    settings = replace(run.settings, optimizer=replace(optimizer, learning_rate=found.learning_rate))
    run.change(Plan(run.plan.start, run.plan.settings, run.plan.seed, [Event(found.rewind, settings)]))
    return run


def test_a_run_that_did_not_diverge_gets_none() -> None:
    run = run_from(Bowl((1.0,)), np.ones(1))
    run.advance(10)
    assert advice(run) is None


def test_a_learning_rate_above_the_limit_is_told_with_the_limit() -> None:
    run = run_from(Bowl((0.1, 1.0)), np.ones(2), GradientDescent(learning_rate=3.2))
    run.advance(1000)
    found = told(run)
    assert found.code == "above_limit"
    assert found.values["formula"] == "2/λ"
    assert found.values["limit"] == pytest.approx(2.0, rel=1e-6)
    assert found.values["learning_rate"] == 3.2
    assert found.learning_rate is not None
    assert found.learning_rate < 2.0


def test_it_goes_back_to_where_the_loss_was_lowest() -> None:
    run = run_from(Bowl((0.01, 1.0)), np.array([100.0, 1e-3]), GradientDescent(learning_rate=3.2))
    run.advance(1000)
    recorded = run.path.scalars.rows[:, 0]
    assert told(run).rewind == int(recorded.argmin()) > 0


def test_advice_leaves_the_run_as_it_is() -> None:
    run = run_from(Bowl((1.0,)), np.ones(1), Momentum(learning_rate=4.0))
    run.advance(1000)
    before = run.state.copy()
    advice(run)
    assert np.array_equal(run.state.theta, before.theta)
    assert np.array_equal(run.state.memory, before.memory)
    assert (run.state.step, run.state.evaluations, run.diverged) == (before.step, before.evaluations, True)


@given(
    seed=st.integers(0, 30),
    scale=st.floats(0.01, 1e4),
    excess=st.floats(1.05, 50.0),
    momentum=st.booleans(),
    activation=st.sampled_from(["identity", "sigmoid"]),
)
def test_following_the_advice_holds(seed: int, scale: float, excess: float, momentum: bool, activation: str) -> None:
    X, y = some_data(2, 20, seed=seed)
    model = two_layer(scale * X, y, 3, activation)
    start = np.random.default_rng(seed).standard_normal(model.layout.size)
    kind = Momentum if momentum else GradientDescent
    run = run_from(model, start, kind(learning_rate=min(100.0, excess / scale)))
    run.advance(300)
    if not run.diverged:
        return
    found = told(run)
    lowest = run.state_at(found.rewind).loss
    assert follow(run, found).advance(60) == 60
    assert run.state.loss <= max(lowest, run.first_loss)


def test_a_line_fit_on_raw_data_gets_a_learning_rate_that_reaches_the_bottom_of_the_steep_direction() -> None:
    x = np.linspace(1e5, 5e5, 16)[None]
    run = run_from(univariate_regression(x, 3.0 * x), np.zeros(2), GradientDescent(learning_rate=0.1))
    run.advance(100)
    follow(run, told(run)).advance(200)
    assert run.state.loss < 1e-6 * run.first_loss


def test_a_rate_that_only_mini_batches_break_is_told_so() -> None:
    run = run_from(univariate_regression(X, y), np.ones(2), GradientDescent(learning_rate=0.9), batch_size=1)
    run.advance(5000)
    found = told(run)
    assert found.code == "batch_above_limit"
    assert found.values["batch_size"] == 1
    assert follow(run, found).advance(2000) == 2000


def test_values_set_by_hand_that_are_too_large_are_told_so() -> None:
    start = np.ones(1)
    plan = run_from(Bowl((1.0,)), start).plan
    run = Run(Bowl((1.0,)), replace(plan, events=[Event(5, by_hand=ByHand(np.array([0]), np.array([1e9])))]))
    run.advance(20)
    assert (told(run).code, told(run).rewind, run.state.step) == ("set_by_hand", 5, 5)


def test_a_loss_without_a_bottom_is_not_blamed_on_the_learning_rate() -> None:
    run = run_from(Bowl((1.0, -1.0)), np.array([1.0, 0.1]))
    run.advance(100_000)
    found = told(run)
    assert (found.code, found.learning_rate) == ("unbounded", None)


@pytest.mark.parametrize("learning_rate", [1.0, 30.0])
def test_a_loss_that_falls_without_end_in_a_step_or_two_is_not_blamed_on_it_either(learning_rate: float) -> None:
    run = run_from(typed("-exp(x) - y"), np.array([1.7, -0.9]), GradientDescent(learning_rate=learning_rate))
    run.advance(1000)
    assert (told(run).code, told(run).learning_rate) == ("unbounded", None)


@pytest.mark.parametrize("formula", ["log(x)", "sqrt(x)", "sqrt(x) - y"])
def test_a_step_to_where_a_formula_has_no_value_is_told_so(formula: str) -> None:
    run = run_from(typed(formula), np.array([1.7, -0.9]), GradientDescent(learning_rate=20.0))
    run.advance(1000)
    found = told(run)
    assert found.code == "no_value"
    assert follow(run, found).advance(64) == 64


@pytest.mark.parametrize("formula", ["1/(x^2 + 1e-300*y^2)", "-exp(x)", "log(x)"])
@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS if hasattr(kind, "learning_rate")])
def test_what_is_said_to_hold_does_on_formulas_without_a_bottom(formula: str, kind: Any) -> None:
    run = run_from(typed(formula), np.array([1.7, -0.9]), kind(learning_rate=2.0))
    run.advance(400)
    if run.diverged and (found := told(run)).learning_rate is not None:
        assert follow(run, found).advance(64) == 64


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_whatever_diverges_on_a_classic_function_is_told_something_that_holds(name: str, kind: Any) -> None:
    function = FUNCTIONS[name]()
    objective, optimizer = PlaneObjective(function), kind()
    if hasattr(optimizer, "learning_rate"):
        optimizer = replace(optimizer, learning_rate=100.0)
    run = run_from(objective, np.array(function.start), optimizer)
    run.advance(2_000)
    if run.diverged and (found := told(run)).learning_rate is not None:
        lowest = run.state_at(found.rewind).loss
        assert follow(run, found).advance(64) == 64
        assert run.state.loss <= max(lowest, run.first_loss)


def test_no_advice_takes_long() -> None:
    times = []
    for model in (univariate_regression(X, y), two_layer(np.vstack([X, X]), y, 8, "identity")):
        run = run_from(model, random_start(model), GradientDescent(learning_rate=5.0))
        run.advance(500)
        told(run)
        begin = perf_counter()
        advice(run)
        times.append(perf_counter() - begin)
    assert max(times) < 0.1  # 5 ms on a machine that has nothing else to do


def test_texts_and_codes_belong_together() -> None:
    source = getsource(module)
    for key in TEXTS:
        if key.startswith("advice."):
            assert f'"{key.removeprefix("advice.")}"' in source
