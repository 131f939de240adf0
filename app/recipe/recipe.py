"""The recipe of a session: small, readable JSON from which all its numbers follow. Its types define every bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, Len
from pydantic import AfterValidator, TypeAdapter

from app.engine.data.dataset import MAX_EXAMPLES
from app.engine.fields import Seed
from app.engine.optimizers import OPTIMIZERS, GradientDescent, Optimizer
from app.engine.schedules import SCHEDULES, Schedule
from app.engine.schedules import Constant as ConstantRate
from app.errors import BadInput, FieldError, unacceptable
from app.recipe.kinds import OneOf
from app.recipe.problems import AnyProblem, AnyStart
from app.shapes import Shape

AnyOptimizer = Annotated[Optimizer, OneOf(OPTIMIZERS, "gradient_descent")]
AnySchedule = Annotated[Schedule, OneOf(SCHEDULES, "constant")]
GradientKind = Literal["backprop", "forward_difference", "central_difference"]
BatchSize = Annotated[int, Ge(1), Le(MAX_EXAMPLES)]
FORMAT = 1
MOST_RUNS = 100
MOST_STEPS = 10**15
Step = Annotated[int, Ge(0), Le(MOST_STEPS)]


def _printable(name: str) -> str:
    if not name.isprintable():
        raise unacceptable("bad.not_printable")
    return name


RunName = Annotated[str, Len(1, 40), AfterValidator(_printable)]


@dataclass(frozen=True, kw_only=True)
class EventRecipe:
    """A change between step `at` and the next; `set` names only what changes."""

    at: Step
    set: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """What can change while a run goes on."""

    optimizer: AnyOptimizer = field(default_factory=GradientDescent)
    schedule: AnySchedule = field(default_factory=ConstantRate)
    batch_size: BatchSize | None = None
    gradient: GradientKind = "backprop"


@dataclass(frozen=True, kw_only=True)
class RunRecipe(RunSettings):
    """One of the runs that race on the problem; `start` only where it is not the session's."""

    name: RunName | None = None
    start: AnyStart | None = None
    events: Annotated[tuple[EventRecipe, ...], Len(0, 100_000)] = ()


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a session is made of. Complete once `completed` has filled in what follows from the problem.

    Without `runs` there is one of plain gradient descent, with a learning rate that suits the problem.
    """

    format: Annotated[int, Ge(FORMAT), Le(FORMAT)] = FORMAT  # a literal 1 would take true for it
    seed: Seed = 0
    problem: AnyProblem
    start: AnyStart | None = None
    runs: Annotated[tuple[RunRecipe, ...], Len(1, MOST_RUNS)] = ()


RECIPE: Shape[Recipe] = Shape(Recipe)
RUN_SETTINGS: Shape[RunSettings] = Shape(RunSettings)
RUN_NAME: Shape[str] = Shape(RunName)
_RECIPE = TypeAdapter(Recipe)


def completed(recipe: Recipe) -> Recipe:
    """The recipe with every run named, its events in order, and the problem's own start and run where none is given."""
    asked = recipe.runs or (RunRecipe(optimizer=GradientDescent(learning_rate=recipe.problem.learning_rate)),)
    taken = {run.name for run in asked}
    runs = []
    for number, run in enumerate(asked, 1):
        name = run.name or free_name(taken, number)
        taken.add(name)
        runs.append(replace(run, name=name, events=tuple(sorted(run.events, key=lambda event: event.at))))
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        repeated = next(index for index, name in enumerate(names) if name in names[:index])
        raise BadInput.at(f"runs[{repeated}].name", "bad.run_name_taken", name=names[repeated])
    return replace(recipe, start=recipe.start or recipe.problem.start, runs=tuple(runs))


def free_name(taken: set[str | None], number: int) -> str:
    """`run 1`, `run 2`, …: the first from `number` on that is not taken."""
    while f"run {number}" in taken:
        number += 1
    return f"run {number}"


def as_json(recipe: Recipe) -> dict[str, Any]:
    """The recipe as it is shown, and as it can be sent back."""
    document: dict[str, Any] = _RECIPE.dump_python(recipe, mode="json")
    for run in document["runs"]:
        if run["start"] is None:
            del run["start"]
    return document


def below(prefix: str, error: BadInput) -> BadInput:
    """The same errors, seen from outside: `set.optimizer` of the first event is `runs[0].events[0].set.optimizer`."""
    errors = [FieldError(f"{prefix}.{e.where}" if e.where != "body" else prefix, e.key, e.values) for e in error.errors]
    return BadInput(errors=errors)


def above(prefix: str, error: BadInput) -> BadInput:
    """The same errors, seen from inside: what stands below `prefix` without it."""
    return BadInput(errors=[e._replace(where=e.where.removeprefix(f"{prefix}.")) for e in error.errors])
