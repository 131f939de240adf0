from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from app.engine.optimizers import OPTIMIZERS, GradientDescent, Momentum, Settings
from app.engine.schedules import Constant
from app.engine.stability import STABILITY, best_constants, limit_at, rate
from tests.engine.bowl import Bowl
from tests.engine.setting import plan_from, run_from

KINDS: dict[str, Any] = {optimizer().kind: optimizer for optimizer in OPTIMIZERS}
LINEAR = [kind for kind, stability in STABILITY.items() if stability.scaling is None]
ADAPTIVE = [kind for kind in STABILITY if kind not in LINEAR]
FROZEN = {"beta2": 1 - 1e-15, "rho": 1 - 1e-15}
"""Decay rates with which a method does not forget, nor learn, how it scales the gradient."""


def test_whatever_has_a_limit_is_an_optimizer() -> None:
    assert set(STABILITY) <= set(KINDS)


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_a_learning_rate_holds_just_below_the_limit_and_breaks_just_above(kind: str, momentum: float) -> None:
    constants = {"momentum": momentum} if hasattr(KINDS[kind], "momentum") else {}
    limit = STABILITY[kind].limit(KINDS[kind](**constants), 7.0)
    below, above = (
        run_from(Bowl((7.0,)), np.array([1.0]), KINDS[kind](learning_rate=share * limit, **constants))
        for share in (0.99, 1.01)
    )
    below.advance(3000)
    above.advance(3000)
    assert below.state.loss < 1e-6
    assert above.diverged


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("momentum", [0.3, 0.9])
def test_a_run_never_swings_below_the_smooth_limit_and_does_above(kind: str, momentum: float) -> None:
    constants = {"momentum": momentum} if hasattr(KINDS[kind], "momentum") else {}
    smooth = STABILITY[kind].smooth
    assert smooth is not None
    limit = smooth(KINDS[kind](**constants), 7.0)
    for share, swings in ((0.98, False), (1.05, True)):
        run = run_from(Bowl((7.0,)), np.array([1.0]), KINDS[kind](learning_rate=share * limit, **constants))
        run.advance(400)
        assert (run.path.thetas.rows < 0.0).any() == swings


@pytest.mark.parametrize("kind", [kind for kind in ADAPTIVE if STABILITY[kind].smooth])
def test_the_smooth_limit_of_an_adaptive_method_is_where_its_roots_meet(kind: str) -> None:
    """With P as it stands m ← β₁m + (1 − β₁)g, θ ← θ − ηm/P; those without averages of the gradient have β₁ = 0."""
    optimizer, λ = KINDS[kind](), 7.0
    β = getattr(optimizer, "beta1", 0.0)
    smooth = STABILITY[kind].smooth
    assert smooth is not None
    for share, real in ((0.999, True), (1.001, False)):
        x = share * smooth(optimizer, λ) * (1.0 - β) * λ
        roots = np.roots([1.0, x - 1.0 - β, β])
        assert (np.isreal(roots).all() and (roots.real >= 0.0).all()) == real


@pytest.mark.parametrize("kind", STABILITY)
def test_smooth_is_less_than_stable_and_said_in_symbols(kind: str) -> None:
    stability = STABILITY[kind]
    assert (stability.smooth is None) == (stability.smooth_formula is None)
    if stability.smooth:
        assert 0.0 < stability.smooth(KINDS[kind](), 3.0) < stability.limit(KINDS[kind](), 3.0)


