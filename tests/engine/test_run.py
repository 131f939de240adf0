from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.gradients import GRADIENTS
from app.engine.model import Model
from app.engine.models import multivariate_regression, two_layer, univariate_regression
from app.engine.optimizers import OPTIMIZERS, GradientDescent, Momentum, Settings
from app.engine.plan import ByHand, Event, Plan, Until
from app.engine.replay import NotFiniteError
from app.engine.run import Run
from app.engine.schedules import Constant
from tests.engine import reference
from tests.engine.bowl import Bowl
from tests.engine.setting import assert_same_path, assert_same_state, plan_from, random_start, run_from, some_data

Array = NDArray[np.float64]

X, y = some_data(2, 20)
SIGMOID = two_layer(X, y, 3, "sigmoid")
START = random_start(SIGMOID)
KINDS: list[Any] = list(OPTIMIZERS)


def settings(optimizer: Any, **others: Any) -> Settings:
    return Settings(optimizer=optimizer, **{"schedule": Constant(), **others})


def by_hand(**values: float) -> ByHand:
    places = [SIGMOID.layout.index(name) for name in values]
    return ByHand(np.array(places), np.array(list(values.values())))


def textbook_gradient(model: Model, theta: Array, columns: Any) -> Array:
    """∂L/∂θ on some examples by the explicit equations."""
    values = {name: np.atleast_2d(value) for name, value in model.layout.unpack(theta).items()}
    inputs, outputs = model.X[:, columns], model.Y[:, columns]
    if len(values) == 2:
        _, gradients = reference.line_gradients(values["w"], values["b"], inputs, outputs)
    else:
        sigmoid = model.network.activation == "sigmoid"
        _, gradients = reference.two_layer_gradients(**values, X=inputs, y=outputs, sigmoid=sigmoid)
    return model.layout.pack({p.name: gradients[p.name].reshape(p.shape).tolist() for p in model.layout.parameters})


FOUR_MODELS = [
    univariate_regression(X[:1], y),
    multivariate_regression(X, y),
    two_layer(X, y, 3, "identity"),
    SIGMOID,
]


