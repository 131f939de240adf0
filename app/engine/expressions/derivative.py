"""Exact differentiation of a tree: the chain rule, node by node."""

from app.engine.expressions.algebra import ONE, ZERO, add, multiply
from app.engine.expressions.operations import OPERATIONS
from app.engine.expressions.tree import Apply, Symbol, Tree, postorder


def derivative(tree: Tree, variable: str) -> Tree:
    """The tree of ∂tree/∂variable.

    Parts are shared with `tree` and with each other wherever they can be: the number of different nodes grows in
    proportion to the tree's, while written out it may be much longer.
    """
    slopes: dict[int, Tree] = {}  # by identity: the nodes live as long as the tree
    for node in postorder(tree):
        if isinstance(node, Apply):
            slopes[id(node)] = _chain_rule(node, [slopes[id(argument)] for argument in node.arguments])
        else:
            slopes[id(node)] = ONE if node == Symbol(variable) else ZERO
    return slopes[id(tree)]


def _chain_rule(node: Apply, inner: list[Tree]) -> Tree:
    """The slope d f(u, v) = ∂f/∂u · du + ∂f/∂v · dv; where du is 0, ∂f/∂u is not even asked for."""
    total: Tree = ZERO
    for outer, slope in zip(OPERATIONS[node.operation].slopes, inner, strict=True):
        if slope != ZERO:
            total = add(total, multiply(outer(*node.arguments), slope))
    return total
