"""What holds for every registered optimizer: tested the moment it is registered."""

from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

import numpy as np
import pytest
from annotated_types import Ge, Gt, Le, Lt
from latex2mathml.converter import convert
from numpy.typing import NDArray

from app.engine.functions.bowls import Booth, QuadraticBowl
from app.engine.gradients import GRADIENTS
from app.engine.models import two_layer, univariate_regression
from app.engine.objective import Evaluate, Objective
from app.engine.optimizers import OPTIMIZERS, Settings, UnsuitableError
from app.engine.plan import Plan
from app.engine.plane_objective import PlaneObjective
from app.engine.replay import bind_step, count, starting_state
from app.engine.run import Run
from app.engine.schedules import Constant, Cosine
from app.texts import texts
from tests.engine.bowl import Bowl, KnownBowl
from tests.engine.setting import assert_same_path, assert_same_state, plan_from, random_start, run_from, some_data

Array = NDArray[np.float64]

KINDS: list[Any] = list(OPTIMIZERS)
NAMES = {
    *("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "amsgrad", "adamax"),
    *("nadam", "radam", "adamw", "backtracking", "conjugate_gradient", "newton", "bfgs", "random_search"),
    "nelder_mead",
}
SIGMOID = two_layer(*some_data(2, 20), 3, "sigmoid")
BOWLS: dict[str, Objective] = {
    "flat": Bowl((1.0, 10.0)),
    "with second derivatives": KnownBowl((10.0, 1.0)),
    "round": Bowl((2.0, 2.0)),
    "of the registry": PlaneObjective(QuadraticBowl()),
    "turned": PlaneObjective(Booth()),
}

every_optimizer = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
every_bowl = pytest.mark.parametrize("bowl", BOWLS.values(), ids=list(BOWLS))


@dataclass(frozen=True, eq=False)
class CountingBowl(Bowl):
    """Notes every evaluation that was asked of it."""

    asked: list[Array] = field(default_factory=list)

    def bind(self, theta: Array, gradient: Array | None) -> Evaluate:
        evaluate = super().bind(theta, gradient)

        def evaluate_noted() -> float:
            self.asked.append(theta.copy())
            return evaluate()

        return evaluate_noted


def test_all_kinds_that_the_contract_names_are_registered_once() -> None:
    assert sorted(kind().kind for kind in KINDS) == sorted(NAMES)


@every_optimizer
def test_formula_reference_and_texts_can_be_shown(kind: Any) -> None:
    optimizer, words = kind(), texts()
    assert convert(optimizer.formula).startswith("<math")
    assert len(optimizer.reference) > 10
    assert {f"optimizer.{optimizer.kind}.{part}" for part in ("title", "summary", "cost")} <= words.keys()
    for name in {item.name for item in fields(kind)} - {"kind"}:
        assert words.keys() & {f"optimizer.{optimizer.kind}.{name}", f"field.{name}"}


@every_optimizer
def test_every_constant_has_bounds_that_hold_its_default(kind: Any) -> None:
    hints = get_type_hints(kind, include_extras=True)
    for item in fields(kind):
        if item.name == "kind":
            continue
        value: Any = item.default
        bounds = hints[item.name].__metadata__
        assert [b for b in bounds if isinstance(b, Ge | Gt)]
        assert [b for b in bounds if isinstance(b, Le | Lt)]
        for bound in bounds:
            assert not isinstance(bound, Ge) or value >= bound.ge
            assert not isinstance(bound, Gt) or value > bound.gt
            assert not isinstance(bound, Le) or value <= bound.le
            assert not isinstance(bound, Lt) or value < bound.lt


@every_optimizer
@every_bowl
def test_descends_every_bowl_at_its_defaults(kind: Any, bowl: Objective) -> None:
    run = run_from(bowl, np.array([-2.5, 1.5]), kind())
    start = run.state.loss
    run.advance(2000 if kind().kind == "adadelta" else 300)  # Adadelta begins with steps of √ε
    assert run.state.loss < 0.02 * start
    assert run.status != "diverged"


@every_optimizer
def test_fits_a_line_at_its_defaults(kind: Any) -> None:
    x = np.linspace(-1, 3, 50)[None]
    model = univariate_regression(x, 2 * x - 1 + 0.5 * np.cos(9 * x))
    run = run_from(model, np.array([-2.0, 3.0]), kind())
    start = run.state.loss - model.quadratic.optimum().loss
    run.advance(3000 if kind().kind == "adadelta" else 300)
    assert run.state.loss - model.quadratic.optimum().loss < 0.05 * start


@every_optimizer
def test_stays_at_a_minimum(kind: Any) -> None:
    run = run_from(KnownBowl((1.0, 10.0)), np.zeros(2), kind())
    run.advance(20)
    assert np.array_equal(run.state.theta, np.zeros(2))
    assert run.status == "converged"


@every_optimizer
def test_remembers_as_many_rows_as_it_says_and_only_finite_numbers(kind: Any) -> None:
    run = run_from(SIGMOID, random_start(SIGMOID), kind())
    run.advance(30)
    assert run.state.memory.shape == (kind().memory_rows(13), 13)
    assert np.isfinite(run.state.memory).all()
    assert (run.state.kind, run.state.t, run.state.step, run.state.epoch) == (kind().kind, 30, 30, 30)


@every_optimizer
def test_leaves_loss_and_gradient_of_the_point_it_reached(kind: Any) -> None:
    run = run_from(SIGMOID, random_start(SIGMOID), kind())
    for _ in range(25):
        run.advance(1)
        fresh = starting_state(SIGMOID, run.state.theta)
        assert run.state.loss == fresh.loss
        assert np.array_equal(run.state.gradient, fresh.gradient)


@every_optimizer
def test_keeps_nothing_that_is_not_in_the_state(kind: Any) -> None:
    """Bound anew to a copy of the state before every step, it makes the steps it makes when bound once."""
    plan = plan_from(random_start(SIGMOID), kind(), batch_size=6 if kind.batches else None, seed=4)
    run, state = Run(SIGMOID, plan), starting_state(SIGMOID, plan.start)
    run.advance(40)
    with np.errstate(all="ignore"):
        for _ in range(40):
            state = state.copy()
            bound = bind_step(SIGMOID, plan, state)
            previous = state.loss
            loss = bound.step()
            state.arrive(loss, previous if bound.whole else state.batch_loss)
            count(bound, state, 1)
    assert_same_state(run.state, state)


@every_optimizer
def test_steps_cut_into_pieces_or_gone_back_on_are_the_same_path(kind: Any) -> None:
    plan = plan_from(random_start(SIGMOID), kind(), batch_size=6 if kind.batches else None, seed=4)
    once, often = Run(SIGMOID, plan), Run(SIGMOID, plan)
    once.advance(150)
    for steps in (1, 2, 30, 64):
        often.advance(steps)
    often.rewind(40)
    often.advance(110)
    assert_same_state(once.state, often.state)
    assert_same_path(once, often)


@every_optimizer
def test_two_runs_with_the_same_optimizer_do_not_disturb_each_other(kind: Any) -> None:
    """The recipe hands one instance to many sessions."""
    optimizer = kind()
    alone, one, other = (run_from(SIGMOID, random_start(SIGMOID, seed), optimizer) for seed in (1, 1, 2))
    alone.advance(20)
    for _ in range(20):
        one.advance(1)
        other.advance(1)
    assert_same_state(alone.state, one.state)


@every_optimizer
def test_looks_at_no_loss_without_counting_it(kind: Any) -> None:
    bowl = CountingBowl((1.0, 10.0))
    run = run_from(bowl, np.array([-2.5, 1.5]), kind())
    before = len(bowl.asked)
    run.advance(50)
    counted = run.state.evaluations
    assert len(bowl.asked) - before <= counted.loss + counted.gradient
    assert counted.samples == counted.loss + counted.gradient


@every_optimizer
def test_counts_every_example_of_every_evaluation(kind: Any) -> None:
    run = run_from(SIGMOID, random_start(SIGMOID), kind())
    run.advance(20)
    counted = run.state.evaluations
    assert counted.samples == 20 * (counted.loss + counted.gradient)
    assert counted.loss + counted.gradient >= 20


@every_optimizer
def test_mini_batches_are_learned_from_or_refused_with_the_reason(kind: Any) -> None:
    if not kind.batches:
        settings = Settings(optimizer=kind(), schedule=Constant(), batch_size=5)
        with pytest.raises(UnsuitableError) as refused:
            kind().check(SIGMOID, settings)
        assert (refused.value.where, refused.value.key) == ("batch_size", "unsuitable.batch_size")
        with pytest.raises(UnsuitableError):
            run_from(SIGMOID, random_start(SIGMOID), kind(), batch_size=5).advance(1)
        return
    run = run_from(SIGMOID, random_start(SIGMOID), kind(), batch_size=5)
    start = run.state.loss
    run.advance(400)
    assert run.state.loss < 0.8 * start
    assert (run.state.epoch, run.state.evaluations.samples) == (100, 2000)


@every_optimizer
def test_a_batch_as_large_as_the_data_is_no_batch(kind: Any) -> None:
    start = random_start(SIGMOID)
    whole, all_of_it = run_from(SIGMOID, start, kind()), run_from(SIGMOID, start, kind(), batch_size=20)
    whole.advance(10)
    all_of_it.advance(10)
    assert_same_state(whole.state, all_of_it.state)


@every_optimizer
@pytest.mark.parametrize("gradient", [way for way in GRADIENTS if way != "backprop"])
def test_differences_stand_in_for_the_gradient_or_are_refused_with_the_reason(kind: Any, gradient: str) -> None:
    start, settings = random_start(SIGMOID), Settings(optimizer=kind(), schedule=Constant(), gradient=gradient)
    if not kind.differences:
        with pytest.raises(UnsuitableError) as refused:
            kind().check(SIGMOID, settings)
        assert (refused.value.where, refused.value.key) == ("gradient", "unsuitable.gradient")
        return
    exact, estimated = run_from(SIGMOID, start, kind()), Run(SIGMOID, Plan(start, settings))
    exact.advance(3)
    estimated.advance(3)
    assert estimated.state.evaluations.gradient == 0
    assert estimated.state.evaluations.loss >= 3 * 13
    np.testing.assert_allclose(estimated.state.theta, exact.state.theta, rtol=1e-3, atol=1e-3)


@every_optimizer
def test_a_schedule_acts_on_a_learning_rate_or_is_refused_with_the_reason(kind: Any) -> None:
    start, schedule = random_start(SIGMOID), Cosine(steps=10)
    if "learning_rate" not in {item.name for item in fields(kind)}:
        with pytest.raises(UnsuitableError) as refused:
            kind().check(SIGMOID, Settings(optimizer=kind(), schedule=schedule))
        assert (refused.value.where, refused.value.key) == ("schedule", "unsuitable.schedule")
        return
    for gradient in ("backprop", "forward_difference"):
        run = run_from(SIGMOID, start, kind(), schedule=schedule, gradient=gradient)
        run.advance(15)
        path = run.path.thetas.rows
        moves = np.abs(np.diff(path, axis=0)).max(axis=1)
        assert (moves[:10] > 0).all()
        assert (moves[10:] == 0).all()  # η is 0 from step 10 on


@every_optimizer
def test_more_parameters_than_it_can_cope_with_are_refused_with_the_limit(kind: Any) -> None:
    most = kind.largest
    settings = Settings(optimizer=kind(), schedule=Constant())
    if most is None:
        kind().check(Bowl((1.0,) * 10_000), settings)
        return
    kind().check(Bowl((1.0,) * most), settings)
    with pytest.raises(UnsuitableError) as refused:
        kind().check(Bowl((1.0,) * (most + 1)), settings)
    assert refused.value.where == "optimizer"
    message = texts()[refused.value.key].format(**refused.value.values)
    assert str(most) in message
    assert str(most + 1) in message


@every_optimizer
def test_says_about_how_much_work_a_step_is(kind: Any) -> None:
    """The more evaluations a step makes the more it says, up to what an uninterrupted look around may cost."""
    run = run_from(SIGMOID, random_start(SIGMOID), kind())
    run.advance(50)
    evaluations = (run.state.evaluations.loss + run.state.evaluations.gradient) / 50
    said = kind().work(SIGMOID, "backprop") / SIGMOID.step_work
    assert 0.3 * evaluations <= said <= 20 * evaluations
    more = kind().work(SIGMOID, "central_difference") / SIGMOID.step_work
    assert more >= 2 * 13 or not kind.differences
