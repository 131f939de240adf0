"""Every classic function, by walking the registry: values worked out elsewhere, differences, minima."""

from dataclasses import fields
from math import exp, isfinite, tau
from typing import get_args

import numpy as np
import pytest
from latex2mathml.converter import convert

from app.engine.functions import FUNCTIONS, Function
from app.engine.functions.bowls import QuadraticBowl
from app.engine.functions.plane_function import Array, Landmark
from app.engine.functions.several_minima import GoldsteinPrice, McCormick
from app.engine.functions.valleys import Beale, BukinN6, Plateau, Ravine, Rosenbrock
from app.engine.functions.waves import Ackley, Rastrigin
from app.engine.functions.wells import TwoWells

# f, ∂f/∂x, ∂f/∂y at (1.25, −0.75), worked out apart from this code; bukin_n6 at (−7, 0.5).
CHECKS = {
    "quadratic_bowl": (3.59375, 1.25, -7.5),
    "saddle": (1.0, 2.5, 1.5),
    "monkey_saddle": (-0.15625, 3.0, 5.625),
    "rosenbrock": (534.828125, 1156.75, -462.5),
    "himmelblau": (130.6953125, -61.3125, -4.8125),
    "beale": (4.091812133789063, -1.4945068359375, -4.5294189453125),
    "goldstein_price": (7379.547119140625, 25565.712890625, -29959.189453125),
    "booth": (63.125, -27.5, -35.5),
    "matyas": (1.0025, 1.01, -0.99),
    "mccormick": (1.729425538604203, 3.377582561890373, -0.6224174381096273),
    "styblinski_tang": (-14.37109375, -13.59375, 13.65625),
    "rastrigin": (22.125, 65.33185307179586, 61.33185307179586),
    "ackley": (5.444147567427312, 5.115121316052059, 1.957475456112434),
    "levi_n13": (6.71875, -8.67477796076938, -7.589048622548086),
    "bukin_n6": (10.03, 70.01, 500.0),
    "three_hump_camel": (0.8223063151041667, -0.9013671875, -0.25),
    "six_hump_camel": (0.4727376302083333, -1.052734375, 0.5),
    "two_wells": (2.037126132751355, 2.719684668158225, -2.159054004364841),
    "plateau": (1 - exp(-1.0625), 1.25 * exp(-1.0625), -0.75 * exp(-1.0625)),
    "ravine": (28.94361236806846, 10.83955687696859, -33.97969238711172),
}
MINIMA: dict[str, tuple[float, list[tuple[float, float]]]] = {  # value, places of the lowest points
    "quadratic_bowl": (0, [(0, 0)]),
    "rosenbrock": (0, [(1, 1)]),
    "himmelblau": (
        0,
        [
            (3, 2),
            (-2.8051180869527449, 3.1313125182505730),
            (-3.7793102533777469, -3.2831859912861694),
            (3.5844283403304917, -1.8481265269644036),
        ],
    ),
    "beale": (0, [(3, 0.5)]),
    "goldstein_price": (3, [(0, -1)]),
    "booth": (0, [(1, 3)]),
    "matyas": (0, [(0, 0)]),
    "mccormick": (-1.9132229549810364, [(0.5 - tau / 6, -0.5 - tau / 6)]),
    "styblinski_tang": (-78.332331407542831, [(-2.9035340277711771, -2.9035340277711771)]),
    "rastrigin": (0, [(0, 0)]),
    "ackley": (0, [(0, 0)]),
    "levi_n13": (0, [(1, 1)]),
    "bukin_n6": (0, [(-10, 1)]),
    "three_hump_camel": (0, [(0, 0)]),
    "six_hump_camel": (
        -1.0316284534898774,
        [(0.089842013100318062, -0.71265640302073963), (-0.089842013100318062, 0.71265640302073963)],
    ),
    "two_wells": (-2.0630902517681942, [(-0.93630063401091863, 0)]),
    "plateau": (0, [(0, 0)]),
    "ravine": (0, [(0, 0)]),
}
# Not smooth at their minimum, where the derivative is a matter of definition.
POINTED = {"ackley", "bukin_n6"}

