"""The problems of a recipe: models on data, classic functions, typed expressions."""

from dataclasses import dataclass, make_dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Len

from app.engine.expressions.expression import Expression
from app.engine.functions import FUNCTIONS
from app.engine.functions.plane_function import PlaneFunction
from app.engine.plane_objective import PlaneObjective
from app.engine.starts import STARTS, Start, Values
from app.recipe.data_problems import (
    DeepNetwork,
    ModelProblem,
    MultivariateRegression,
    TwoLayerLinear,
    TwoLayerSigmoid,
    UnivariateRegression,
)
from app.recipe.kinds import OneOf

AnyStart = Annotated[Start, OneOf(STARTS, "values")]

MODEL_PROBLEMS: tuple[type[ModelProblem], ...] = (
    UnivariateRegression,
    MultivariateRegression,
    TwoLayerLinear,
    TwoLayerSigmoid,
    DeepNetwork,
)


class FunctionFields:
    """What a problem without data adds to a function of x and y."""

    @property
    def objective(self) -> PlaneObjective:
        """The function as something to descend."""
        return PlaneObjective(self)  # type: ignore[arg-type]  # the class it is mixed into is a PlaneFunction


def _function_problem(function: type[Any]) -> type[Any]:
    """The problem `{"kind": "function", "name": …}` with the constants of a classic function as its own fields."""
    x, y = function.start
    namespace = {"start": Values(values={"x": x, "y": y}), "__doc__": function.__doc__}
    kind = ("kind", Literal["function"], "function")
    name = f"{function.__name__}Problem"
    return make_dataclass(
        name, [kind], bases=(FunctionFields, function), namespace=namespace, frozen=True, kw_only=True
    )


FUNCTION_PROBLEMS: dict[str, type[Any]] = {name: _function_problem(kind) for name, kind in FUNCTIONS.items()}


@dataclass(frozen=True, kw_only=True)
class TypedExpression:
    """A formula in x and y of your own; ExpressionError, a ValueError, points at what is wrong in it."""

    kind: Literal["expression"] = "expression"
    expression: Annotated[str, Len(1, 500)] = "(x^2 + y - 11)^2 + sin(3*x)"
    formula: ClassVar[str] = r"\mathcal{L} = f(x, y)"
    reference: ClassVar[str] = "your own formula"
    start: ClassVar[Start] = Values(values={"x": 1.0, "y": 2.0})
    learning_rate: ClassVar[float] = 0.01

    def __post_init__(self) -> None:
        self.function  # noqa: B018  # parsing it is the check

    @cached_property
    def function(self) -> PlaneFunction:
        """The formula, parsed."""
        return Expression(self.expression)

    @property
    def objective(self) -> PlaneObjective:
        """The formula as something to descend."""
        return PlaneObjective(self.function)


AnyFunction = Annotated[Any, OneOf(FUNCTION_PROBLEMS.values(), "rosenbrock", "name")]
AnyProblem = Annotated[Any, OneOf((*MODEL_PROBLEMS, TypedExpression), None, function=AnyFunction)]
