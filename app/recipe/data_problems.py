"""Problems with data: which model, on which data set."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le, Len
from numpy.typing import NDArray

from app.engine import models
from app.engine.data import DATASETS
from app.engine.data.curved import Curve
from app.engine.data.dataset import MAX_CLASSES, Dataset, Table
from app.engine.data.linear import Line, Plane
from app.engine.data.problems import DataError, Problem
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.penalty import Penalty
from app.engine.starts import Constant, Normal, Start, Values, Xavier
from app.recipe.kinds import OneOf

Array = NDArray[np.float64]


Units = Annotated[int, Ge(1), Le(1000)]
PenaltySize = Annotated[float, Ge(0), Le(100)]
OutputActivation = Literal["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu", "softmax"]


@dataclass(frozen=True, kw_only=True)
class ModelProblem:
    """What the problems with data share. `features` is None where any number of them will do."""

    kind: str
    dataset: Dataset
    features: ClassVar[int | None] = None
    takes_classes: ClassVar[bool] = False
    formula: ClassVar[tuple[str, ...]]
    start: ClassVar[Start]
    learning_rate: ClassVar[float] = 0.1
    reference: ClassVar[str] = "Katanforoosh and Kunin 2019, Gradient descent and backpropagation, section 3"

    def widths(self, features: int, outputs: int) -> tuple[int, ...]:
        """n, n₁, … n_L of the network, before anything of that size is made."""
        raise NotImplementedError

    def outputs(self, table: Table) -> int:
        """Units of the last layer for a table; DataError where the model cannot have its targets."""
        if len(table.Y) != 1:
            raise DataError(Problem("bad.outputs", {"kind": self.kind, "got": len(table.Y)}))
        return 1

    def targets(self, Y: Array, outputs: int) -> Array:
        """What the network is trained to answer, (outputs, m), from the targets of the table."""
        return Y

    def model(self, X: Array, Y: Array) -> Model:
        """The objective on X (n, m), Y (outputs, m)."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class UnivariateRegression(ModelProblem):
    """A line through points: w and b."""

    kind: Literal["univariate_regression"] = "univariate_regression"
    dataset: Annotated[Dataset, OneOf(DATASETS, "line")] = field(default_factory=Line)
    features: ClassVar[int | None] = 1
    formula: ClassVar[tuple[str, ...]] = models.UNIVARIATE_FORMULAS
    start: ClassVar[Start] = Values(values={"w": -2.0, "b": 3.0})

    def widths(self, features: int, outputs: int) -> tuple[int, ...]:
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

    def widths(self, features: int, outputs: int) -> tuple[int, ...]:
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

    def widths(self, features: int, outputs: int) -> tuple[int, ...]:
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

    def widths(self, features: int, outputs: int) -> tuple[int, ...]:
        return (features, self.hidden, 1)

    def model(self, X: Array, Y: Array) -> Model:
        return models.two_layer(X, Y, self.hidden, "sigmoid")


@dataclass(frozen=True, kw_only=True)
class DeepNetwork(ModelProblem):
    """Any depth, with the activation, loss and penalties of your choice; sigmoids everywhere are the first text's."""

    kind: Literal["network"] = "network"
    dataset: Annotated[Dataset, OneOf(DATASETS, "curve")] = field(default_factory=Curve)
    hidden: Annotated[tuple[Units, ...], Len(0, 20)] = (4,)
    activation: Literal["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"] = "sigmoid"
    output_activation: OutputActivation | None = None
    loss: Literal[
        "mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy", "softmax_cross_entropy"
    ] = "mean_squared_error"
    l1: PenaltySize = 0.0
    l2: PenaltySize = 0.0
    takes_classes: ClassVar[bool] = True
    formula: ClassVar[tuple[str, ...]] = models.NETWORK_FORMULAS
    reference: ClassVar[str] = (
        "Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating errors"
    )
    start: ClassVar[Start] = Xavier()

    def __post_init__(self) -> None:
        own = LOSSES[self.loss].output_activation
        wanted = self.output_activation or own
        if wanted != own and (LOSSES[self.loss].classes or wanted == "softmax"):
            values = {"loss": self.loss, "wanted": own, "got": wanted}
            raise DataError(Problem("bad.output_activation", values, ("output_activation",)))

    def widths(self, features: int, outputs: int) -> tuple[int, ...]:
        return (features, *self.hidden, outputs)

    def outputs(self, table: Table) -> int:
        if not LOSSES[self.loss].classes and table.classes is None:
            return len(table.Y)
        classes = class_count(table)
        if self.loss == "binary_cross_entropy" and classes != 2:
            raise DataError(Problem("bad.two_classes", {"got": classes}))
        return 1 if classes == 2 and self.loss != "softmax_cross_entropy" else classes

    def targets(self, Y: Array, outputs: int) -> Array:
        return Y if len(Y) == outputs else models.one_hot(Y, outputs)

    def model(self, X: Array, Y: Array) -> Model:
        penalty = Penalty(self.l1, self.l2)
        return models.deep_network(X, Y, self.hidden, self.activation, self.output_activation, self.loss, penalty)


def class_count(table: Table) -> int:
    """How many classes the labels of a table name; DataError where its targets are no labels 0 … C−1."""
    if table.classes is not None:
        return len(table.classes)
    labels = table.Y[0]
    if len(table.Y) != 1 or (labels != np.floor(labels)).any() or labels.min() < 0 or labels.max() >= MAX_CLASSES:
        raise DataError(Problem("bad.labels_wanted", {"most": MAX_CLASSES}))
    return max(2, int(labels.max()) + 1)
