"""How typed formulas are read, against Python's parser and a table of what is meant; what is refused, and where."""

import inspect
import sys

import numpy as np
import pytest
from hypothesis import given, reject

from app.engine.expressions.builder import Limits
from app.engine.expressions.errors import ExpressionError
from app.engine.expressions.operations import ALIASES, FUNCTIONS, OPERATIONS
from app.engine.expressions.parser import parse
from app.engine.expressions.program import Program
from app.engine.expressions.tree import Number, postorder
from app.texts import text, texts
from tests.engine.expressions.formulas import read_by_python, typed


@given(typed)
def test_a_formula_is_read_as_python_reads_it(source: str) -> None:
    try:
        tree = parse(source)
    except ExpressionError as error:
        if error.key not in {"expression.exponent", "expression.undefined"}:  # 3^2^9 and ln(-2)
            raise
        reject()
    assert tree == read_by_python(source)


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("-x^2", "-(x^2)"),
        ("2^-x", "2^(-x)"),
        ("2^3^x", "2^(3^x)"),
        ("x^-y^2", "x^(-(y^2))"),
        ("x-y-1", "(x-y)-1"),
        ("x/y/2", "(x/y)/2"),
        ("x-y+1", "(x-y)+1"),
        ("x/y*2", "(x/y)*2"),
        ("x+y*2", "x+(y*2)"),
        ("x**2", "x^2"),
        ("--x", "-(-x)"),
        ("+x", "x"),
        ("x*-y", "x*(-y)"),
        ("3x", "3*x"),
        ("2x^2", "2*(x^2)"),
        ("-2x^2", "(-2)*(x^2)"),
        ("x^2y", "(x^2)*y"),
        ("2^3x", "(2^3)*x"),
        ("2x/3", "(2*x)/3"),
        ("1/2*x", "(1/2)*x"),
        ("x/2*3y", "((x/2)*3)*y"),
        ("x/2+3y", "(x/2)+(3*y)"),
        ("2(x+1)", "2*(x+1)"),
        ("(x+1)(y-1)", "(x+1)*(y-1)"),
        ("(x+1)y", "(x+1)*y"),
        ("2sin(x)cos(y)", "(2*sin(x))*cos(y)"),
        ("2pi", "2*pi"),
        ("2e", "2*e"),
        ("2exp(x)", "2*exp(x)"),
        ("2e1x", "20*x"),
        ("1e-3x", "0.001*x"),
        (".5x", "0.5*x"),
        ("5.x", "5*x"),
        ("|x - 1| + 2", "abs(x-1)+2"),
        ("||x|-1|", "abs(abs(x)-1)"),
        ("2|x|y", "2*abs(x)*y"),
        ("|x||y|", "abs(x)*abs(y)"),
        ("|2(|x|+1)|", "abs(2*(abs(x)+1))"),
        ("|max(1|x|, y)|", "abs(max(1*abs(x), y))"),
        ("log(x)", "ln(x)"),
        ("pow(x, y)", "x^y"),
        ("max(x, y, 1)", "max(max(x, y), 1)"),
        ("x² + y³ − 2·x×y ÷ π", "x^2 + y^3 - 2*x*y/pi"),
        ("x¹²", "x^12"),
        (" \tx\n", "x"),
    ],
)
def test_what_is_typed_is_read_as_it_is_meant(source: str, meant: str) -> None:
    assert parse(source) == parse(meant)


def wrong(source: str, key: str, at: int, **values: object) -> tuple[str, str, int, dict[str, object]]:
    return source, f"expression.{key}", at, values


