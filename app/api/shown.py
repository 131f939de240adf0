"""What the calls about a session answer, as OpenAPI describes it. Nothing is validated on its way out."""

from typing import Any, Literal

from typing_extensions import TypedDict

from app.engine.fields import Seed
from app.recipe.problems import AnyProblem, AnyStart
from app.recipe.recipe import AnyOptimizer, AnySchedule, BatchSize, GradientKind, Recipe

Numbers = list[float]
NumbersOrNull = list[float | None]


class Suggestion(TypedDict, total=False):
    """Where to go back to, and the learning rate that would hold there."""

    rewind: int
    learning_rate: float


class AdviceShown(TypedDict):
    """Why a run diverged, and what to try."""

    code: str
    text: str
    values: dict[str, float | str]
    suggest: Suggestion


class EvaluationsShown(TypedDict):
    """What the method needed: losses, gradients, examples seen."""

    loss: int
    gradient: int
    samples: int


class _RunRequired(TypedDict):
    name: str
    status: Literal["running", "converged", "diverged"]
    advice: AdviceShown | None
    step: int
    epoch: float
    loss: float
    test_loss: float | None
    batch_loss: float | None
    gradient_norm: float
    learning_rate: float | None
    evaluations: EvaluationsShown


class RunShown(_RunRequired, total=False):
    """The read-outs of a run; `parameters` up to 64 of them, accuracies where there are classes."""

    parameters: Numbers
    accuracy: float | None
    test_accuracy: float | None


class ParameterShown(TypedDict):
    """A parameter array: `[]` is the shape of a number."""

    name: str
    shape: list[int]


class DigestShown(TypedDict):
    """Of the parameters of all runs at `step`, to tell whether another computation came to the same numbers.

    `exact` is BLAKE2b (8 bytes) over them, one run after another as little-endian float64; `near` has for each run its
    loss and the sum of cos(i)·θᵢ, i from 0, to 12 digits.
    """

    exact: str
    near: list[Numbers]


class _SessionRequired(TypedDict):
    view_id: str
    version: int
    lineage: int
    step: int
    recipe: Recipe
    parameters: list[ParameterShown]
    runs: list[RunShown]
    digest: DigestShown


class SessionShown(_SessionRequired, total=False):
    """The session; `id` is missing for a view id, `effect` stands after a change of the config."""

    id: str
    effect: Literal["none", "event", "restart"]


class _RunInForceRequired(TypedDict):
    name: str
    optimizer: AnyOptimizer
    schedule: AnySchedule
    batch_size: BatchSize | None
    gradient: GradientKind


class RunInForce(_RunInForceRequired, total=False):
    """What the next step of a run will use; `start` where it has one of its own."""

    start: AnyStart


class ConfigShown(TypedDict):
    """What is in force."""

    seed: Seed
    problem: AnyProblem
    start: AnyStart
    runs: list[RunInForce]


class TrajectoryShown(TypedDict):
    """Lists of equal length; x, y, off_plane, slice_loss are null where θ was thinned away."""

    stride: int
    step: list[int]
    loss: Numbers
    gradient_norm: Numbers
    x: NumbersOrNull
    y: NumbersOrNull
    off_plane: NumbersOrNull
    slice_loss: NumbersOrNull
    cost: list[int]
    samples: list[int]


class RunDelta(RunShown):
    """The read-outs of a run, and the points it has come by."""

    trajectory: TrajectoryShown


class DeltaShown(TypedDict):
    """What is new since a step."""

    session: str
    version: int
    lineage: int
    step: int
    steps_taken: int
    runs: list[RunDelta]


class ScalingShown(TypedDict):
    """What the features were rescaled by."""

    mean: Numbers
    deviation: Numbers


class DataShown(TypedDict):
    """A row per feature and per output, on the scale they came in; `test` are the indices set apart."""

    X: list[Numbers]
    y: list[Numbers]
    x_names: list[str]
    y_names: list[str]
    classes: list[str] | None
    truth: dict[str, Any] | None
    test: list[int]
    scaling: ScalingShown | None


class _ParametersRequired(TypedDict):
    step: int
    values: dict[str, Any]
    gradient: dict[str, Any]


class ParametersShown(_ParametersRequired, total=False):
    """By name, in each parameter's shape; `raw_values` for raw features where they were standardized."""

    raw_values: dict[str, Any]


class PartClassified(TypedDict):
    """A row of `confusion` for each true class, a column for each predicted one."""

    accuracy: float | None
    confusion: list[list[int]]


class ClassificationShown(TypedDict):
    """Of the training and the test examples."""

    classes: list[str]
    train: PartClassified
    test: PartClassified | None


class PredictionsShown(TypedDict, total=False):
    """A curve, a surface, or observed against predicted; a curve of several outputs has a row of `y` for each."""

    classification: ClassificationShown

    step: int
    x: Numbers
    y: NumbersOrNull
    z: list[list[NumbersOrNull]]
    observed: list[Numbers]
    predicted: list[NumbersOrNull]
    residual: list[NumbersOrNull]
