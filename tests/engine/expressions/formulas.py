"""Formulas to test with: random ones as people type them, and a reader and a calculator that are not ours."""

import ast
import cmath
import math

from hypothesis import strategies as st

from app.engine.expressions.tree import Apply, Number, Symbol, Tree, postorder

# One of every function that has a derivative everywhere it is defined.
SMOOTH = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
    *("exp", "ln", "log2", "log10", "sqrt", "sigmoid", "softplus"),
)
KINKED = ("abs", "sign", "step", "relu")
FORMULAS = (
    "(x^2 + y - 11)^2 + sin(3*x)",
    "(1 - x)^2 + 100(y - x^2)^2",
    "sin(3x)*exp(-x^2 - y^2)/(1 + x^4)",
    "x^y + y^x",
    "2^-x - e^(x*y) + pi^y",
    "x^-3 + (x*y)^7 - x^0.5 + y^-0.5",
    "ln(1 + x^2)/sqrt(y^2 + 0.1)",
    "asin(x/9) + acos(y/9) + atan(x*y) + tan(x/9)",
    "sinh(x)*cosh(y) - tanh(x + y)",
    "log2(1 + exp(y)) + log10(2 + x^2)",
    "sigmoid(3x - y) + softplus(x*y)",
    "relu(x - 1) + |y| + max(x, y, 1) - min(x*y, 2)",
    "sign(x)*y^2 + step(y)*x",
    "pow(x, 3)/tau - x/y/2 - -x",
    "3",
    "x",
)


def _spaced(parts: tuple[str, ...]) -> str:
    return "".join(parts)


def _grown(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", " - ", "^", "*-", "^-"])
    return st.one_of(
        st.tuples(smaller, signs, smaller).map(_spaced),
        st.tuples(st.just("("), smaller, st.just(")")).map(_spaced),
        st.tuples(st.sampled_from(["-", "+"]), smaller).map(_spaced),
        st.tuples(st.sampled_from(SMOOTH + KINKED), st.just("("), smaller, st.just(")")).map(_spaced),
        st.tuples(st.sampled_from(["max(", "min("]), smaller, st.just(", "), smaller, st.just(")")).map(_spaced),
    )


typed = st.recursive(st.sampled_from(["x", "y", "2", "3", "0.5", "1.25", "pi", "e"]), _grown, max_leaves=12)
"""Formulas without left-out signs, which Python reads alike when `^` is spelled `**`."""


def read_by_python(source: str) -> Tree:
    """The tree that Python's own parser makes of a formula."""
    return _converted(ast.parse(source.replace("^", "**"), mode="eval").body)


_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}


def _converted(node: ast.expr) -> Tree:
    match node:
        case ast.BinOp(left, sign, right):
            return Apply(_SIGNS[type(sign)], (_converted(left), _converted(right)))
        case ast.UnaryOp(ast.USub(), operand):
            return Apply("neg", (_converted(operand),))
        case ast.UnaryOp(ast.UAdd(), operand):
            return _converted(operand)
        case ast.Call(ast.Name(name), arguments):
            return Apply(name, tuple(_converted(argument) for argument in arguments))
        case ast.Constant(value):
            return Number(float(str(value)))
        case ast.Name(name):
            return Symbol(name)
    raise AssertionError(ast.dump(node))


def _larger(a: complex, b: complex) -> complex:
    return a if _sign(a - b) > 0 else b


def _sign(a: complex) -> float:
    if a.real == 0:
        raise ArithmeticError("at a kink the slope is a matter of definition")
    return math.copysign(1, a.real)


_COMPLEX = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a ** (b.real if b.imag == 0 else b) if a != 0 else complex(0.0**b.real),
    "neg": lambda a: -a,
    **{name: getattr(cmath, name) for name in SMOOTH if hasattr(cmath, name)},
    "ln": cmath.log,
    "log2": lambda a: cmath.log(a) / math.log(2),
    "sigmoid": lambda a: 1 / (1 + cmath.exp(-a)),
    "softplus": lambda a: cmath.log(1 + cmath.exp(a)),
    "abs": lambda a: a * _sign(a),
    "sign": _sign,
    "step": lambda a: 0.5 + 0.5 * _sign(a),
    "relu": lambda a: _larger(a, 0j),
    "max": _larger,
    "min": lambda a, b: -_larger(-a, -b),
}
_SYMBOLS = {"pi": math.pi, "e": math.e, "tau": math.tau}


def complex_step(tree: Tree, x: float, y: float, variable: str) -> tuple[float, float, float]:
    """f, ∂f/∂variable = Im f(· + ih)/h without any cancellation, and the largest number met on the way.

    ArithmeticError or ValueError where there is none, and at a kink.

    Squire and Trapp 1998, Using complex variables to estimate derivatives of real functions.
    """
    h = 1e-30
    known: dict[str, complex] = {**_SYMBOLS, "x": complex(x), "y": complex(y)}
    known[variable] += complex(0, h)
    values: dict[int, complex] = {}
    for node in postorder(tree):
        match node:
            case Number(number):
                values[id(node)] = complex(number)
            case Symbol(name):
                values[id(node)] = known[name]
            case Apply(operation, arguments):
                values[id(node)] = complex(_COMPLEX[operation](*(values[id(argument)] for argument in arguments)))
    largest = max(max(abs(value.real), abs(value.imag) / h) for value in values.values())
    return values[id(tree)].real, values[id(tree)].imag / h, largest