WRONG = [
    wrong("", "empty", 0),
    wrong("   ", "empty", 0),
    wrong("x+", "unfinished", 2),
    wrong("2*(x", "unclosed", 2),
    wrong("sin(x", "unclosed", 3),
    wrong("|x", "unclosed", 0),
    wrong("x+1)", "unopened", 3),
    wrong("x+*y", "misplaced", 2, found="*"),
    wrong("()", "misplaced", 1, found=")"),
    wrong("sin()", "misplaced", 4, found=")"),
    wrong("*x", "misplaced", 0, found="*"),
    wrong("x^^2", "misplaced", 2, found="^"),
    wrong("(|x)|", "misplaced", 3, found=")"),
    wrong("x y", "missing_operator", 2, before="x", after="y"),
    wrong("2 3", "missing_operator", 2, before="2", after="3"),
    wrong("(x)2", "missing_operator", 3, before=")", after="2"),
    wrong("1.2.3", "missing_operator", 3, before="1.2", after=".3"),
    wrong("x|y|", "missing_operator", 1, before="x", after="|"),
    wrong("1/2x", "ambiguous_division", 3),
    wrong("x/2(y+1)", "ambiguous_division", 3),
    wrong("1/(x)y", "ambiguous_division", 5),
    wrong("0,5", "comma", 1),
    wrong("(x, y)", "comma", 2),
    wrong("1e999", "number_too_large", 0),
    wrong("x + 1/0", "undefined", 5),
    wrong("x*ln(-1)", "undefined", 2),
    wrong("(-8)^(1/3)", "undefined", 4),
    wrong("x^1000", "exponent", 2, exponent="1000", limit=100),
    wrong("pow(x, -101)", "exponent", 0, exponent="-101", limit=100),
    wrong("9^9^9^9", "exponent", 4, exponent="3.8742e+08", limit=100),
    wrong("f(x) = x", "equals", 5, found="="),
    wrong("x + foo", "unknown", 4, name="foo"),
    wrong("z", "unknown", 0, name="z"),
    wrong("2xy", "unknown_similar", 1, name="xy", suggestion="x*y"),
    wrong("X", "unknown_similar", 0, name="X", suggestion="x"),
    wrong("Sine(x)", "unknown_similar", 0, name="Sine", suggestion="sin"),
    wrong("arctan(x)", "unknown_similar", 0, name="arctan", suggestion="atan"),
    wrong("sqr(x)", "unknown_similar", 0, name="sqr", suggestion="sqrt"),
    wrong("x(y+1)", "not_a_function", 1, name="x"),
    wrong("pi(x)", "not_a_function", 2, name="pi"),
    wrong("sin x", "needs_parentheses", 0, name="sin"),
    wrong("y*sin", "needs_parentheses", 2, name="sin"),
    wrong("sin(x, y)", "arguments", 0, name="sin", got=2, expected=1),
    wrong("2max(x)", "arguments", 1, name="max", got=1, expected=2),
    wrong("pow(x, y, 2)", "arguments", 0, name="pow", got=3, expected=2),
    wrong("x.real", "character", 1, found="."),
    wrong("x; y", "character", 1, found=";"),
    wrong("x[0]", "character", 1, found="["),
    wrong("é", "character", 0, found="é"),
    wrong("x\x00", "character", 1, found="U+0000"),
    wrong("x\u202ey", "character", 1, found="U+202E"),
    wrong("\ud800", "character", 0, found="U+D800"),
    wrong("x𝟐", "character", 1, found="𝟐"),
    wrong("x٣", "character", 1, found="٣"),
    wrong("__import__(x)", "unknown", 0, name="__import__"),
    wrong("lambda", "unknown", 0, name="lambda"),
    wrong("x" * 10_000, "too_long", 500, length=10_000, limit=500),
    wrong("x" * 500, "unknown", 0, name="x" * 39 + "…"),
    wrong("(" * 200 + "x" + ")" * 200, "too_deep", 40, limit=40),
    wrong("-" * 400 + "x", "too_deep", 40, limit=40),
    wrong("2^" * 200 + "x", "too_deep", 81, limit=40),
    wrong("sin(" * 60 + "x" + ")" * 60, "too_deep", 163, limit=40),
    wrong("|" * 60 + "x" + "|" * 60, "too_deep", 40, limit=40),
    wrong("x+" * 200 + "x", "too_many_parts", 299, limit=300),
]


@pytest.mark.parametrize(("source", "key", "at", "values"), WRONG, ids=lambda part: repr(part)[:30])
def test_what_cannot_be_read_is_refused_with_its_place_and_in_words(
    source: str, key: str, at: int, values: dict[str, object]
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    error = caught.value
    assert (error.key, error.at, dict(error.values)) == (key, at, {"character": at + 1, **values})
    assert all(len(str(value)) <= 40 and str(value).isprintable() for value in error.values.values())
    message = text(error.key, "en", **error.values)
    assert "{" not in message
    assert all(str(value) in message for value in values.values())


def test_every_error_text_is_reached_by_some_wrong_formula() -> None:
    reached = {key for _, key, _, _ in WRONG}
    assert reached == {key for key in texts() if key.startswith("expression.")}


@pytest.mark.parametrize(
    "source",
    [
        "(" * 250 + ")" * 250,
        "9^" * 249 + "9",
        "1e308*" * 80 + "x",
        "sin(" * 125,
        "x+" * 250,
        "|" * 500,
        "-" * 500,
        "x²" * 250,
    ],
)
def test_hostile_formulas_are_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        parse(source)


def test_the_deepest_formula_allowed_needs_a_third_of_the_stack_at_most() -> None:
    before, depth = sys.getrecursionlimit(), len(inspect.stack())
    sys.setrecursionlimit(depth + before // 3)
    try:
        tree = parse("sin(" * 38 + "x^(y)" + ")" * 38)
    finally:
        sys.setrecursionlimit(before)
    assert len(postorder(tree)) == 41


@pytest.mark.parametrize("part", ["-x", "x^2", "(x)", "|x|", "sin(x)"])
def test_what_stands_side_by_side_is_not_deep(part: str) -> None:
    assert len(postorder(parse("*".join([part] * 60)))) <= 300


def test_limits_can_be_set() -> None:
    small = Limits(characters=20, depth=2, nodes=5, exponent=3)
    assert parse("x^3 + y", small) == parse("x^3 + y")
    for source, key in [
        ("x + y + x + y + x + y", "too_long"),
        ("x+x+x+x", "too_many_parts"),
        ("(((x)))", "too_deep"),
        ("x^4", "exponent"),
    ]:
        with pytest.raises(ExpressionError) as caught:
            parse(source, small)
        assert caught.value.key == f"expression.{key}"


@pytest.mark.parametrize("name", [*FUNCTIONS, *ALIASES])
def test_every_function_can_be_typed(name: str) -> None:
    operation = ALIASES.get(name, name)
    arguments = ("x", "y")[: len(OPERATIONS[operation].slopes)]
    tree = parse(f"{name}({', '.join(arguments)})")
    expected = np.asarray(OPERATIONS[operation].array(*(0.3, 0.7)[: len(arguments)]))
    assert Program(tree).at(0.3, 0.7) == [pytest.approx(float(expected), rel=1e-15)]


def test_numbers_are_read_to_the_last_digit() -> None:
    assert parse("0.1") == Number(0.1)
    assert parse("123456789.123456789e-7") == Number(123456789.123456789e-7)