LANDMARKS = [(kind(), landmark) for kind in FUNCTIONS.values() for landmark in kind().landmarks]

every_landmark = pytest.mark.parametrize(
    ("function", "landmark"), LANDMARKS, ids=[f"{f.name} {at.kind} {at.x:.2f} {at.y:.2f}" for f, at in LANDMARKS]
)
every_function = pytest.mark.parametrize("function", [kind() for kind in FUNCTIONS.values()], ids=list(FUNCTIONS))


def points_in_window(function: Function, count: int = 200) -> tuple[Array, Array]:
    x_min, x_max, y_min, y_max = function.window
    rng = np.random.default_rng(5)
    return rng.uniform(x_min, x_max, count), rng.uniform(y_min, y_max, count)


def test_every_function_of_the_table_is_registered_under_its_own_name() -> None:
    assert set(FUNCTIONS) == set(CHECKS)
    assert all(kind().name == name for name, kind in FUNCTIONS.items())
    assert list(FUNCTIONS.values()) == list(get_args(Function))


@every_function
def test_value_and_gradient_are_those_worked_out_elsewhere(function: Function) -> None:
    place = (-7.0, 0.5) if function.name == "bukin_n6" else (1.25, -0.75)
    value, fx, fy = CHECKS[function.name]
    scale = max(abs(fx), abs(fy))
    assert function.value(*map(np.array, place)) == pytest.approx(value, rel=1e-12)
    assert function.gradient(*map(np.array, place)) == pytest.approx((fx, fy), rel=1e-12, abs=1e-12 * scale)
    assert function.value_and_gradient_at(*place) == pytest.approx((value, fx, fy), rel=1e-12, abs=1e-12 * scale)


@every_function
def test_gradient_is_what_central_differences_say(function: Function) -> None:
    (x, y), h = points_in_window(function), 1e-5
    if function.name == "bukin_n6":  # keep off the ridge, where differences straddle it
        x, y = x[np.abs(y - 0.01 * x * x) > 0.05], y[np.abs(y - 0.01 * x * x) > 0.05]
    fx, fy = function.gradient(x, y)
    scale = 1 + np.abs(function.value(x, y))  # rounding in the differences grows with f
    assert np.max(np.abs(fx - (function.value(x + h, y) - function.value(x - h, y)) / (2 * h)) / scale) < 2e-7
    assert np.max(np.abs(fy - (function.value(x, y + h) - function.value(x, y - h)) / (2 * h)) / scale) < 2e-7


@every_function
def test_hessian_is_what_central_differences_of_the_gradient_say(function: Function) -> None:
    (x, y), h = points_in_window(function), 1e-5
    if function.name == "bukin_n6":
        x, y = x[np.abs(y - 0.01 * x * x) > 0.05], y[np.abs(y - 0.01 * x * x) > 0.05]
    fxx, fxy, fyy = function.hessian(x, y)
    across = [(a - b) / (2 * h) for a, b in zip(function.gradient(x + h, y), function.gradient(x - h, y), strict=True)]
    along = [(a - b) / (2 * h) for a, b in zip(function.gradient(x, y + h), function.gradient(x, y - h), strict=True)]
    scale = 1 + max(np.max(np.abs(part)) for part in (fxx, fxy, fyy))
    for exact, difference in zip((fxx, fxy, fxy, fyy), (*across, *along), strict=True):
        assert np.max(np.abs(exact - difference)) < 5e-8 * scale


@every_function
def test_one_point_at_a_time_gives_the_numbers_of_a_whole_array(function: Function) -> None:
    x, y = points_in_window(function)
    value, (fx, fy) = function.value(x, y), function.gradient(x, y)
    single = np.array([function.value_and_gradient_at(*place) for place in zip(x.tolist(), y.tolist(), strict=True)])
    scale = np.max(np.abs(single), axis=0)
    assert np.all(np.abs(single - np.stack([value, fx, fy], axis=1)) <= 1e-12 * scale)


