"""Formulas as trees: immutable, built by the parser and by differentiation, and walked without recursion."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number; the parser makes no negative ones, `neg` of a number is one all the same."""

    value: float


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable, x or y, or a constant, pi, e or tau."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation of `operations.py`, by name, on its arguments; `neg` is the minus sign before a term."""

    operation: str
    arguments: "tuple[Tree, ...]"


Tree = Number | Symbol | Apply


def postorder(*roots: Tree) -> list[Tree]:
    """Every node once, arguments before what is applied to them; parts that several places share come up once, too."""
    ordered: dict[int, Tree] = {}
    waiting = list(reversed(roots))
    while waiting:
        node = waiting[-1]
        ahead = [a for a in node.arguments if id(a) not in ordered] if isinstance(node, Apply) else []
        if ahead:
            waiting.extend(reversed(ahead))
        else:
            ordered[id(node)] = waiting.pop()
    return list(ordered.values())


def literal(tree: Tree) -> float | None:
    """The value of a number, with or without a minus sign; None for everything else."""
    match tree:
        case Number(value):
            return value
        case Apply("neg", (Number(value),)):
            return -value
    return None
