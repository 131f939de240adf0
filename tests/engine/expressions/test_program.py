"""Trees as lists of operations: the same by `math` and by NumPy, nothing twice, and a cost that stays in proportion."""

import math

import numpy as np
import pytest

from app.engine.expressions.expression import Expression
from app.engine.expressions.operations import FUNCTIONS, OPERATIONS
from app.engine.expressions.parser import parse
from app.engine.expressions.program import BLOCK, Program
from app.engine.expressions.tree import postorder


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_gives_the_same_by_math_and_by_numpy_at_extreme_values_too(name: str) -> None:
    arguments = ("x", "y")[: len(OPERATIONS[name].slopes)]
    program = Program(parse(f"{name}({', '.join(arguments)})"))
    values = [0.0, -0.0, 0.3, -0.7, 1.0, -1.0, 40.0, -40.0, 800.0, -800.0, 1e300, -1e300, math.inf, -math.inf, math.nan]
    for x in values:
        for y in values if len(arguments) == 2 else [0.0]:
            (single,), (array,) = program.at(x, y), program.over(np.array([x]), np.array([y]))
            assert single == pytest.approx(float(array[0]), rel=1e-14, nan_ok=True)


def test_what_formula_and_derivatives_share_is_computed_once() -> None:
    shared = Expression("sin(x*y)*sin(x*y)")
    assert [step.operation for step in shared._value.steps] == ["*", "sin", "*"]
    assert Expression("sin(x*y) + sin(y*x)").cost == Expression("sin(x*y)").cost + 1 + 2
    assert [step.operation for step in Program(parse("e^x")).steps] == ["exp"]
    powers = Program(parse("x^2 + x^4 + x^8"))
    assert [step.operation for step in powers.steps] == ["*", "*", "+", "*", "+"]


def largest_formulas() -> list[str]:
    def nested(form: str) -> str:
        formula = "x*y"
        while len(form.format(formula)) <= 500 and form.format(formula).count("(") < 40:
            formula = form.format(formula)
        return formula

    chains = ["*".join(["x", "y"] * 75), "/".join(["x", "y"] * 75), "x^" * 39 + "y", "x^y*" * 60 + "x"]
    coefficients = [
        "2*(" * 39 + "x" + ")" * 39,
        "2/(" * 39 + "x" + ")" * 39,
        "1e200*(" * 39 + "x" + ")" * 39,
        "-" * 40 + "x",
    ]
    functions = [nested(f"{name}({{}})") for name in FUNCTIONS if len(OPERATIONS[name].slopes) == 1]
    return [*chains, *coefficients, *functions, nested("({})^y"), nested("max({},y)"), nested("({}+x)/y")]


@pytest.mark.parametrize("source", largest_formulas())
def test_the_cost_of_derivatives_grows_in_proportion_to_the_formula(source: str) -> None:
    expression = Expression(source)
    nodes = len(postorder(expression.tree))
    assert expression.cost <= 6 * nodes
    assert len(expression._hessian.steps) <= 25 * nodes
    alive, most = set[int](), 0
    for step in expression._hessian.steps:
        alive = (alive | {step.result}) - set(step.spent)
        most = max(most, len(alive))
    assert most * BLOCK * 8 < 24e6  # bytes at work on a grid of any size
