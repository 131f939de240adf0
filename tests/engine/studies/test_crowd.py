"""Runs made side by side against runs made alone by `advance`, which is tested against everything else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.functions import FUNCTIONS
from app.engine.models import two_layer, univariate_regression
from app.engine.objective import Objective
from app.engine.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, Settings
from app.engine.plan import Plan
from app.engine.plane_objective import PlaneObjective
from app.engine.replay import NotFiniteError
from app.engine.run import Run
from app.engine.schedules import SCHEDULES, Constant
from app.engine.studies.crowd import STAYS, Crowd, Outcome
from app.engine.studies.stepping import goes_together
from app.engine.studies.sweep import MOMENTA, momentum_of
from tests.engine.bowl import Bowl
from tests.engine.setting import some_data

Array = NDArray[np.float64]

STEPS = 40
OBJECTIVES: dict[str, Objective] = {
    "himmelblau": PlaneObjective(FUNCTIONS["himmelblau"]()),
    "line": univariate_regression(*some_data(1, 20)),
    "sigmoid": two_layer(*some_data(2, 30), 3, "sigmoid"),
    "any other": Bowl((1.0, 10.0)),
}
every_objective = pytest.mark.parametrize("name", OBJECTIVES)
every_optimizer = pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.__name__)


def starts(objective: Objective, number: int = 6) -> Array:
    return np.random.default_rng(3).standard_normal((number, objective.layout.size))


def settings_of(optimizer: Any, **others: Any) -> Settings:
    return Settings(optimizer=optimizer, **{"schedule": Constant(), **others})


def crowd_of(
    objective: Objective,
    settings: Settings,
    thetas: Array,
    steps: int = STEPS,
    constants: Mapping[str, Array] | None = None,
    goal: float | None = None,
) -> Crowd:
    crowd = Crowd(thetas, goal)
    for _ in crowd.march(objective, settings, 5, steps, constants or {}):
        pass
    return crowd


def alone(objective: Objective, settings: Settings, theta: Array, steps: int = STEPS) -> Run:
    run = Run(objective, Plan(theta, settings, 5))
    run.advance(steps)
    return run


def assert_stand_alike(crowd: Crowd, runs: Iterator[Run]) -> None:
    """Outcome and steps exactly, loss and θ up to the rounding of products in another order."""
    for row, run in enumerate(runs):
        assert crowd.outcome[row] == (Outcome.DIVERGED if run.diverged else Outcome.ON_THE_WAY)
        assert crowd.steps[row] == run.state.step
        assert crowd.losses[row] == pytest.approx(run.state.loss, rel=1e-9, abs=1e-12)
        if not run.diverged:
            np.testing.assert_allclose(crowd.theta[row], run.state.theta, rtol=1e-8, atol=1e-10)


@every_objective
@every_optimizer
def test_each_goes_as_it_would_alone(kind: Any, name: str) -> None:
    objective, settings = OBJECTIVES[name], settings_of(kind())
    thetas = starts(objective)
    assert_stand_alike(crowd_of(objective, settings, thetas), (alone(objective, settings, theta) for theta in thetas))


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS if kind.batches])
def test_mini_batches_are_the_runs_own(kind: Any) -> None:
    objective, settings = OBJECTIVES["sigmoid"], settings_of(kind(), batch_size=7)
    thetas = starts(objective)
    assert_stand_alike(crowd_of(objective, settings, thetas), (alone(objective, settings, theta) for theta in thetas))


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS if not goes_together(settings_of(kind()))])
def test_methods_that_look_around_are_made_one_by_one_to_the_last_bit(kind: Any) -> None:
    objective, settings = OBJECTIVES["sigmoid"], settings_of(kind())
    thetas = starts(objective, 3)
    crowd = crowd_of(objective, settings, thetas)
    for row, theta in enumerate(thetas):
        assert np.array_equal(crowd.theta[row], alone(objective, settings, theta).state.theta)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("kind", [GradientDescent, Adam])
def test_schedules_apply(schedule: Any, kind: Any) -> None:
    objective = OBJECTIVES["sigmoid"]
    short = {"every": 7} if schedule().kind == "step" else {"steps": 25} if hasattr(schedule(), "steps") else {}
    settings = settings_of(kind(), schedule=schedule(**short))
    thetas = starts(objective, 3)
    assert_stand_alike(crowd_of(objective, settings, thetas), (alone(objective, settings, theta) for theta in thetas))


@pytest.mark.parametrize("gradient", ["forward_difference", "central_difference"])
def test_gradients_by_differences_are_made_one_by_one_to_the_last_bit(gradient: str) -> None:
    objective, settings = OBJECTIVES["line"], settings_of(Momentum(), gradient=gradient)
    assert not goes_together(settings)
    thetas = starts(objective, 3)
    crowd = crowd_of(objective, settings, thetas)
    for row, theta in enumerate(thetas):
        assert np.array_equal(crowd.theta[row], alone(objective, settings, theta).state.theta)


def with_own_rate(kind: Any, rate: float, name: str | None, momentum: float) -> Any:
    changed = {"learning_rate": rate, **({name: momentum} if name else {})}
    return replace(kind(), **changed)


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS if hasattr(kind(), "learning_rate")])
@pytest.mark.parametrize("schedule", [Constant(), SCHEDULES[2](), SCHEDULES[5]()], ids=lambda one: one.kind)
def test_constants_of_its_own_make_each_the_run_with_these_constants(kind: Any, schedule: Any) -> None:
    objective, name = OBJECTIVES["sigmoid"], momentum_of(kind())
    rates, momenta = np.array([0.001, 0.01, 0.03, 0.2]), np.array([0.0, 0.5, 0.9, 0.3])
    constants = {"learning_rate": rates, **({name: momenta} if name else {})}
    thetas = np.tile(starts(objective, 1), (4, 1))
    crowd = crowd_of(objective, settings_of(kind(), schedule=schedule), thetas, constants=constants)
    each = [with_own_rate(kind, *one) for one in zip(rates.tolist(), [name] * 4, momenta.tolist(), strict=True)]
    settings = [settings_of(optimizer, schedule=schedule) for optimizer in each]
    assert_stand_alike(crowd, (alone(objective, one, thetas[0]) for one in settings))
    assert len(set(crowd.losses.tolist())) > 1


def test_every_method_with_a_memory_of_the_past_has_its_momentum_found() -> None:
    found = {kind().kind: momentum_of(kind()) for kind in OPTIMIZERS}
    assert found["momentum"] == found["nesterov"] == "momentum"
    assert {found[name] for name in ("adam", "amsgrad", "adamax", "nadam", "radam", "adamw")} == {"beta1"}
    assert found["rmsprop"] == found["adadelta"] == "rho"
    assert found["gradient_descent"] is found["newton"] is None
    assert set(found.values()) <= {None, *MOMENTA}


def test_some_diverge_where_they_would_alone_and_the_others_go_on() -> None:
    objective, settings = OBJECTIVES["himmelblau"], settings_of(GradientDescent(learning_rate=0.02))
    thetas = np.random.default_rng(0).uniform(-6, 6, (40, 2))
    crowd = crowd_of(objective, settings, thetas, 60)
    assert set(crowd.outcome.tolist()) == {Outcome.DIVERGED, Outcome.ON_THE_WAY}
    gone = crowd.outcome == Outcome.DIVERGED
    for row in np.flatnonzero(gone):
        run = alone(objective, settings, thetas[row], 60)
        assert run.diverged
        assert crowd.steps[row] == run.state.step
        assert crowd.losses[row] == pytest.approx(run.state.loss, rel=1e-6)  # three steps of cubes in between
    assert all(not alone(objective, settings, theta, 60).diverged for theta in thetas[~gone][:5])


def test_a_start_without_a_finite_loss_is_told_apart() -> None:
    objective, settings = OBJECTIVES["himmelblau"], settings_of(GradientDescent(learning_rate=0.01))
    thetas = np.array([[1e200, 0.0], [3.0, 2.0], [0.0, 0.0]])
    crowd = crowd_of(objective, settings, thetas)
    assert crowd.outcome.tolist() == [Outcome.UNDEFINED, Outcome.ON_THE_WAY, Outcome.ON_THE_WAY]
    with pytest.raises(NotFiniteError):
        alone(objective, settings, thetas[0])


def test_one_arrives_at_the_first_of_ten_points_with_a_small_gradient() -> None:
    objective, settings = OBJECTIVES["himmelblau"], settings_of(Momentum(learning_rate=0.005))
    thetas, goal = np.random.default_rng(1).uniform(-4, 4, (8, 2)), 0.01
    crowd = crowd_of(objective, settings, thetas, 400, goal=goal)
    assert (crowd.outcome == Outcome.ARRIVED).all()
    for row, theta in enumerate(thetas):
        norms = alone(objective, settings, theta, 400).path.scalars.rows[:, 1] <= goal
        first = next(k for k in range(400) if norms[k : k + STAYS].all())
        assert crowd.steps[row] == first
        stands = alone(objective, settings, theta, first + STAYS - 1).state
        assert crowd.losses[row] == pytest.approx(stands.loss, abs=1e-12)


def test_a_start_at_the_minimum_has_arrived() -> None:
    crowd = crowd_of(OBJECTIVES["himmelblau"], settings_of(GradientDescent()), np.array([[3.0, 2.0]]), goal=1e-6)
    assert (crowd.outcome[0], crowd.steps[0], crowd.losses[0]) == (Outcome.ARRIVED, 0, 0.0)
