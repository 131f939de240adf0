"""All that can be asked for, from the registries: what forms are built of, with bounds, words and formulas."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from app import __version__
from app.engine.activations import ACTIVATIONS
from app.engine.data import DATASETS
from app.engine.fields import Scale
from app.engine.gradients import GRADIENTS
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from app.engine.starts import STARTS
from app.formulas import mathml
from app.recipe.data_problems import ModelProblem
from app.recipe.kinds import name_of
from app.recipe.presets import PRESETS
from app.recipe.problems import FUNCTION_PROBLEMS, MODEL_PROBLEMS, TypedExpression
from app.recipe.recipe import FORMAT, RECIPE, as_json, completed
from app.recipe.studies import STUDIES
from app.settings import Settings
from app.texts import DEFAULT_LANGUAGE, text, texts

Json = dict[str, Any]
OPENING_RATE = 0.02
FUNCTION_STARTS = ["values", "uniform", "normal", "zeros", "constant"]


def catalogue(settings: Settings, language: str = DEFAULT_LANGUAGE) -> Json:
    """The families with their entries, a recipe to begin with, and the limits in force."""
    problems = [model_entry(kind, language) for kind in MODEL_PROBLEMS]
    return {
        "format": FORMAT,
        "version": __version__,
        "problems": [*problems, expression_entry(language)],
        "datasets": [dataset_entry(kind, language) for kind in DATASETS],
        "starts": [entry("start", kind, language) for kind in STARTS],
        "optimizers": [optimizer_entry(kind, language) for kind in OPTIMIZERS],
        "schedules": [entry("schedule", kind, language) for kind in SCHEDULES],
        "gradients": [entry("gradient", kind, language) for kind in GRADIENTS.values()],
        "activations": [entry("activation", kind, language) for kind in ACTIVATIONS.values()],
        "losses": [entry("loss", kind, language) for kind in LOSSES.values()],
        "studies": [entry("study", kind, language) for kind in STUDIES],
        "functions": [function_entry(name, kind, language) for name, kind in FUNCTION_PROBLEMS.items()],
        "presets": [preset(name, document, language) for name, document in PRESETS.items()],
        "recipe": opening_recipe(problems[0]["recipe"]),
        "limits": settings.limits(),
    }


def entry(
    family: str, kind: Any, language: str, goes_with: Mapping[str, Any] | None = None, name: str | None = None
) -> Json:
    """One registered kind: a dataclass, or an object whose fields nobody sets; its texts stand under `name`."""
    said = name_of(kind) if isinstance(kind, type) else str(kind.kind)
    name = name or said
    return {
        "kind": said,
        "title": text(f"{family}.{name}.title", language),
        "summary": text(f"{family}.{name}.summary", language),
        "formula": _each(kind.formula, str),
        "mathml": _each(kind.formula, mathml),
        "reference": kind.reference,
        "schema": schema(kind, language, f"{family}.{name}")
        if isinstance(kind, type)
        else {"type": "object", "properties": {}},
        "goes_with": dict(goes_with or {}),
    }


def model_entry(kind: type[ModelProblem], language: str) -> Json:
    """A problem with data, with a whole recipe that works for it; its data sets have entries of their own."""
    goes_with = {
        "datasets": [name_of(dataset) for dataset in DATASETS if fits(kind, dataset)],
        "starts": [name_of(start) for start in STARTS],
    }
    described = entry("problem", kind, language, goes_with)
    described["schema"].pop("$defs", None)
    del described["schema"]["properties"]["dataset"]
    return described | {"recipe": default_recipe({"kind": name_of(kind)})}


def expression_entry(language: str) -> Json:
    """The problem that is a typed formula."""
    goes_with = {"datasets": [], "starts": FUNCTION_STARTS}
    recipe = default_recipe({"kind": "expression"})
    return entry("problem", TypedExpression, language, goes_with) | {"recipe": recipe}


def function_entry(name: str, kind: Any, language: str) -> Json:
    """A classic function: `kind` is `function` for all of them, `name` tells them apart."""
    described = entry("function", kind, language, {"datasets": [], "starts": FUNCTION_STARTS}, name)
    recipe = default_recipe({"kind": "function", "name": name})
    return described | {"name": name, "window": list(kind.window), "recipe": recipe}


def default_recipe(problem: Json) -> Json:
    """Data, a start away from the optimum, and a learning rate that descends."""
    return as_json(completed(RECIPE.from_value({"problem": problem})))


def opening_recipe(usual: Json) -> Json:
    """What a page opens with: a line fit slow enough that its first ten seconds show how it comes about."""
    (run,) = usual["runs"]
    return usual | {"runs": [run | {"optimizer": run["optimizer"] | {"learning_rate": OPENING_RATE}}]}


def preset(name: str, document: Json, language: str) -> Json:
    """A recipe to begin with that shows something: its title, what it shows, and all of it."""
    title, summary = (text(f"preset.{name}.{part}", language) for part in ("title", "summary"))
    return {"name": name, "title": title, "summary": summary, "recipe": as_json(completed(RECIPE.from_value(document)))}


def fits(problem: type[ModelProblem], dataset: Any) -> bool:
    """Whether a problem can take a kind of data set: its number of features, and numbers or classes."""
    features = getattr(dataset, "feature_count", None)
    right_width = problem.features is None or features in (None, problem.features)
    suits = dataset.task != "classification" or problem.takes_classes
    return right_width and suits and not (problem.features == 1 and _many(dataset))


def _many(dataset: Any) -> bool:
    """Generators whose number of features is a field with a default above one."""
    default = next((field.default for field in fields(dataset) if field.name == "features"), 1)
    return isinstance(default, int) and default > 1


def dataset_entry(kind: Any, language: str) -> Json:
    """A kind of data set, with the problems it fits, and whether plain descent wants it standardized."""
    problems = [name_of(problem) for problem in MODEL_PROBLEMS if fits(problem, kind)]
    return entry("dataset", kind, language, {"problems": problems}) | {"wants_standardize": kind.wants_standardize}


def optimizer_entry(kind: Any, language: str) -> Json:
    """An optimizer, with what a step of it costs."""
    goes_with = {
        "batches": kind.batches,
        "gradients": list(GRADIENTS) if kind.differences else ["backprop"],
        "schedules": [name_of(schedule) for schedule in SCHEDULES if schedule.is_constant or _has_rate(kind)],
        "parameters": kind.largest,
    }
    cost = text(f"optimizer.{name_of(kind)}.cost", language)
    return entry("optimizer", kind, language, goes_with) | {"cost": cost}


def _has_rate(optimizer: Any) -> bool:
    return any(field.name == "learning_rate" for field in fields(optimizer))


def _each(formula: str | Iterable[str], convert_one: Any) -> Any:
    return convert_one(formula) if isinstance(formula, str) else [convert_one(line) for line in formula]


def schema(kind: Any, language: str, key: str) -> Json:
    """JSON Schema of the fields, with titles in words; `x-scale` is that of a slider, `x-titles` words for an `enum`.

    The title of a field stands under `<key>.<field>` where it has a meaning of its own there, else `field.<field>`.
    """
    document = TypeAdapter(kind).json_schema()
    hints, words = get_type_hints(kind, include_extras=True), texts(language)
    for name, field in document.get("properties", {}).items():
        title = words.get(f"{key}.{name}", words.get(f"field.{name}"))
        if title:
            field["title"] = title
        if _is_number(field):
            field["x-scale"] = _scale(hints[name])
        for part in (field, *field.get("anyOf", ())):
            if "enum" in part:
                part["x-titles"] = [_choice_title(name, value, words) for value in part["enum"]]
    return document


def _choice_title(field: str, value: str, words: Mapping[str, str]) -> str:
    """Of one value of an enumeration: under `choice.<field>.<value>`, or its own where it is a registered kind."""
    family = field.removeprefix("output_")
    return words.get(f"choice.{field}.{value}") or words.get(f"{family}.{value}.title") or value.replace("_", " ")


def _is_number(field: Json) -> bool:
    kinds = [field.get("type"), *(choice.get("type") for choice in field.get("anyOf", ()))]
    return "number" in kinds or "integer" in kinds


def _scale(hint: Any) -> str:
    """Of the first marker found in an annotation, or in the parts of a union."""
    for part in (*getattr(hint, "__metadata__", ()), *get_args(hint)):
        if isinstance(part, Scale):
            return part.kind
        if get_args(part) and _scale(part) == "log":
            return "log"
    return "linear"