@pytest.mark.parametrize("kind", ADAPTIVE)
@pytest.mark.parametrize("share", [0.98, 1.02])
def test_with_its_scaling_frozen_an_adaptive_method_holds_below_its_limit_only(kind: str, share: float) -> None:
    names = {field.name for field in fields(KINDS[kind])}
    constants = {name: value for name, value in FROZEN.items() if name in names}
    run = run_from(Bowl((7.0, 0.5, 3.0)), np.full(3, 1e-3), KINDS[kind](**constants))
    run.state.forget(kind, run.settings.optimizer.memory_rows(3))
    run.state.memory[:] = 0.0
    run.state.memory[-1] = run.state.memory[0] = [1e6, 4e5, 2e6]  # whichever row holds the scaling
    if run.settings.optimizer.memory_rows(3) > 1 and "beta1" in names:
        run.state.memory[0] = 0.0  # the average of the gradient starts at nought
    run.state.t = 10**17
    limit = limit_at(run.objective, run.settings, run.state)
    assert limit is not None
    run.change(plan_from(np.full(3, 1e-3), KINDS[kind](learning_rate=share * limit.value, **constants)))
    run.advance(150)  # not so many that the scaling of a growing run follows
    assert (run.state.loss < run.first_loss) == (share < 1)


@pytest.mark.parametrize("kind", ADAPTIVE)
def test_an_adaptive_method_has_no_limit_before_it_has_seen_a_gradient(kind: str) -> None:
    run = run_from(Bowl((7.0,)), np.ones(1), KINDS[kind]())
    assert limit_at(run.objective, run.settings, run.state) is None
    run.advance(1)
    assert limit_at(run.objective, run.settings, run.state) is not None


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("learning_rate", [0.003, 0.05, 0.11, 0.3])
def test_the_rate_is_that_of_the_slowest_direction(kind: str, learning_rate: float) -> None:
    curvatures = (1.0, 4.0, 6.0)
    optimizer = KINDS[kind](learning_rate=learning_rate)
    run = run_from(Bowl(curvatures), np.ones(3), optimizer)
    factor = rate(optimizer, learning_rate, np.array(curvatures))
    run.advance(400)
    steps = run.state.step // 2  # a run that diverges does not come far
    early, late = np.linalg.norm(run.state_at(run.state.step - steps).theta), np.linalg.norm(run.state.theta)
    assert (late / early) ** (1 / steps) == pytest.approx(factor, rel=0.03)


@pytest.mark.parametrize("kind", LINEAR)
def test_no_other_constants_are_faster_than_the_best(kind: str) -> None:
    least, largest = 0.2, 9.0
    best = best_constants(kind, least, largest)
    assert best is not None
    eigenvalues = np.linspace(least, largest, 60)
    constants = {"momentum": best["momentum"]} if "momentum" in best else {}
    found = rate(KINDS[kind](**constants), best["learning_rate"], eigenvalues)
    assert found == pytest.approx(best["rate"], rel=1e-6)
    for η in best["learning_rate"] * np.linspace(0.5, 1.5, 21):
        for momentum in np.linspace(0.0, 0.95, 20) if constants else [0.0]:
            other = KINDS[kind](**({"momentum": float(momentum)} if constants else {}))
            value = rate(other, float(η), eigenvalues)
            assert value is not None
            assert value >= best["rate"] - 1e-9


def test_the_best_heavy_ball_walks_down_its_double_roots() -> None:
    best = best_constants("momentum", 1.0, 25.0)
    assert best is not None
    optimizer = Momentum(learning_rate=best["learning_rate"], momentum=best["momentum"])
    run = run_from(Bowl((1.0, 25.0)), np.ones(2), optimizer)
    for k in range(1, 40):
        run.advance(1)
        ρ = best["rate"]
        expected = [ρ**k * (1 + (1 - ρ) * k), (-ρ) ** k * (1 + (1 + ρ) * k)]
        np.testing.assert_allclose(run.state.theta, expected, atol=1e-7 * ρ**k * k)


def test_a_loss_that_does_not_bend_upwards_has_no_limit() -> None:
    run = run_from(Bowl((-1.0, -2.0)), np.ones(2))
    assert limit_at(run.objective, run.settings, run.state) is None


def test_the_limit_of_plain_descent_is_two_over_the_largest_eigenvalue() -> None:
    settings = Settings(optimizer=GradientDescent(), schedule=Constant())
    run = run_from(Bowl((0.5, 8.0)), np.ones(2))
    limit = limit_at(run.objective, settings, run.state)
    assert limit is not None
    assert limit.value == pytest.approx(0.25, rel=1e-9)
    assert (limit.formula, limit.step) == ("2/λ", 0)