@every_function
def test_a_row_of_x_and_a_column_of_y_make_a_grid(function: Function) -> None:
    x, y = np.linspace(-2, 2, 5)[None, :], np.linspace(-1, 1, 4)[:, None]
    whole_x, whole_y = np.broadcast_arrays(x, y)
    answers = (function.value(x, y), *function.gradient(x, y), *function.hessian(x, y))
    gradient, hessian = function.gradient(whole_x, whole_y), function.hessian(whole_x, whole_y)
    expected = (function.value(whole_x, whole_y), *gradient, *hessian)
    for answer, wanted in zip(answers, expected, strict=True):
        assert answer.shape == (4, 5)
        assert np.array_equal(answer, wanted)


@every_function
def test_the_global_minima_are_those_of_the_literature(function: Function) -> None:
    lowest = [landmark for landmark in function.landmarks if landmark.kind == "global"]
    value, places = MINIMA.get(function.name, (0, []))
    assert [(landmark.x, landmark.y) for landmark in lowest] == [pytest.approx(place, abs=1e-15) for place in places]
    assert all(landmark.value == pytest.approx(value, rel=1e-15) for landmark in lowest)


@every_landmark
def test_a_landmark_has_its_value_and_no_slope(function: Function, landmark: Landmark) -> None:
    value, fx, fy = function.value_and_gradient_at(landmark.x, landmark.y)
    assert value == pytest.approx(landmark.value, rel=1e-14, abs=1e-14)
    curvature = max(abs(float(part)) for part in function.hessian(np.array(landmark.x), np.array(landmark.y)))
    if function.name not in POINTED:
        assert max(abs(fx), abs(fy)) <= 1e-15 * max(1.0, abs(landmark.value)) + 5e-15 * curvature
    x_min, x_max, y_min, y_max = function.window
    assert x_min <= landmark.x <= x_max
    assert y_min <= landmark.y <= y_max


@every_landmark
def test_around_a_minimum_all_is_higher_and_around_a_saddle_some_is_lower(
    function: Function, landmark: Landmark
) -> None:
    angle = np.linspace(0, tau, 180, endpoint=False)
    ring = function.value(landmark.x + 1e-3 * np.cos(angle), landmark.y + 1e-3 * np.sin(angle)) - landmark.value
    assert ring.max() > 0
    assert (ring.min() < 0) == (landmark.kind == "saddle")


@every_function
def test_nothing_in_the_window_is_lower_than_the_global_minimum(function: Function) -> None:
    x_min, x_max, y_min, y_max = function.window
    grid = function.value(np.linspace(x_min, x_max, 401)[None, :], np.linspace(y_min, y_max, 401)[:, None])
    for minimum in function.minima:
        assert minimum.kind != "global" or grid.min() >= minimum.value - 1e-12
    assert np.isfinite(grid).all()


@every_function
def test_plain_descent_from_the_default_start_ends_lower_and_inside_the_window_where_there_is_a_minimum(
    function: Function,
) -> None:
    x, y = function.start
    before, *_ = function.value_and_gradient_at(x, y)
    for _ in range(20 if not function.minima else 2000):
        _, fx, fy = function.value_and_gradient_at(x, y)
        x, y = x - function.learning_rate * fx, y - function.learning_rate * fy
    after, *_ = function.value_and_gradient_at(x, y)
    x_min, x_max, y_min, y_max = function.window
    assert after < 0.9 * before or after < before - 1
    assert x_min <= x <= x_max
    assert y_min <= y <= y_max


@every_function
def test_the_default_start_lies_in_the_window_away_from_every_minimum(function: Function) -> None:
    (x, y), (x_min, x_max, y_min, y_max) = function.start, function.window
    assert x_min < x < x_max
    assert y_min < y < y_max
    for landmark in function.minima:
        assert np.hypot(x - landmark.x, y - landmark.y) > 0.1 * min(x_max - x_min, y_max - y_min)


@every_function
def test_far_out_the_answers_may_overflow_but_neither_raise_nor_warn(function: Function) -> None:
    for place in [(1e200, -1e200), (float("inf"), 0.0), (float("nan"), 1.0), (-1e308, 1e308)]:
        array = (function.value(*map(np.array, place)), *function.gradient(*map(np.array, place)))
        single = function.value_and_gradient_at(*place)
        assert [isfinite(part) for part in single] == [isfinite(float(part)) for part in array]


