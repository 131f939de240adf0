"""The problems of a recipe: which model on which data, and the engine's objective for it."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le
from numpy import float64
from numpy.typing import NDArray

from app.engine import models
from app.engine.data import DATASETS
from app.engine.data.curved import Curve
from app.engine.data.dataset import Dataset
from app.engine.data.linear import Line, Plane
from app.engine.model import Model
from app.engine.starts import STARTS, Constant, Normal, Start, Values
from app.recipe.kinds import OneOf

Array = NDArray[float64]


AnyStart = Annotated[Start, OneOf(STARTS, "values")]
Units = Annotated[int, Ge(1), Le(1000)]


@dataclass(frozen=True, kw_only=True)
class ModelProblem:
    """What the problems with data share. `features` is None where any number of them will do."""

    kind: str
    dataset: Dataset
    features: ClassVar[int | None] = None
    formula: ClassVar[tuple[str, ...]]
    start: ClassVar[Start]
    learning_rate: ClassVar[float] = 0.1
    task: ClassVar[str] = "regression"
    reference: ClassVar[str] = "Katanforoosh and Kunin 2019, Gradient descent and backpropagation, section 3"

    def widths(self, features: int) -> tuple[int, ...]:
        """n, n₁, … n_L of the network, before anything of that size is made."""
        raise NotImplementedError

    def model(self, X: Array, Y: Array) -> Model:
        """The objective on X (n, m), Y (1, m)."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class UnivariateRegression(ModelProblem):
    """A line through points: w and b."""

    kind: Literal["univariate_regression"] = "univariate_regression"
    dataset: Annotated[Dataset, OneOf(DATASETS, "line")] = field(default_factory=Line)
    features: ClassVar[int | None] = 1
    formula: ClassVar[tuple[str, ...]] = models.UNIVARIATE_FORMULAS
    start: ClassVar[Start] = Values(values={"w": -2.0, "b": 3.0})

    def widths(self, features: int) -> tuple[int, ...]:
        return (1, 1)

    def model(self, X: Array, Y: Array) -> Model:
        return models.univariate_regression(X, Y)


@dataclass(frozen=True, kw_only=True)
class MultivariateRegression(ModelProblem):
    """A plane, or what it is called with more features: w (1, n) and b."""

    kind: Literal["multivariate_regression"] = "multivariate_regression"
    dataset: Annotated[Dataset, OneOf(DATASETS, "plane")] = field(default_factory=Plane)
    formula: ClassVar[tuple[str, ...]] = models.MULTIVARIATE_FORMULAS
    start: ClassVar[Start] = Constant(value=-2.0)

    def widths(self, features: int) -> tuple[int, ...]:
        return (features, 1)

    def model(self, X: Array, Y: Array) -> Model:
        return models.multivariate_regression(X, Y)


@dataclass(frozen=True, kw_only=True)
class TwoLayerLinear(ModelProblem):
    """Two linear layers: a product of matrices, so the surface is no bowl any more."""

    kind: Literal["two_layer_linear"] = "two_layer_linear"
    dataset: Annotated[Dataset, OneOf(DATASETS, "plane")] = field(default_factory=Plane)
    hidden: Units = 2
    formula: ClassVar[tuple[str, ...]] = models.TWO_LAYER_LINEAR_FORMULAS
    start: ClassVar[Start] = Normal(scale=0.5)

    def widths(self, features: int) -> tuple[int, ...]:
        return (features, self.hidden, 1)

    def model(self, X: Array, Y: Array) -> Model:
        return models.two_layer(X, Y, self.hidden, "identity")


@dataclass(frozen=True, kw_only=True)
class TwoLayerSigmoid(ModelProblem):
    """A hidden layer of sigmoids: bends."""

    kind: Literal["two_layer_sigmoid"] = "two_layer_sigmoid"
    dataset: Annotated[Dataset, OneOf(DATASETS, "curve")] = field(default_factory=Curve)
    hidden: Units = 4
    formula: ClassVar[tuple[str, ...]] = models.TWO_LAYER_SIGMOID_FORMULAS
    start: ClassVar[Start] = Normal(scale=1.0)

    def widths(self, features: int) -> tuple[int, ...]:
        return (features, self.hidden, 1)

    def model(self, X: Array, Y: Array) -> Model:
        return models.two_layer(X, Y, self.hidden, "sigmoid")


PROBLEMS: tuple[type[ModelProblem], ...] = (
    UnivariateRegression,
    MultivariateRegression,
    TwoLayerLinear,
    TwoLayerSigmoid,
)
