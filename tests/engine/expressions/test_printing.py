"""Formulas written out again: the same tree comes back, and LaTeX that browsers can draw."""

import pytest
from hypothesis import given, reject
from latex2mathml.converter import convert

from app.engine.expressions.builder import Limits
from app.engine.expressions.derivative import derivative
from app.engine.expressions.errors import ExpressionError
from app.engine.expressions.operations import FUNCTIONS, OPERATIONS
from app.engine.expressions.parser import parse
from app.engine.expressions.printing import canonical, to_latex, written_size
from app.engine.expressions.tree import Tree
from tests.engine.expressions.formulas import FORMULAS, typed

ROOMY = Limits(characters=10**6, depth=100, nodes=10**5, exponent=10**6)


def tree_of(source: str) -> Tree:
    try:
        return parse(source)
    except ExpressionError:
        reject()


@given(typed)
def test_a_formula_written_out_is_read_back_as_the_same_tree(source: str) -> None:
    tree = tree_of(source)
    assert parse(canonical(tree), ROOMY) == tree
    assert canonical(parse(canonical(tree), ROOMY)) == canonical(tree)


@given(typed)
def test_every_formula_and_derivative_becomes_one_piece_of_mathml(source: str) -> None:
    tree = tree_of(source)
    for formula in (tree, derivative(tree, "x")):
        if written_size(formula) < 100:
            assert convert(to_latex(formula)).startswith("<math")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (" x*( y ) ", "x*y"),
        ("(x+(y*2))", "x + y*2"),
        ("x+(y+2)", "x + (y + 2)"),
        ("(x-y)-1", "x - y - 1"),
        ("x-(y-1)", "x - (y - 1)"),
        ("(x/y)/2", "x/y/2"),
        ("x/(y*2)", "x/(y*2)"),
        ("(-x)^2", "(-x)^2"),
        ("-(x^2)", "-x^2"),
        ("-(x*y)", "-(x*y)"),
        ("(-x)*y", "-x*y"),
        ("(x^2)^3", "(x^2)^3"),
        ("2^(3^x)", "2^3^x"),
        ("2^(-x)", "2^-x"),
        ("|x|", "abs(x)"),
        ("log(x)", "ln(x)"),
        ("3x", "3*x"),
        ("0.1e-6x", "1e-07*x"),
    ],
)
def test_the_canonical_spelling_has_no_more_parentheses_than_needed(source: str, written: str) -> None:
    assert canonical(parse(source)) == written


@pytest.mark.parametrize(
    ("source", "latex"),
    [
        ("2x*y", "2 x y"),
        ("2*3", r"2 \cdot 3"),
        ("x*2^y", r"x \cdot 2^{y}"),
        ("2*(1/x)", r"2 \cdot \frac{1}{x}"),
        ("-x*y", "-x y"),
        ("x*(-y)", r"x \left(-y\right)"),
        ("x - (-y)", r"x - \left(-y\right)"),
        ("(x+1)^2", r"\left(x + 1\right)^{2}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("exp(-x^2)", "e^{-x^{2}}"),
        ("x sin(y)".replace(" ", "*"), r"x \, \sin\left(y\right)"),
        ("asin(x)*pi", r"\arcsin\left(x\right) \, \pi"),
        ("sqrt(x)+|y|", r"\sqrt{x} + \left\lvert y \right\rvert"),
        ("1e-5x", "10^{-5} x"),
        ("2.5e30", r"2.5 \cdot 10^{30}"),
        ("max(x, y)", r"\max\left(x, y\right)"),
    ],
)
def test_latex_is_what_one_would_write_by_hand(source: str, latex: str) -> None:
    assert to_latex(parse(source)) == latex


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_latex_that_can_be_converted(name: str) -> None:
    arguments = ("x", "y")[: len(OPERATIONS[name].slopes)]
    assert convert(to_latex(parse(f"{name}({', '.join(arguments)})"))).startswith("<math")


@pytest.mark.parametrize(
    ("source", "slopes"),
    [
        ("x^2 + 3x*y", ("2*x + 3*y", "3*x")),
        ("(1-x)^2 + 100(y-x^2)^2", ("-(2*(1 - x)) - 400*(x*(y - x^2))", "200*(y - x^2)")),
        ("sqrt(x^2 + y^2)", ("x/sqrt(x^2 + y^2)", "y/sqrt(x^2 + y^2)")),
        ("e^(-x^2)", ("-(2*(x*e^-x^2))", "0")),
        ("1/x", ("-(1/x^2)", "0")),
        ("x/3 + 6x/3", ("1/3 + 2", "0")),
        ("ln(5x)", ("1/x", "0")),
        ("7", ("0", "0")),
    ],
)
def test_derivatives_come_out_tidy(source: str, slopes: tuple[str, str]) -> None:
    tree = parse(source)
    assert canonical(derivative(tree, "x")).replace(" ", "") == slopes[0].replace(" ", "")
    assert canonical(derivative(tree, "y")).replace(" ", "") == slopes[1].replace(" ", "")


def test_written_size_counts_shared_parts_every_time() -> None:
    assert written_size(parse("x*y + 1")) == 5
    assert all(written_size(parse(source)) >= 1 for source in FORMULAS)
