"""A typed expression as a function of x and y: value, gradient and Hessian, exact and fast."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from app.engine.expressions.builder import DEFAULT_LIMITS, Limits
from app.engine.expressions.derivative import derivative
from app.engine.expressions.parser import parse
from app.engine.expressions.printing import canonical, to_latex, written_size
from app.engine.expressions.program import Array, Program
from app.engine.expressions.tree import Tree
from app.engine.functions.plane_function import Landmark, Window

LONGEST_SHOWN = 200
"""Nodes; a derivative that is longer than this when written out is not worth reading."""


@dataclass(frozen=True)
class Expression:
    """f(x, y) as typed, a `PlaneFunction`; what is known of its minima is found by descending.

    >>> Expression("x^2 + 3x*y").value_and_gradient_at(1.0, 2.0)
    (7.0, 8.0, 3.0)
    """

    source: str
    limits: Limits = field(default=DEFAULT_LIMITS, repr=False)
    tree: Tree = field(init=False, repr=False, compare=False)
    window: ClassVar[Window] = (-5.0, 5.0, -5.0, 5.0)
    landmarks: ClassVar[tuple[Landmark, ...]] = ()
    minima: ClassVar[tuple[Landmark, ...]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", parse(self.source, self.limits))

    def value(self, x: Array, y: Array) -> Array:
        (value,) = self._value.over(x, y)
        return value

    def gradient(self, x: Array, y: Array) -> tuple[Array, Array]:
        _, fx, fy = self._value_and_gradient.over(x, y)
        return fx, fy

    def hessian(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        fxx, fxy, fyy = self._hessian.over(x, y)
        return fxx, fxy, fyy

    def value_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        value, fx, fy = self._value_and_gradient.at(x, y)
        return value, fx, fy

    @property
    def cost(self) -> int:
        """The arithmetic operations and function calls that value and gradient take together at a point."""
        return len(self._value_and_gradient.steps)

    @property
    def canonical(self) -> str:
        """The expression in one fixed spelling, which is the same for `x*x` and ` x * ( x ) `."""
        return canonical(self.tree)

    @property
    def latex(self) -> str:
        return to_latex(self.tree)

    @property
    def gradient_latex(self) -> tuple[str, str] | None:
        """∂f/∂x and ∂f/∂y for display; None where they are too long to be read."""
        fx, fy = self._first
        return None if written_size(fx) + written_size(fy) > LONGEST_SHOWN else (to_latex(fx), to_latex(fy))

    @cached_property
    def _first(self) -> tuple[Tree, Tree]:
        return derivative(self.tree, "x"), derivative(self.tree, "y")

    @cached_property
    def _value(self) -> Program:
        return Program(self.tree)

    @cached_property
    def _value_and_gradient(self) -> Program:
        return Program(self.tree, *self._first)

    @cached_property
    def _hessian(self) -> Program:
        fx, fy = self._first
        return Program(derivative(fx, "x"), derivative(fx, "y"), derivative(fy, "y"))
