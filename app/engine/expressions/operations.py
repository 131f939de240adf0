"""Every operation of the grammar: how NumPy and how `math` compute it, and its slope in each argument.

`math` raises where NumPy answers inf or NaN; `Program` then asks NumPy. Infinite and NaN arguments give the same either
way. A slope is a tree, made of the trees of the arguments.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.expressions.algebra import ONE, ZERO, add, call, divide, multiply, negative, power, subtract
from app.engine.expressions.tree import Number, Tree

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Operation:
    """One operation on floats and on arrays, and for each of its arguments u, v the slope in that argument."""

    array: Callable[..., Any]
    scalar: Callable[..., float]
    slopes: tuple[Callable[..., Tree], ...]


def _sigmoid(z: Array) -> Array:
    """1/(1 + e^{−z}), with all digits in both tails."""
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z < 0, small, 1.0) / (1.0 + small))


def _sigmoid_at(z: float) -> float:
    small = math.exp(-abs(z))
    return (small if z < 0 else 1.0) / (1.0 + small)


def _softplus(z: Array) -> Array:
    """log(1 + e^z) without overflow."""
    return np.asarray(np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))))


def _softplus_at(z: float) -> float:
    return _larger(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _larger(a: float, b: float) -> float:
    return a if a >= b or math.isnan(a) else b


def _smaller(a: float, b: float) -> float:
    return a if a <= b or math.isnan(a) else b


def _sign_at(z: float) -> float:
    return z if math.isnan(z) else float((z > 0) - (z < 0))


def _step_at(z: float) -> float:
    return 0.5 + 0.5 * _sign_at(z)


def _one_minus_square(u: Tree) -> Tree:
    return subtract(ONE, power(u, Number(2.0)))


def _one_plus_square(u: Tree) -> Tree:
    return add(power(u, Number(2.0)), ONE)


def _one_over_root(u: Tree) -> Tree:
    return divide(ONE, call("sqrt", u))


def _steps(u: Tree, v: Tree) -> Tree:
    """1 where u is the larger, 0 where v is, ½ where they are equal."""
    return call("step", subtract(u, v))


OPERATIONS: dict[str, Operation] = {
    "+": Operation(np.add, operator.add, (lambda u, v: ONE, lambda u, v: ONE)),
    "-": Operation(np.subtract, operator.sub, (lambda u, v: ONE, lambda u, v: Number(-1.0))),
    "*": Operation(np.multiply, operator.mul, (lambda u, v: v, lambda u, v: u)),
    "/": Operation(
        np.divide,
        operator.truediv,
        (lambda u, v: divide(ONE, v), lambda u, v: negative(divide(u, power(v, Number(2.0))))),
    ),
    "^": Operation(
        np.power,
        math.pow,
        (
            lambda u, v: multiply(v, power(u, subtract(v, ONE))),
            lambda u, v: multiply(call("ln", u), power(u, v)),
        ),
    ),
    "neg": Operation(np.negative, operator.neg, (lambda u: Number(-1.0),)),
    "sin": Operation(np.sin, math.sin, (lambda u: call("cos", u),)),
    "cos": Operation(np.cos, math.cos, (lambda u: negative(call("sin", u)),)),
    "tan": Operation(np.tan, math.tan, (lambda u: _one_plus_square(call("tan", u)),)),
    "asin": Operation(np.arcsin, math.asin, (lambda u: _one_over_root(_one_minus_square(u)),)),
    "acos": Operation(np.arccos, math.acos, (lambda u: negative(_one_over_root(_one_minus_square(u))),)),
    "atan": Operation(np.arctan, math.atan, (lambda u: divide(ONE, _one_plus_square(u)),)),
    "sinh": Operation(np.sinh, math.sinh, (lambda u: call("cosh", u),)),
    "cosh": Operation(np.cosh, math.cosh, (lambda u: call("sinh", u),)),
    "tanh": Operation(np.tanh, math.tanh, (lambda u: _one_minus_square(call("tanh", u)),)),
    "exp": Operation(np.exp, math.exp, (lambda u: call("exp", u),)),
    "ln": Operation(np.log, math.log, (lambda u: divide(ONE, u),)),
    "log2": Operation(np.log2, math.log2, (lambda u: divide(ONE, multiply(call("ln", Number(2.0)), u)),)),
    "log10": Operation(np.log10, math.log10, (lambda u: divide(ONE, multiply(call("ln", Number(10.0)), u)),)),
    "sqrt": Operation(np.sqrt, math.sqrt, (lambda u: divide(ONE, multiply(Number(2.0), call("sqrt", u))),)),
    "abs": Operation(np.abs, math.fabs, (lambda u: call("sign", u),)),
    "sign": Operation(np.sign, _sign_at, (lambda u: ZERO,)),
    "step": Operation(lambda z: np.heaviside(z, 0.5), _step_at, (lambda u: ZERO,)),
    "relu": Operation(lambda z: np.maximum(z, 0.0), lambda z: _larger(z, 0.0), (lambda u: call("step", u),)),
    "softplus": Operation(_softplus, _softplus_at, (lambda u: call("sigmoid", u),)),
    # σ(−u) for 1 − σ(u), which would lose its digits where σ is near 1
    "sigmoid": Operation(
        _sigmoid, _sigmoid_at, (lambda u: multiply(call("sigmoid", u), call("sigmoid", negative(u))),)
    ),
    "max": Operation(np.maximum, _larger, (_steps, lambda u, v: _steps(v, u))),
    "min": Operation(np.minimum, _smaller, (lambda u, v: _steps(v, u), _steps)),
}

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e, "tau": math.tau}
VARIABLES = ("x", "y")

FUNCTIONS = tuple(name for name in OPERATIONS if name.isalnum() and name != "neg")
"""The operations that are written as a name with arguments in parentheses."""
ALIASES = {"log": "ln", "pow": "^"}
