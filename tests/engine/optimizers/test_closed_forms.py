"""What the first-order methods do where it can be worked out on paper."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.models import two_layer
from app.engine.optimizers import (
    OPTIMIZERS,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Momentum,
    NAdam,
    Nesterov,
    RAdam,
    RMSprop,
)
from app.engine.optimizers.driver import FirstOrder
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]

FIRST_ORDER: list[Any] = [kind for kind in OPTIMIZERS if issubclass(kind, FirstOrder)]
g = np.array([3.0, -0.02, 1e-5, -4e4])

every_first_order = pytest.mark.parametrize("kind", FIRST_ORDER, ids=lambda kind: kind.__name__)


def path(optimizer: Any, gradients: Iterable[Array], start: Array | None = None) -> Array:
    """θ (steps + 1, P) along a sequence of gradients, from zeros."""
    sequence = list(gradients)
    theta = np.zeros(len(sequence[0])) if start is None else start.copy()
    memory = optimizer.workspace(np.zeros((optimizer.memory_rows(len(theta)), len(theta))))
    thetas = [theta.copy()]
    for t, gradient in enumerate(sequence, 1):
        optimizer.update(theta, gradient.copy(), memory, t, optimizer.learning_rate)
        thetas.append(theta.copy())
    return np.array(thetas)


def theta_after(steps: int, optimizer: Any, curvatures: tuple[float, ...]) -> Array:
    """From ones on ½ Σ λᵢxᵢ²."""
    run = run_from(Bowl(curvatures), np.ones(len(curvatures)), optimizer)
    run.advance(steps)
    return run.state.theta


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_descent_on_a_bowl_shrinks_each_axis_by_its_own_factor(k: int) -> None:
    theta = theta_after(k, GradientDescent(learning_rate=0.3), (0.1, 1.0, 3.0, 6.5))
    assert theta == pytest.approx([0.97**k, 0.7**k, 0.1**k, (-0.95) ** k], rel=1e-12)


@pytest.mark.parametrize("k", [1, 5, 30])
def test_the_best_learning_rate_shrinks_both_ends_of_the_spectrum_by_the_theoretical_rate(k: int) -> None:
    least, largest = 0.5, 8.0
    rate = (16 - 1) / (16 + 1)
    theta = theta_after(k, GradientDescent(learning_rate=2 / (least + largest)), (least, largest))
    assert theta == pytest.approx([rate**k, (-rate) ** k], rel=1e-12)


@pytest.mark.parametrize("k", [1, 5, 30])
def test_the_best_heavy_ball_has_a_double_root_at_both_ends_of_the_spectrum(k: int) -> None:
    least, largest, condition = 0.5, 8.0, 16.0
    rho = (condition**0.5 - 1) / (condition**0.5 + 1)
    optimizer = Momentum(learning_rate=(2 / (least**0.5 + largest**0.5)) ** 2, momentum=rho**2)
    expected = [rho**k * (1 + (1 - rho) * k), (-rho) ** k * (1 + (1 + rho) * k)]
    assert theta_after(k, optimizer, (least, largest)) == pytest.approx(expected, rel=1e-9)


@given(mu=st.floats(0, 0.99), k=st.integers(1, 60))
def test_under_a_constant_gradient_momentum_gathers_speed_as_a_geometric_series(mu: float, k: int) -> None:
    thetas = path(Momentum(learning_rate=0.2, momentum=mu), [g] * k)
    assert thetas[k] - thetas[k - 1] == pytest.approx(-0.2 * g * (1 - mu**k) / (1 - mu), rel=1e-9)
    way = -0.2 * g / (1 - mu) * (k - mu * (1 - mu**k) / (1 - mu))
    assert thetas[k] == pytest.approx(way, rel=1e-9)


@given(mu=st.floats(0, 0.99), k=st.integers(1, 60))
def test_under_a_constant_gradient_nesterov_is_one_step_ahead(mu: float, k: int) -> None:
    thetas = path(Nesterov(learning_rate=0.2, momentum=mu), [g] * k)
    assert thetas[k] - thetas[k - 1] == pytest.approx(-0.2 * g * (1 - mu ** (k + 1)) / (1 - mu), rel=1e-9)


@every_first_order
def test_a_changed_learning_rate_acts_on_the_whole_of_the_next_step(kind: Any) -> None:
    """With η inside what is remembered, the momentum gathered so far would go on with the old one."""
    optimizer = kind(weight_decay=0.0) if kind is AdamW else kind()
    steps = []
    for rate in (0.01, 0.02):
        theta, memory = np.zeros(4), optimizer.workspace(np.zeros((optimizer.memory_rows(4), 4)))
        for t in range(1, 10):
            optimizer.update(theta, g.copy(), memory, t, 0.01)
        before = theta.copy()
        optimizer.update(theta, g.copy(), memory, 10, rate)
        steps.append(theta - before)
    assert steps[1] == pytest.approx(2 * steps[0], rel=1e-9)


FIRST_STEPS: list[tuple[Any, Array]] = [
    (GradientDescent(learning_rate=0.1), 0.1 * g),
    (Momentum(learning_rate=0.1), 0.1 * g),
    (Nesterov(learning_rate=0.1, momentum=0.8), 0.18 * g),
    (Adagrad(learning_rate=0.1), 0.1 * g / (abs(g) + 1e-10)),
    (RMSprop(learning_rate=0.1, rho=0.99), 0.1 * g / (0.1 * abs(g) + 1e-8)),
    (Adadelta(learning_rate=2.0, rho=0.9), 2.0 * g * 1e-3 / np.sqrt(0.1 * g * g + 1e-6)),
    (Adam(learning_rate=0.1), 0.1 * g / (abs(g) + 1e-8)),
    (AMSGrad(learning_rate=0.1), 0.1 * g / (abs(g) + 1e-8)),
    (Adamax(learning_rate=0.1), 0.1 * g / (abs(g) + 1e-8)),
    (NAdam(learning_rate=0.1), 1.05645177836 * 0.1 * g / (abs(g) + 1e-8)),
    (RAdam(learning_rate=0.1), 0.1 * g),
    (AdamW(learning_rate=0.1, weight_decay=0.25), 0.025 * np.ones(4) + 0.1 * g / (abs(g) + 1e-8)),
]


@pytest.mark.parametrize(("optimizer", "step"), FIRST_STEPS, ids=[optimizer.kind for optimizer, _ in FIRST_STEPS])
def test_the_first_step_is_the_one_worked_out_by_hand(optimizer: Any, step: Array) -> None:
    assert path(optimizer, [g], start=np.ones(4))[1] == pytest.approx(1.0 - step, rel=1e-11)


def test_every_first_step_was_worked_out() -> None:
    assert [type(optimizer) for optimizer, _ in FIRST_STEPS] == FIRST_ORDER


@pytest.mark.parametrize("kind", [Adam, AMSGrad, Adamax])
def test_under_a_constant_gradient_adam_and_its_nearest_step_evenly_from_the_first(kind: Any) -> None:
    """Without a correction of the averages the first steps would be too short, with the inverse one too long."""
    thetas = path(kind(learning_rate=0.1), [g] * 100)
    assert np.diff(thetas, axis=0) == pytest.approx(np.tile(-0.1 * g / (abs(g) + 1e-8), (100, 1)), rel=1e-9)


def test_under_a_constant_gradient_adagrad_slows_down_like_one_over_the_root_of_the_steps() -> None:
    steps = np.diff(path(Adagrad(learning_rate=0.1), [g] * 50), axis=0)
    k = np.arange(1, 51)[:, None]
    assert steps == pytest.approx(-0.1 * g / (np.sqrt(k) * abs(g) + 1e-10), rel=1e-12)


def test_under_a_constant_gradient_rmsprop_comes_down_to_steps_of_the_learning_rate() -> None:
    steps = np.diff(path(RMSprop(learning_rate=0.1, rho=0.9), [g] * 50), axis=0)
    k = np.arange(1, 51)[:, None]
    assert steps == pytest.approx(-0.1 * g / (np.sqrt(1 - 0.9**k) * abs(g) + 1e-8), rel=1e-11)


def test_radam_takes_plain_averaged_steps_for_five_steps_and_then_scaled_ones() -> None:
    steps = np.diff(path(RAdam(learning_rate=0.1, beta2=0.999), [g] * 8), axis=0)
    assert steps[:5] == pytest.approx(np.tile(-0.1 * g, (5, 1)), rel=1e-9)
    for t in (6, 7, 8):
        decayed = 0.999**t
        rho = 1999 - 2 * t * decayed / (1 - decayed)
        r = ((rho - 4) * (rho - 2) * 1999 / (1995 * 1997 * rho)) ** 0.5
        spread = np.sqrt((1 - decayed) * g * g)  # √v
        assert steps[t - 1] == pytest.approx(-0.1 * r * g * (1 - decayed) ** 0.5 / (spread + 1e-8), rel=1e-8)


def test_weight_decay_is_applied_to_the_parameters_and_not_to_the_gradient() -> None:
    gradients = list(np.random.default_rng(0).standard_normal((40, 4)))
    start = np.array([5.0, -3.0, 100.0, 0.0])
    decayed, free = path(AdamW(learning_rate=0.1, weight_decay=0.2), gradients, start), path(Adam(), gradients, start)
    for k in range(40):
        assert decayed[k + 1] == pytest.approx(0.98 * decayed[k] + (free[k + 1] - free[k]), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", [Adagrad, RMSprop, Adam, AMSGrad, Adamax, NAdam, AdamW])
@pytest.mark.parametrize("factor", [1e-6, 1e5])
def test_adaptive_steps_do_not_depend_on_the_unit_of_the_loss(kind: Any, factor: float) -> None:
    gradients = np.random.default_rng(1).standard_normal((60, 4)) * np.array([1, 1e-3, 1e3, 1])
    one = path(kind(epsilon=1e-30), list(gradients))
    other = path(kind(epsilon=1e-30), list(factor * gradients))
    assert other == pytest.approx(one, rel=1e-9)


@every_first_order
def test_renumbered_parameters_take_the_same_steps(kind: Any) -> None:
    gradients = np.random.default_rng(2).standard_normal((30, 7))
    order = np.random.default_rng(3).permutation(7)
    assert np.array_equal(path(kind(), list(gradients))[:, order], path(kind(), list(gradients[:, order])))


@every_first_order
def test_only_methods_without_a_scale_for_each_parameter_follow_turned_axes(kind: Any) -> None:
    gradients = np.random.default_rng(4).standard_normal((30, 3))
    Q, _ = np.linalg.qr(np.random.default_rng(5).standard_normal((3, 3)))
    turned, straight = path(kind(), list(gradients @ Q)), path(kind(), list(gradients)) @ Q
    follows = np.allclose(turned, straight, rtol=1e-9, atol=1e-12)
    assert follows == (kind in (GradientDescent, Momentum, Nesterov))


@every_first_order
def test_a_parameter_without_gradient_stays_where_it_is(kind: Any) -> None:
    still = np.array([1.0, 0.0, -1.0])
    thetas = path(kind(), [still] * 20, start=np.zeros(3))
    assert np.array_equal(thetas[:, 1], np.zeros(21))
    assert np.isfinite(thetas).all()


def test_a_step_changes_what_gradient_flow_keeps_in_a_linear_network_by_a_square_of_the_rate() -> None:
    """W₁W₁ᵀ + b₁b₁ᵀ − w₂ᵀw₂ changes by exactly η²(∂W₁∂W₁ᵀ + ∂b₁∂b₁ᵀ − ∂w₂ᵀ∂w₂)."""
    model = two_layer(*some_data(3, 25), 4, "identity")

    def kept(flat: Array) -> Array:
        values = {name: np.atleast_2d(value) for name, value in model.layout.unpack(flat).items()}
        W1, b1, w2 = values["W1"], values["b1"], values["w2"]
        return np.asarray(W1 @ W1.T + b1 @ b1.T - w2.T @ w2)

    run = run_from(model, random_start(model), GradientDescent(learning_rate=0.03))
    for _ in range(5):
        before = run.state.copy()
        run.advance(1)
        change = kept(run.state.theta) - kept(before.theta)
        assert change == pytest.approx(0.03**2 * kept(before.gradient), rel=1e-9, abs=1e-13)
