"""From a recipe to the engine: its data, objective and plans. What does not fit together is refused here, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from app.engine.data import table_of
from app.engine.data.dataset import Table
from app.engine.data.given import Uploaded
from app.engine.data.preparation import PreparedData, prepare
from app.engine.data.problems import DataError
from app.engine.functions.plane_function import Landmark
from app.engine.layout import Layout, ParameterError
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.objective import Objective
from app.engine.optimizers import Settings as EngineSettings
from app.engine.optimizers import UnsuitableError
from app.engine.plan import Plan
from app.engine.plane_objective import PlaneObjective
from app.errors import BadInput, FieldError, shown
from app.recipe.changes import engine_settings, resolved
from app.recipe.data_problems import ModelProblem
from app.recipe.problems import AnyProblem
from app.recipe.recipe import Recipe, RunRecipe, below
from app.settings import Settings

Array = NDArray[np.float64]
_PROBLEM = TypeAdapter(AnyProblem)
Tables = Callable[[str], Table]
"""The uploaded table with an id; KeyError where there is none."""


@dataclass(frozen=True, eq=False)
class Examples:
    """The data behind a problem: the table as it came, what was made of it, the models on its two parts.

    `targets` (outputs, m) are what the network is to answer for the whole table; `test` is None without test examples.
    """

    table: Table
    targets: Array
    data: PreparedData
    model: Model
    test: Model | None

    @property
    def has_classes(self) -> bool:
        """Whether the targets are classes to be told apart."""
        return self.table.classes is not None or LOSSES[self.model.network.loss].classes

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes' own names, or their labels."""
        return self.table.classes or tuple(str(label) for label in range(max(2, len(self.targets))))

    @cached_property
    def truth(self) -> Array | None:
        """θ (P,) of what generated the data, where the model has the same parameters; on the scale of the data."""
        if self.table.truth is None or self.data.scaling is not None:
            return None
        try:
            return self.model.layout.pack(self.table.truth)
        except ParameterError:
            return None

    def on_raw_scale(self, theta: Array) -> Array | None:
        """θ as it would be on the raw features; None where these are what it was trained on."""
        if self.data.scaling is None:
            return None
        raw = theta.copy()
        first = self.model.network.matrices(raw)[0]
        first[:, :-1], first[:, -1:] = self.data.scaling.weights_for_raw(first[:, :-1], first[:, -1:])
        return raw


@dataclass(frozen=True, eq=False)
class Built:
    """A problem in terms of the engine; shared by all sessions that have it; without data `examples` is None."""

    problem: Any
    objective: Objective
    examples: Examples | None

    @property
    def layout(self) -> Layout:
        return self.objective.layout

    @cached_property
    def digest(self) -> str:
        """The hash of the problem with its data: the same loss has the same one, whichever session it is of."""
        return sha256(_PROBLEM.dump_json(self.problem)).hexdigest()

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        """Minima and saddles that are known of a function."""
        return self.objective.landmarks if isinstance(self.objective, PlaneObjective) else ()

    @property
    def uploaded(self) -> dict[str, Table]:
        """The uploaded table it was made of, under its id."""
        is_uploaded = self.examples is not None and isinstance(self.problem.dataset, Uploaded)
        return {self.problem.dataset.id: self.examples.table} if self.examples and is_uploaded else {}

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return 0 if self.examples is None else 3 * (self.examples.table.X.nbytes + self.examples.table.Y.nbytes)


def build(problem: Any, tables: Tables, settings: Settings) -> Built:
    """The problem's data and objective; BadInput where they do not go together or are larger than the limits."""
    if not isinstance(problem, ModelProblem):
        return Built(problem, problem.objective, None)
    _check_declared_size(problem, settings)
    try:
        table = table_of(problem.dataset, tables)
        outputs = problem.outputs(table)
    except KeyError:
        raise BadInput.at("problem.dataset.id", "bad.unknown_table") from None
    except DataError as error:
        raise BadInput(errors=data_errors(error, "problem.dataset")) from None
    examples = _examples(problem, table, outputs, settings)
    return Built(problem, examples.model, examples)