@every_function
def test_formula_and_reference_can_be_shown(function: Function) -> None:
    assert convert(function.formula).startswith("<math")
    assert len(function.reference) > 10


@every_function
def test_only_name_and_constants_are_fields(function: Function) -> None:
    assert {field.name for field in fields(function)} <= {
        "name",
        "kappa",
        "a",
        "b",
        "c",
        "amplitude",
        "width",
        "steepness",
    }


def test_constants_move_the_minimum_and_the_values_with_them() -> None:
    bent = Rosenbrock(a=-1.5, b=7.0)
    assert bent.minima == (Landmark(-1.5, 2.25, 0, "global"),)
    assert bent.value_and_gradient_at(-1.5, 2.25) == (0, 0, 0)
    assert bent.value_and_gradient_at(1, 2)[0] == 2.5**2 + 7
    assert QuadraticBowl(kappa=3).value_and_gradient_at(2, 1) == (3.5, 2, 3)
    assert Rastrigin(amplitude=0).value_and_gradient_at(0.3, 0.4)[0] == pytest.approx(0.25, rel=1e-15)
    assert Ackley(a=0, c=0).value_and_gradient_at(3, 4)[0] == 0
    assert Plateau(width=2).value_and_gradient_at(2, 0)[0] == pytest.approx(1 - exp(-0.5), rel=1e-15)
    assert Ravine(steepness=5).value_and_gradient_at(0, 2)[0] == 20


@pytest.mark.parametrize(
    "function",
    [
        Rosenbrock(a=-1.5, b=7),
        QuadraticBowl(kappa=0.5),
        Rastrigin(amplitude=3),
        Ackley(a=5, b=0.4, c=3),
        Plateau(width=2),
    ],
)
def test_derivatives_follow_the_constants(function: Function) -> None:
    test_gradient_is_what_central_differences_say(function)
    test_hessian_is_what_central_differences_of_the_gradient_say(function)


def test_at_the_tip_of_ackley_and_on_the_ridge_of_bukin_the_missing_slope_is_zero() -> None:
    assert Ackley().value_and_gradient_at(0, 0) == (0, 0, 0)
    assert Ackley().gradient(np.zeros(2), np.zeros(2))[0].tolist() == [0, 0]
    assert BukinN6().value_and_gradient_at(-10, 1) == (0, 0, 0)
    assert BukinN6().value_and_gradient_at(-20, 4)[1:] == (-0.01, 0)
    assert all(np.isfinite(part) for part in BukinN6().hessian(np.array(-10.0), np.array(1.0)))


def test_in_two_wells_momentum_carries_a_run_past_the_shallow_well_into_the_deep_one() -> None:
    ends = []
    for momentum in (0.0, 0.9):
        function, (x, y), vx, vy = TwoWells(), TwoWells.start, 0.0, 0.0
        for _ in range(1000):
            _, fx, fy = function.value_and_gradient_at(x, y)
            vx, vy = momentum * vx + fx, momentum * vy + fy
            x, y = x - function.learning_rate * vx, y - function.learning_rate * vy
        ends.append(x)
    assert ends == pytest.approx([0.90531789916011499, -0.93630063401091863], abs=1e-9)


def test_well_known_mistakes_are_not_ours() -> None:
    """6x² for 6xy in Goldstein–Price, a last term counted twice in Beale, McCormick with another gradient."""
    x, y = np.array(0.7), np.array(-0.3)
    p = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    q = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    paper = (1 + (x + y + 1) ** 2 * p) * (30 + (2 * x - 3 * y) ** 2 * q)
    assert GoldsteinPrice().value(x, y) == pytest.approx(float(paper), rel=1e-14)
    assert Beale().value(np.array(0.0), np.array(0.0)) == 1.5**2 + 2.25**2 + 2.625**2
    assert McCormick().value_and_gradient_at(0, 0) == (1, -0.5, 3.5)
