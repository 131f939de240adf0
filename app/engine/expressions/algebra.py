"""Building trees tidily: what differentiation makes of 2·x¹·1 + 0 is 2x. Values do not change, but for rounding.

A factor 0 removes what it multiplies, also where that has no value. Every call looks a bounded way down, so that a
derivative has no more than a fixed number of nodes for each node of what was differentiated.
"""

from math import isfinite

from app.engine.expressions.tree import Apply, Number, Symbol, Tree, literal

ZERO, ONE = Number(0.0), Number(1.0)


def call(name: str, *arguments: Tree) -> Tree:
    """A function of the grammar on its arguments; ln e is 1."""
    return ONE if (name, arguments) == ("ln", (Symbol("e"),)) else Apply(name, arguments)


def add(a: Tree, b: Tree) -> Tree:
    """The sum a + b."""
    match literal(a), literal(b):
        case 0.0, _:
            return b
        case _, 0.0:
            return a
        case float(m), float(n) if isfinite(m + n):
            return Number(m + n)
    return _sum(a, b)


def subtract(a: Tree, b: Tree) -> Tree:
    """The difference a − b."""
    return add(a, negative(b))


def _sum(a: Tree, b: Tree) -> Tree:
    """With a sign between two terms rather than before one of them."""
    match a, b:
        case _, Apply("neg", (v,)):
            return Apply("-", (a, v))
        case _, Number(value) if value < 0:
            return Apply("-", (a, Number(-value)))
        case Apply("neg", (u,)), _:
            return Apply("-", (b, u))
    return Apply("+", (a, b))


def negative(a: Tree) -> Tree:
    """The opposite −a."""
    match a:
        case Apply("-", (left, right)):
            return Apply("-", (right, left))
    return _scale(-1.0, a)


def multiply(a: Tree, b: Tree) -> Tree:
    """The product a·b: numbers to the front and into one, the sign before it, variables before longer factors."""
    (m, u), (n, v) = _split(a), _split(b)
    if m == 0 or n == 0:
        return ZERO
    return _scale(m * n, _product(u, v)) if _keeps_digits(m * n) else Apply("*", (a, b))


def divide(a: Tree, b: Tree) -> Tree:
    """The quotient a/b, with whole numbers reduced."""
    (m, u), (n, v) = _split(a), _split(b)
    if m == 0:
        return ZERO
    if n == 0 or not _keeps_digits(m / n):
        return Apply("/", (a, b))
    match u:
        case Apply("/", (over, under)) if literal(over) is not None:
            return divide(_scale(m, over), multiply(under, b))
    sign = 1.0 if m / n > 0 else -1.0
    return _scale(sign, _fraction(*_reduced(abs(m), abs(n)), u, v))


def power(a: Tree, b: Tree) -> Tree:
    """The power aᵇ."""
    match literal(b):
        case 0.0:
            return ONE
        case 1.0:
            return a
    return Apply("^", (a, b))


def _split(a: Tree) -> tuple[float, Tree]:
    """A number and what it multiplies."""
    value = literal(a)
    match a:
        case _ if value is not None:
            return value, ONE
        case Apply("neg", (u,)):
            m, rest = _split(u)
            return -m, rest
        case Apply("*", (Number(value), rest)):
            return value, rest
    return 1.0, a


def _scale(m: float, a: Tree) -> Tree:
    """The product m·a, m ≠ 0, with the sign before it and whole numbers reduced."""
    n, u = _split(a)
    if n == 0 or not _keeps_digits(m * n):
        return Apply("*", (Number(m), a)) if n else ZERO
    size = Number(abs(m * n))
    scaled: Tree
    match u:
        case Number():
            return Number(m * n)
        case _ if size == ONE:
            scaled = u
        case Apply("/", (over, under)):
            scaled = divide(_scale(size.value, over), under)
        case _:
            scaled = Apply("*", (size, u))
    return scaled if m * n > 0 else Apply("neg", (scaled,))


def _product(u: Tree, v: Tree) -> Tree:
    """The product of two factors without numbers before them."""
    match u, v:
        case Number(1.0), _:
            return v
        case _, Number(1.0):
            return u
        case Apply("/", (Number() as over, under)), _:
            return divide(multiply(over, v), under)
        case _, Apply("/", (Number() as over, under)):
            return divide(multiply(over, u), under)
    return Apply("*", (v, u) if _rank(v) < _rank(u) else (u, v))


def _rank(u: Tree) -> tuple[bool, str]:
    """Variables and their powers first, in the order of the alphabet."""
    match u:
        case Apply("*", (first, _)) if not isinstance(first, Apply) or first.operation != "*":
            return _rank(first)
        case Symbol(name) | Apply("^", (Symbol(name), Number())):
            return False, name
    return True, ""


def _fraction(m: float, n: float, u: Tree, v: Tree) -> Tree:
    over, under = _scale(m, u), _scale(n, v)
    return over if under == ONE else Apply("/", (over, under))


def _reduced(m: float, n: float) -> tuple[float, float]:
    if m % n == 0:
        return m / n, 1.0
    return (1.0, n / m) if n % m == 0 else (m, n)


def _keeps_digits(m: float) -> bool:
    """Whether a product is far from where floats overflow and underflow."""
    return 1e-300 < abs(m) < 1e300