def _examples(problem: ModelProblem, table: Table, outputs: int, settings: Settings) -> Examples:
    features, count = table.X.shape
    if problem.features is not None and features != problem.features:
        raise BadInput.at("problem.dataset", "bad.features", kind=problem.kind, wanted=problem.features, got=features)
    _check_size(problem.widths(features, outputs), count, settings)
    dataset = problem.dataset
    data = prepare(table, dataset.test_fraction, dataset.standardize, dataset.seed)
    model = problem.model(data.X, problem.targets(data.Y, outputs))
    test = problem.model(data.X_test, problem.targets(data.Y_test, outputs)) if len(data.test) else None
    return Examples(table, problem.targets(table.Y, outputs), data, model, test)


def plan(recipe: Recipe, run: RunRecipe, built: Built, settings: Settings, where: str) -> Plan:
    """The plan of one run of the recipe; `where` it stands is put before the places of what is wrong."""
    if len(run.events) > settings.max_events_per_run:
        raise BadInput.at(f"{where}.events", "bad.too_long", max_length=settings.max_events_per_run)
    start = run.start or recipe.start or built.problem.start
    try:
        theta = start.theta(built.layout, recipe.seed)
    except ParameterError as error:
        place = f"{where}.start" if run.start else "start"
        raise BadInput.at(f"{place}.values.{shown(error.where)}", error.key, **error.values) from None
    try:
        events = resolved(run, built.layout)
    except BadInput as error:
        raise below(where, error) from None
    _check_step(engine_settings(run), built.objective, settings, where)
    for index, event in enumerate(events):
        if event.settings:
            _check_step(event.settings, built.objective, settings, f"{where}.events[{index}].set")
    return Plan(theta, engine_settings(run), recipe.seed, events)


def data_errors(error: DataError, where: str) -> list[FieldError]:
    """What is wrong with data, each at its place below `where`."""
    return [FieldError(_place(where, problem.path), problem.key, problem.values) for problem in error.problems]


def _place(where: str, path: tuple[str | int, ...]) -> str:
    return where + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _check_declared_size(problem: ModelProblem, settings: Settings) -> None:
    """Of data that are to be generated, before any memory is taken for them."""
    dataset = problem.dataset
    samples = getattr(dataset, "samples", None)
    features = getattr(dataset, "features", getattr(dataset, "feature_count", None))
    if samples is not None and features is not None:
        _check_size(problem.widths(features, 1), samples, settings)


def _check_size(widths: tuple[int, ...], examples: int, settings: Settings) -> None:
    parameters = sum(units * (inputs + 1) for inputs, units in pairwise(widths))
    for limit, got, key in (
        (settings.max_examples, examples, "bad.too_many_examples"),
        (settings.max_features, widths[0], "bad.too_many_features"),
        (settings.max_parameters, parameters, "bad.too_many_parameters_of_model"),
        (settings.max_step_work, examples * sum(widths), "bad.too_much_step_work"),
    ):
        if got > limit:
            raise BadInput.at("problem", key, most=limit, got=got)


def _check_step(chosen: EngineSettings, objective: Objective, settings: Settings, where: str) -> None:
    """What is in force must go together, and be no more work in one step than a few of the largest allowed."""
    try:
        chosen.optimizer.check(objective, chosen)
    except UnsuitableError as error:
        raise BadInput.at(f"{where}.{error.where}", error.key, **error.values) from None
    work, most = chosen.optimizer.work(objective, chosen.gradient), 20 * settings.max_step_work
    if work > most and chosen.gradient != "backprop":
        raise BadInput.at(f"{where}.gradient", "bad.too_much_gradient_work", most=most, got=work)
    if work > most:
        raise BadInput.at(f"{where}.optimizer", "unsuitable.work", kind=chosen.optimizer.kind, most=most, got=work)
