"""Trees as one flat list of operations, each different one done once: fast at a point, sparing over a grid."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.engine.expressions.operations import CONSTANTS, OPERATIONS
from app.engine.expressions.tree import Apply, Symbol, Tree, literal, postorder

Array = NDArray[np.float64]

BLOCK = 8_192
"""Points worked on at a time: 64 KB an array, so that what passes between operations stays in the cache."""
LARGEST_PRODUCT = 128
"""Whole powers up to this one are multiplied out, in at most 13 products."""


class Step(NamedTuple):
    """register[result] ← operation(register[a]), or of register[a] and register[b]; then `spent` are needed no more."""

    operation: str
    result: int
    a: int
    b: int | None
    spent: tuple[int, ...]


class Program:
    """Computes several trees of x and y together; what they share is computed once. Immutable."""

    def __init__(self, *trees: Tree) -> None:
        compiler = _Compiler()
        self.outputs = compiler.registers_of(trees)
        self.steps = tuple(compiler.steps(self.outputs))
        self._initial = compiler.initial
        self._at_points = [(OPERATIONS[step.operation].scalar, step.result, step.a, step.b) for step in self.steps]

    def at(self, x: float, y: float) -> list[float]:
        """The values at one point, with plain floats; infinite or NaN where there is none."""
        try:
            return self._at(float(x), float(y))
        except (ArithmeticError, ValueError):  # where `math` gives up, NumPy says inf or NaN
            return [float(values) for values in self.over(np.array(x), np.array(y))]

    def _at(self, x: float, y: float) -> list[float]:
        registers = self._initial.copy()
        registers[0], registers[1] = x, y
        for operation, result, a, b in self._at_points:
            registers[result] = operation(registers[a]) if b is None else operation(registers[a], registers[b])
        return [registers[output] for output in self.outputs]

    def over(self, x: Array, y: Array) -> list[Array]:
        """The values at all points of x and y, which are broadcast against each other, block by block.

        What depends on x alone is computed once a column of a grid if x comes as one row, and so is y in a column.
        """
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        shape = np.broadcast_shapes(x.shape, y.shape)
        results = [np.empty(shape) for _ in self.outputs]
        with np.errstate(all="ignore"):
            for rows in _blocks(shape):
                values = self._over(_cut(x, rows, shape), _cut(y, rows, shape))
                for result, value in zip(results, values, strict=True):
                    result[rows] = value
        return results

    def _over(self, x: Array, y: Array) -> list[Any]:
        registers: list[Any] = list(self._initial)
        registers[0], registers[1] = x, y
        for operation, result, a, b, spent in self.steps:
            function = OPERATIONS[operation].array
            registers[result] = function(registers[a]) if b is None else function(registers[a], registers[b])
            for register in spent:
                registers[register] = None
        return [registers[output] for output in self.outputs]


class _Compiler:
    """Gives every different value a register: 0 is x, 1 is y, then constants and results as they come."""

    def __init__(self) -> None:
        self.initial = [0.0, 0.0]
        self._known: dict[object, int] = {"x": 0, "y": 1}
        self._steps: list[tuple[str, int, int, int | None]] = []

    def registers_of(self, trees: tuple[Tree, ...]) -> tuple[int, ...]:
        places: dict[int, int] = {}
        for node in postorder(*trees):
            places[id(node)] = self._place(node, places)
        return tuple(places[id(tree)] for tree in trees)

    def steps(self, outputs: tuple[int, ...]) -> Iterator[Step]:
        """All operations in order, each with the results that are used there for the last time."""
        last_use = {register: i for i, (_, _, a, b) in enumerate(self._steps) for register in (a, b)}
        spent: dict[int, list[int]] = {}
        for _, result, _, _ in self._steps:
            if result not in outputs and result in last_use:
                spent.setdefault(last_use[result], []).append(result)
        for i, (operation, result, a, b) in enumerate(self._steps):
            yield Step(operation, result, a, b, tuple(spent.get(i, ())))

    def _place(self, node: Tree, places: dict[int, int]) -> int:
        value = literal(node)
        if value is not None:
            return self._constant(value)
        match node:
            case Apply("^", (base, exponent)):
                return self._power(base, exponent, places)
            case Apply(operation, arguments):
                return self._apply(operation, *(places[id(argument)] for argument in arguments))
            case Symbol(name) if name in CONSTANTS:
                return self._constant(CONSTANTS[name])
            case Symbol(name):
                return self._known[name]
        raise AssertionError(node)  # every other number is a literal

    def _constant(self, value: float) -> int:
        key = (value, math.copysign(1.0, value))  # 0 and −0 are equal, but 1/0 and 1/−0 are not
        return self._known[key] if key in self._known else self._register(key, value)

    def _apply(self, operation: str, a: int, b: int | None = None) -> int:
        if operation in {"+", "*"} and b is not None:
            a, b = min(a, b), max(a, b)
        key = (operation, a, b)
        if key not in self._known:
            self._steps.append((operation, self._register(key), a, b))
        return self._known[key]

    def _register(self, key: object, value: float = 0.0) -> int:
        self._known[key] = len(self.initial)
        self.initial.append(value)
        return self._known[key]

    def _power(self, base: Tree, exponent: Tree, places: dict[int, int]) -> int:
        """eᵘ as exp(u), whole powers as products, which are faster and never refuse a negative base."""
        n = literal(exponent)
        if base == Symbol("e"):
            return self._apply("exp", places[id(exponent)])
        if n is None or n != int(n) or abs(n) > LARGEST_PRODUCT:
            return self._apply("^", places[id(base)], places[id(exponent)])
        power = self._whole_power(places[id(base)], abs(int(n)))
        return power if n >= 0 else self._apply("/", self._constant(1.0), power)

    def _whole_power(self, base: int, n: int) -> int:
        if n == 0:
            return self._constant(1.0)
        if n == 1:
            return base
        root = self._whole_power(base, n // 2)
        square = self._apply("*", root, root)
        return self._apply("*", square, base) if n % 2 else square


def _blocks(shape: tuple[int, ...]) -> Iterator[Any]:
    """What cuts the first axis into runs of about `BLOCK` points."""
    if not shape:
        yield ()
        return
    rows = max(1, BLOCK // max(1, math.prod(shape[1:])))
    yield from (slice(start, start + rows) for start in range(0, shape[0], rows))


def _cut(values: Array, rows: Any, shape: tuple[int, ...]) -> Array:
    """The block's part of an array that may be broadcast along the first axis."""
    return values[rows] if values.ndim == len(shape) and values.shape[:1] == shape[:1] else values
