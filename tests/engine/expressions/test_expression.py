"""Values and derivatives of typed formulas: complex steps, the classic functions, points and grids, kinks, no value."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.expressions.derivative import derivative
from app.engine.expressions.errors import ExpressionError
from app.engine.expressions.expression import Expression
from app.engine.expressions.parser import parse
from app.engine.expressions.program import BLOCK, Program
from app.engine.expressions.tree import Tree
from app.engine.functions import FUNCTIONS as CLASSIC
from tests.engine.expressions.formulas import FORMULAS, SMOOTH, complex_step, typed

places = st.one_of(st.floats(1e-3, 3), st.floats(-3, -1e-3))
every_formula = pytest.mark.parametrize("source", FORMULAS)

CLASSIC_FORMULAS = {
    "quadratic_bowl": "(x^2 + 10y^2)/2",
    "saddle": "x^2 - y^2",
    "monkey_saddle": "x^3 - 3x*y^2",
    "rosenbrock": "(1-x)^2 + 100(y-x^2)^2",
    "himmelblau": "(x^2+y-11)^2 + (x+y^2-7)^2",
    "beale": "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2",
    "goldstein_price": "(1+(x+y+1)^2*(19-14x+3x^2-14y+6x*y+3y^2))*(30+(2x-3y)^2*(18-32x+12x^2+48y-36x*y+27y^2))",
    "booth": "(x+2y-7)^2 + (2x+y-5)^2",
    "matyas": "0.26(x^2+y^2) - 0.48x*y",
    "mccormick": "sin(x+y) + (x-y)^2 - 1.5x + 2.5y + 1",
    "styblinski_tang": "(x^4-16x^2+5x + y^4-16y^2+5y)/2",
    "rastrigin": "20 + x^2-10cos(2pi*x) + y^2-10cos(2pi*y)",
    "ackley": "-20exp(-0.2sqrt(0.5(x^2+y^2))) - exp(0.5(cos(2pi*x)+cos(2pi*y))) + e + 20",
    "levi_n13": "sin(3pi*x)^2 + (x-1)^2*(1+sin(3pi*y)^2) + (y-1)^2*(1+sin(2pi*y)^2)",
    "bukin_n6": "100sqrt(|y-0.01x^2|) + 0.01|x+10|",
    "three_hump_camel": "2x^2 - 1.05x^4 + x^6/6 + x*y + y^2",
    "six_hump_camel": "(4-2.1x^2+x^4/3)x^2 + x*y + (4y^2-4)y^2",
    "two_wells": "x^2+y^2 - 2exp(-((x-1)^2+y^2)/0.2) - 3exp(-((x+1)^2+y^2)/0.2)",
    "plateau": "1 - exp(-(x^2+y^2)/2)",
    "ravine": "x^2/20 + 10(y-sin(x))^2",
}


@pytest.mark.parametrize("name", CLASSIC)
def test_a_classic_function_that_is_typed_has_the_value_gradient_and_hessian_of_the_built_in_one(name: str) -> None:
    function, expression = CLASSIC[name](), Expression(CLASSIC_FORMULAS[name])
    x_min, x_max, y_min, y_max = function.window
    rng = np.random.default_rng(3)
    x, y = rng.uniform(x_min, x_max, 100), rng.uniform(y_min, y_max, 100)
    theirs = (function.value(x, y), *function.gradient(x, y), *function.hessian(x, y))
    ours = (expression.value(x, y), *expression.gradient(x, y), *expression.hessian(x, y))
    for a, b in zip(ours, theirs, strict=True):
        assert np.max(np.abs(a - b)) <= 1e-12 * max(1.0, np.max(np.abs(b)))


def quietly(tree: Tree, x: float, y: float, variable: str) -> tuple[float, float, float]:
    """The complex step where everything on the way is an ordinary number; elsewhere another example is taken."""
    try:
        value, slope, largest = complex_step(tree, x, y, variable)
    except (ArithmeticError, ValueError):
        assume(False)
    assume(math.isfinite(largest) and largest < 1e4)
    return value, slope, largest


@given(typed, places, places)
def test_gradients_are_exact(source: str, x: float, y: float) -> None:
    try:
        expression = Expression(source)
    except ExpressionError:
        assume(False)
    ours = expression.value_and_gradient_at(x, y)
    assume(all(math.isfinite(part) for part in ours))
    value, slope_x, size_x = quietly(expression.tree, x, y, "x")
    _, slope_y, size_y = quietly(expression.tree, x, y, "y")
    tolerance = 1e-9 * (1 + max(size_x, size_y)) ** 2  # what cancels is as large as what was met on the way
    assert ours == pytest.approx((value, slope_x, slope_y), rel=1e-9, abs=tolerance)


@given(typed, places, places)
def test_hessians_are_exact(source: str, x: float, y: float) -> None:
    try:
        expression = Expression(source)
    except ExpressionError:
        assume(False)
    ours = [float(part) for part in expression.hessian(np.array(x), np.array(y))]
    assume(all(math.isfinite(part) for part in ours))
    fx, fy = (derivative(expression.tree, variable) for variable in "xy")
    steps = [quietly(fx, x, y, "x"), quietly(fx, x, y, "y"), quietly(fy, x, y, "y")]
    tolerance = 1e-9 * (1 + max(size for _, _, size in steps)) ** 2
    assert ours == pytest.approx([slope for _, slope, _ in steps], rel=1e-9, abs=tolerance)


@pytest.mark.parametrize(
    ("source", "gradient"),
    [
        ("max(x, 0) + y", (1, 1)),
        ("(0/x)*y^2 + x", (1, 0)),
        ("0*x + y", (0, 1)),
        ("x^0*y", (0, 1)),
        ("x^1*y", (0.5, 4)),
        ("x^(1/2)*y", (0.125, 2)),
        ("x^2*1e-305 - y", (8e-305, -1)),
        ("cos(1e-305x) + y", (0, 1)),
    ],
)
def test_zeros_ones_and_specks_in_a_formula_do_not_upset_its_gradient(
    source: str, gradient: tuple[float, float]
) -> None:
    assert Expression(source).value_and_gradient_at(4.0, 0.5)[1:] == pytest.approx(gradient, rel=1e-15, abs=0)


@every_formula
def test_gradients_are_what_central_differences_say(source: str) -> None:
    expression, h = Expression(source), 1e-5
    rng = np.random.default_rng(11)
    x, y = rng.uniform(0.2, 2, 50), rng.uniform(0.2, 2, 50)
    fx, fy = expression.gradient(x, y)
    for slope, difference in [
        (fx, expression.value(x + h, y) - expression.value(x - h, y)),
        (fy, expression.value(x, y + h) - expression.value(x, y - h)),
    ]:
        assert np.max(np.abs(slope - difference / (2 * h)) / (1 + np.abs(slope))) < 1e-6


@every_formula
def test_one_point_at_a_time_gives_the_numbers_of_a_whole_grid(source: str) -> None:
    expression = Expression(source)
    x, y = np.linspace(-2, 2, 9)[None, :], np.linspace(-3, 3, 8)[:, None]
    value, (fx, fy) = expression.value(x, y), expression.gradient(x, y)
    for i, b in enumerate(y.ravel()):
        for j, a in enumerate(x.ravel()):
            grid = (value[i, j], fx[i, j], fy[i, j])
            assert expression.value_and_gradient_at(a, b) == pytest.approx(grid, rel=1e-12, abs=1e-12, nan_ok=True)


@every_formula
def test_a_row_and_a_column_give_what_full_grids_give(source: str) -> None:
    expression = Expression(source)
    x, y = np.linspace(0.1, 2, 130)[None, :], np.linspace(0.1, 3, 150)[:, None]  # more than one block
    assert x.size * y.size > 2 * BLOCK
    full = np.broadcast_arrays(x, y)
    answers = (expression.value(x, y), *expression.gradient(x, y), *expression.hessian(x, y))
    expected = (expression.value(*full), *expression.gradient(*full), *expression.hessian(*full))
    for answer, wanted in zip(answers, expected, strict=True):
        assert answer.shape == (150, 130)
        assert np.allclose(answer, wanted, rtol=1e-13, atol=1e-13)  # other strides, other SIMD remainders


def test_lists_of_points_and_single_ones_and_none_keep_their_shape() -> None:
    expression = Expression("x^2 + y")
    assert expression.value(np.arange(3.0), np.array(1.0)).tolist() == [1, 2, 5]
    assert expression.value(np.array(2.0), np.array(1.0)).shape == ()
    assert expression.value(np.empty((0, 4)), np.empty((0, 4))).shape == (0, 4)
    assert Expression("3").gradient(np.zeros(2), np.zeros(2))[1].tolist() == [0, 0]


@pytest.mark.parametrize("name", SMOOTH)
def test_every_smooth_function_has_the_slope_that_a_complex_step_finds(name: str) -> None:
    tree = parse(f"{name}(x)")
    for x in (0.2, 0.55, 0.9):
        _, slope, _ = complex_step(tree, x, 0.0, "x")
        assert Program(derivative(tree, "x")).at(x, 0.0) == [pytest.approx(slope, rel=1e-13, abs=0)]


@pytest.mark.parametrize(
    ("source", "place", "gradient"),
    [
        ("abs(x)", (0, 0), (0, 0)),
        ("|x|", (-2, 0), (-1, 0)),
        ("relu(x)", (0, 0), (0.5, 0)),
        ("relu(x)", (1, 0), (1, 0)),
        ("relu(x)", (-1, 0), (0, 0)),
        ("max(x, y)", (2, 2), (0.5, 0.5)),
        ("max(x, y)", (3, 2), (1, 0)),
        ("min(x, y)", (2, 2), (0.5, 0.5)),
        ("min(x, y)", (3, 2), (0, 1)),
        ("sign(x)", (0, 0), (0, 0)),
        ("step(y)", (0, 0), (0, 0)),
        ("sqrt(|x|)*x", (0, 0), (math.nan, 0)),
    ],
)
def test_at_a_kink_the_slope_is_the_mean_of_both_sides(
    source: str, place: tuple[float, float], gradient: tuple[float, float]
) -> None:
    expression = Expression(source)
    assert expression.value_and_gradient_at(*place)[1:] == pytest.approx(gradient, nan_ok=True)
    arrays = expression.gradient(np.array(place[0], dtype=float), np.array(place[1], dtype=float))
    assert [float(part) for part in arrays] == pytest.approx(gradient, nan_ok=True)


@pytest.mark.parametrize(
    ("source", "place", "value"),
    [
        ("ln(x)", (-1, 0), math.nan),
        ("ln(x)", (0, 0), -math.inf),
        ("1/x", (0, 0), math.inf),
        ("sqrt(x)", (-1, 0), math.nan),
        ("x^0.5", (-1, 0), math.nan),
        ("x^-1", (0, 0), math.inf),
        ("asin(x)", (2, 0), math.nan),
        ("exp(x)", (1000, 0), math.inf),
        ("x^9", (1e99, 0), math.inf),
        ("sin(x)/x", (0, 0), math.nan),
        ("sin(x)", (math.inf, 0), math.nan),
        ("x - y", (math.inf, math.inf), math.nan),
        ("exp(-1/x^2)", (0, 0), 0.0),
        ("x/0", (1, 0), math.inf),
        ("x/-0", (1, 0), -math.inf),
    ],
)
def test_where_there_is_no_value_the_answer_says_so_without_a_warning(
    source: str, place: tuple[float, float], value: float
) -> None:
    expression = Expression(source)
    assert expression.value_and_gradient_at(*place)[0] == pytest.approx(value, nan_ok=True)
    assert float(expression.value(*(np.array(float(part)) for part in place))) == pytest.approx(value, nan_ok=True)
    numpy_place = np.array(place, dtype=float)  # NumPy's own scalars must not warn either
    assert expression.value_and_gradient_at(*numpy_place)[0] == pytest.approx(value, nan_ok=True)


def test_tails_keep_their_digits() -> None:
    _, slope, _ = Expression("sigmoid(x)").value_and_gradient_at(40.0, 0.0)
    assert slope == pytest.approx(math.exp(-40), rel=1e-14, abs=0)
    assert Expression("sigmoid(x)").value_and_gradient_at(-700.0, 0.0)[0] == pytest.approx(
        math.exp(-700), rel=1e-13, abs=0
    )
    assert Expression("softplus(x)").value_and_gradient_at(-50.0, 0.0)[0] == pytest.approx(
        math.exp(-50), rel=1e-14, abs=0
    )


@pytest.mark.parametrize("source", ["1e-200*(1e-200*exp(x))", "1e-200*exp(x)/1e200", "exp(x)/(1e200*exp(y))/1e200"])
def test_tiny_and_huge_factors_are_not_lost_in_the_derivative(source: str) -> None:
    value, slope, _ = Expression(source).value_and_gradient_at(600.0, 0.0)
    assert slope == pytest.approx(value, rel=1e-14, abs=0)  # as for every multiple of exp(x)
    assert slope == pytest.approx(math.exp(600 - 400 * math.log(10)), rel=1e-12, abs=0)


def test_derivatives_are_shown_while_they_can_be_read() -> None:
    assert Expression("x^2*y").gradient_latex == ("2 x y", "x^{2}")
    assert Expression("x^2*y").latex == "x^{2} y"
    assert Expression("*".join(["x", "y"] * 40)).gradient_latex is None


def test_an_expression_is_equal_to_one_of_the_same_source() -> None:
    assert Expression("x + y") == Expression("x + y")
    assert hash(Expression("x + y")) == hash(Expression("x + y"))
    assert Expression("x+y") != Expression("x + y")
    assert Expression("x+y").canonical == Expression("x + y").canonical
    assert Expression("x + y").minima == ()