@pytest.mark.parametrize("model", FOUR_MODELS)
@pytest.mark.parametrize("momentum", [None, 0.8])
@pytest.mark.parametrize("batch_size", [None, 7, 1, 20, 1000])
def test_two_hundred_steps_are_those_of_the_textbook_loop(
    model: Model, momentum: float | None, batch_size: int | None
) -> None:
    optimizer = GradientDescent(learning_rate=0.02) if momentum is None else Momentum(learning_rate=0.02, momentum=0.8)
    run = run_from(model, random_start(model), optimizer, batch_size=batch_size, seed=5)
    run.advance(200)
    theta, size, step, epoch = random_start(model), min(batch_size or 20, 20), 0, 0
    v = np.zeros_like(theta)
    while step < 200:
        order = np.random.default_rng([5, 1, epoch]).permutation(20)
        for begin in range(0, 20, size):
            if step < 200:
                v = (momentum or 0.0) * v + textbook_gradient(model, theta, order[begin : begin + size])
                theta, step = theta - 0.02 * v, step + 1
        epoch += 1
    np.testing.assert_allclose(run.state.theta, theta, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(run.state.gradient, textbook_gradient(model, theta, slice(None)), rtol=1e-9, atol=1e-12)


def some_plan(kinds: tuple[int, int], batch_size: int | None, gradient: str, at: tuple[int, int]) -> Plan:
    """One optimizer, then another or other constants, then values by hand."""
    first, second = (KINDS[kind % len(KINDS)]() for kind in kinds)
    sizes = {kind: batch_size if kind.batches else None for kind in (first, second)}
    ways = {kind: gradient if kind.batches else "backprop" for kind in (first, second)}
    begin, then = (settings(kind, batch_size=sizes[kind], gradient=ways[kind]) for kind in (first, second))
    events = [Event(at[0], then), Event(at[1], by_hand=by_hand(**{"w2[1]": 0.25, "b2": -0.5}))]
    return Plan(START, begin, seed=3, events=sorted(events, key=lambda event: event.at))


@given(
    kinds=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    batch_size=st.sampled_from([None, 1, 6, 19]),
    gradient=st.sampled_from(list(GRADIENTS)),
    at=st.tuples(st.integers(0, 70), st.integers(0, 70)),
    cuts=st.lists(st.integers(0, 80), max_size=6),
)
def test_steps_in_one_call_or_many_give_the_same_path(
    kinds: tuple[int, int], batch_size: int | None, gradient: str, at: tuple[int, int], cuts: list[int]
) -> None:
    plan = some_plan(kinds, batch_size, gradient, at)
    once, often = Run(SIGMOID, plan, max_path_bytes=2_000), Run(SIGMOID, plan, max_path_bytes=2_000)
    once.advance(80)
    for cut in sorted(cuts):
        often.advance(cut - often.state.step)
    often.advance(80 - often.state.step)
    assert_same_state(once.state, often.state)
    assert_same_path(once, often)


@given(
    kinds=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    batch_size=st.sampled_from([None, 1, 6, 19]),
    at=st.tuples(st.integers(0, 70), st.integers(0, 70)),
    back=st.integers(0, 80),
)
def test_going_back_and_on_again_comes_to_the_same_states(
    kinds: tuple[int, int], batch_size: int | None, at: tuple[int, int], back: int
) -> None:
    plan = some_plan(kinds, batch_size, "backprop", at)
    straight, there = Run(SIGMOID, plan), Run(SIGMOID, plan)
    straight.advance(80)
    there.advance(back)
    assert_same_state(straight.state_at(back), there.state)
    last = straight.state.copy()
    straight.rewind(back)
    assert_same_state(straight.state, there.state)
    assert_same_path(straight, there)
    straight.advance(80 - back)
    assert_same_state(straight.state, last)


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_changes_a_run_only_where_it_draws(kind: Any) -> None:
    size = 5 if kind.batches else None
    one, other = (Run(SIGMOID, Plan(START, settings(kind(), batch_size=size), seed)) for seed in (0, 1))
    one.advance(10)
    other.advance(10)
    draws = size is not None or kind().kind == "random_search"
    assert np.array_equal(one.state.theta, other.state.theta) != draws


@pytest.mark.parametrize("at", [31, 32, 63, 64, 255, 256])
def test_values_set_by_hand_just_before_a_checkpoint_are_a_step_like_any_other(at: int) -> None:
    run = Run(SIGMOID, replace(plan_from(START, GradientDescent()), events=[Event(at, by_hand=by_hand(b2=2.0))]))
    assert run.advance(300) == 300
    assert run.state_at(at + 1).theta[SIGMOID.layout.index("b2")] == 2.0
    assert_same_state(run.state_at(290), run_to(run.plan, 290))


def run_to(plan: Plan, step: int) -> Any:
    run = Run(SIGMOID, plan)
    run.advance(step)
    return run.state


def test_an_event_given_ahead_or_when_its_step_has_come_is_the_same() -> None:
    plan = plan_from(START, Momentum(learning_rate=0.1))
    changed = replace(plan, events=[Event(17, settings(Momentum(learning_rate=0.02), batch_size=6))])
    ahead, there = Run(SIGMOID, changed), Run(SIGMOID, plan)
    ahead.advance(40)
    there.advance(17)
    there.change(changed)
    there.advance(23)
    assert_same_state(ahead.state, there.state)
    assert_same_path(ahead, there)


def test_other_constants_keep_the_memory_and_another_kind_starts_afresh() -> None:
    plan = plan_from(START, Momentum(learning_rate=0.1))
    same, other = (
        Run(SIGMOID, replace(plan, events=[Event(5, settings(kind))]))
        for kind in (Momentum(learning_rate=0.1), GradientDescent(learning_rate=0.1))
    )
    same.advance(6)
    other.advance(6)
    five = Run(SIGMOID, plan)
    five.advance(5)
    np.testing.assert_allclose(
        same.state.theta, five.state.theta - 0.1 * (0.9 * five.state.memory[0] + five.state.gradient), rtol=1e-12
    )
    np.testing.assert_allclose(other.state.theta, five.state.theta - 0.1 * five.state.gradient, rtol=1e-12)
    assert (same.state.t, other.state.t) == (6, 1)


def test_values_set_by_hand_take_a_step_and_forget_the_memory() -> None:
    event = Event(5, by_hand=by_hand(**{"W1[2,1]": 9.0}))
    plan = replace(plan_from(START, Momentum(learning_rate=0.1)), events=[event])
    run = Run(SIGMOID, plan)
    run.advance(6)
    before, after = run.state_at(5), run.state.copy()
    place = SIGMOID.layout.index("W1[2,1]")
    assert after.theta[place] == 9.0
    assert np.array_equal(np.delete(after.theta, place), np.delete(before.theta, place))
    assert after.loss == SIGMOID.loss(after.theta)
    assert (after.step, after.t, after.batch_loss) == (6, 0, None)
    assert after.evaluations == before.evaluations
    run.advance(1)
    np.testing.assert_allclose(run.state.theta, after.theta - 0.1 * after.gradient, rtol=1e-12)


def test_a_schedule_counts_the_steps_of_the_run_and_does_not_start_again() -> None:
    class Third:
        kind, is_constant, formula, reference = "third", False, "", ""

        def rate(self, learning_rate: float, step: int) -> float:
            return learning_rate * (1 + step % 3)

    slow, quick = (settings(GradientDescent(learning_rate=η), schedule=Third()) for η in (0.1, 0.2))
    run = Run(Bowl((1.0,)), Plan(np.ones(1), slow, events=[Event(4, quick)]))
    run.advance(7)
    rates = [0.1, 0.2, 0.3, 0.1, 0.4, 0.6, 0.2]
    assert run.state.theta[0] == pytest.approx(np.prod([1 - η for η in rates]), rel=1e-12)


@pytest.mark.parametrize("batch_size", [None, 6])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_diverging_run_stands_at_its_last_point_within_the_limit(batch_size: int | None, momentum: float) -> None:
    model = two_layer(X, 50 * y, 3, "identity")
    optimizer = Momentum(learning_rate=0.05, momentum=momentum)
    run = run_from(model, random_start(model), optimizer, batch_size=batch_size)
    made = run.advance(10_000)
    assert (run.status, made) == ("diverged", run.state.step)
    assert run.state.loss <= 1e12 * max(1.0, run.first_loss)
    assert all(np.isfinite(values).all() for values in (run.state.theta, run.state.gradient, run.state.memory))
    assert run.state.loss == model.loss(run.state.theta)
    assert_same_state(run.state, run.state_at(run.state.step))
    assert int(run.path.scalars.steps[-1]) <= run.state.step < int(run.path.scalars.steps[-1]) + run.path.scalars.stride
    assert run.advance(10) == 0
    shorter = run_from(model, random_start(model), optimizer, batch_size=batch_size)
    shorter.advance(made)
    assert_same_state(shorter.state, run.state)
    shorter.advance(1)
    assert shorter.diverged
    assert_same_state(shorter.state, run.state)


def test_a_loss_above_the_limit_is_divergence_even_though_it_is_finite() -> None:
    run = run_from(Bowl((1.0,)), np.full(1, 10.0), GradientDescent(learning_rate=3.0))
    run.advance(1000)
    assert run.diverged
    assert 50.0 * 4.0**run.state.step <= 1e12 * 50.0 < 50.0 * 4.0 ** (run.state.step + 1)


def test_a_step_to_minus_infinity_is_divergence_too() -> None:
    run = run_from(Bowl((-1.0,)), np.ones(1), GradientDescent(learning_rate=100.0))
    run.advance(10_000)
    assert run.diverged
    assert np.isfinite(run.state.loss)
    assert np.isfinite(run.path.scalars.rows).all()


def test_a_diverged_run_goes_on_from_where_it_stands_with_a_smaller_learning_rate() -> None:
    run = run_from(Bowl((1.0,)), np.ones(1), GradientDescent(learning_rate=3.0))
    run.advance(100)
    stood = run.state.step
    run.change(replace(run.plan, events=[Event(stood, settings(GradientDescent(learning_rate=0.5)))]))
    assert not run.diverged
    assert run.advance(200) == 200
    assert run.status == "converged"


def test_a_start_whose_loss_is_not_finite_is_refused() -> None:
    with pytest.raises(NotFiniteError):
        run_from(Bowl((1.0,)), np.full(1, 1e200))


@pytest.mark.parametrize("goal", [Until(loss=1e-3), Until(gradient_norm=1e-2), Until(loss=1e-3, gradient_norm=0.1)])
def test_a_goal_stops_the_run_at_the_first_point_that_reaches_it(goal: Until) -> None:
    def reached(loss: float, norm: float) -> bool:
        return (goal.loss is not None and loss <= goal.loss) or (
            goal.gradient_norm is not None and norm <= goal.gradient_norm
        )

    plain, run = run_from(Bowl((1.0, 0.3)), np.ones(2)), run_from(Bowl((1.0, 0.3)), np.ones(2))
    plain.advance(1000)
    losses, norms = plain.path.scalars.rows.T
    expected = next(k for k in range(1, 1001) if reached(losses[k], norms[k]))
    assert run.advance(1000, until=goal) == expected
    assert_same_state(run.state, plain.state_at(expected))
    run.advance(1000 - expected)
    assert_same_state(run.state, plain.state)
    assert_same_path(run, plain)


def test_a_deadline_that_has_passed_stops_a_run_soon_and_changes_no_number() -> None:
    run, plain = run_from(SIGMOID, START), run_from(SIGMOID, START)
    while run.state.step < 1000:
        made = run.advance(1000 - run.state.step, deadline=perf_counter())
        assert 0 < made <= 256
    plain.advance(1000)
    assert_same_state(run.state, plain.state)
    assert_same_path(run, plain)


def test_a_run_has_converged_when_its_gradient_is_small_beside_that_of_the_start() -> None:
    run = run_from(Bowl((1.0,)), np.full(1, 1e6))
    seen = [run.status for _ in range(3) if run.advance(100)]
    assert seen == ["running", "running", "converged"]
    assert run.state.gradient_norm <= 1e-4 < run.state_at(200).gradient_norm
    assert run.advance(5) == 5, "convergence is a remark and stops nothing"


@pytest.mark.parametrize("batch_size", [None, 6, 1])
@pytest.mark.parametrize("gradient", GRADIENTS)
def test_evaluations_samples_and_epochs_are_counted_honestly(batch_size: int | None, gradient: str) -> None:
    run = run_from(SIGMOID, START, batch_size=batch_size, gradient=gradient)
    run.advance(9)
    size, P = batch_size or 20, len(START)
    seen = {None: 9 * 20, 6: 6 + 6 + 6 + 2 + 6 + 6 + 6 + 2 + 6, 1: 9}[batch_size]
    losses = {"backprop": 0, "forward_difference": P + 1, "central_difference": 2 * P}[gradient]
    assert run.state.evaluations.loss == 9 * losses
    assert run.state.evaluations.gradient == (9 if gradient == "backprop" else 0)
    assert run.state.evaluations.samples == seen * max(1, losses)
    assert run.state.epoch * 20 + run.state.offset == (180 if size == 20 else seen)


def test_the_loss_of_the_batch_is_the_one_before_the_step() -> None:
    run = run_from(SIGMOID, START, batch_size=6)
    assert run.state.batch_loss is None
    run.advance(1)
    batch = np.random.default_rng([0, 1, 0]).permutation(20)[:6]
    part = two_layer(X[:, batch], y[:, batch], 3, "sigmoid")
    assert run.state.batch_loss == pytest.approx(part.loss(START), rel=1e-13)
    whole = run_from(SIGMOID, START)
    whole.advance(1)
    assert whole.state.batch_loss == SIGMOID.loss(START)


def test_the_lowest_point_is_remembered_whatever_is_thinned() -> None:
    run = run_from(SIGMOID, START, GradientDescent(learning_rate=0.3), batch_size=3)
    assert run.advance(700) == 700
    losses = [run.state_at(step).loss for step in range(701)]
    assert (run.state.best_loss, run.state.best_step) == (min(losses), int(np.argmin(losses)))


def test_the_recorded_points_are_the_states_of_their_steps() -> None:
    run = Run(SIGMOID, plan_from(START, Momentum(), batch_size=7), max_path_bytes=3_000)
    run.advance(900)
    scalars, thetas = run.path.scalars, run.path.thetas
    assert scalars.stride > 1
    for step, (loss, norm) in zip(scalars.steps, scalars.rows, strict=True):
        state = run.state_at(int(step))
        assert (state.loss, state.gradient_norm) == (loss, norm)
    for step, theta in zip(thetas.steps, thetas.rows, strict=True):
        assert np.array_equal(run.state_at(int(step)).theta, theta)


def test_going_back_never_computes_more_than_a_thirty_second_of_the_run_again() -> None:
    calls = 0

    class Counting(Bowl):
        def bind(self, theta: Array, gradient: Array | None) -> Any:
            evaluate = super().bind(theta, gradient)

            def counted() -> float:
                nonlocal calls
                calls += 1
                return evaluate()

            return counted

    run = run_from(Counting((1.0,)), np.ones(1), GradientDescent(learning_rate=1e-3))
    run.advance(20_000)
    for step in (1, 31, 4_567, 9_999, 19_999):
        calls = 0
        run.state_at(step)
        assert calls <= 20_000 / 32


def test_resetting_means_the_same_start_again() -> None:
    run = run_from(SIGMOID, START, batch_size=4)
    run.advance(30)
    run.rewind(0)
    assert_same_state(run.state, run_from(SIGMOID, START, batch_size=4).state)
    assert np.array_equal(run.plan.start, random_start(SIGMOID))
