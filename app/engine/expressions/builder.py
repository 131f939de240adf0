"""Making the nodes of a typed expression within bounds, and knowing the value of every part without x and y."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from app.engine.expressions.errors import ExpressionError
from app.engine.expressions.operations import CONSTANTS, OPERATIONS
from app.engine.expressions.tree import Apply, Number, Symbol, Tree


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large an expression may be: characters, levels of nesting, nodes of the tree, size of a constant exponent.

    Value and gradient then take at most about six operations a node, the Hessian 25.
    """

    characters: int = 500
    depth: int = 40
    nodes: int = 300
    exponent: int = 100


DEFAULT_LIMITS = Limits()


class Builder:
    """Makes one tree. `at` is where in the source a node stands, for the error."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._nodes = 0
        self._constants: dict[int, float] = {}  # by identity: the nodes live as long as the tree

    def number(self, digits: str, at: int) -> Tree:
        value = float(digits)
        if not isfinite(value):
            raise ExpressionError("number_too_large", at)
        return self._counted(Number(value), at, value)

    def symbol(self, name: str, at: int) -> Tree:
        return self._counted(Symbol(name), at, CONSTANTS.get(name))

    def apply(self, operation: str, at: int, *arguments: Tree) -> Tree:
        return self._counted(Apply(operation, arguments), at, self._constant(operation, arguments))

    def check_exponent(self, exponent: Tree, at: int) -> None:
        """Refuse a constant exponent beyond the limit."""
        value = self._constants.get(id(exponent))
        if value is not None and abs(value) > self._limits.exponent:
            raise ExpressionError("exponent", at, exponent=f"{value:g}", limit=self._limits.exponent)

    def _counted(self, node: Tree, at: int, constant: float | None) -> Tree:
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            raise ExpressionError("too_many_parts", at, limit=self._limits.nodes)
        if constant is not None:
            if not isfinite(constant):
                raise ExpressionError("undefined", at)
            self._constants[id(node)] = constant
        return node

    def _constant(self, operation: str, arguments: tuple[Tree, ...]) -> float | None:
        values = [self._constants.get(id(argument)) for argument in arguments]
        if None in values:
            return None
        with np.errstate(all="ignore"):
            return float(OPERATIONS[operation].array(*values))
