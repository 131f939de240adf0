"""Data sets to walk through in tests: every kind with its defaults, and once for each value of its choices."""

from dataclasses import fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from app.engine.data import DATASETS, GENERATED, NAMED
from app.engine.data.given import Inline, Uploaded
from app.engine.data.rows import Rows, Targets

INLINE = Inline(X=Rows.of([[1, 2, 3], [4, 5, 7]]), y=Targets.of([1, 0, 1]))
UPLOADED = Uploaded(id="A" * 22)


def choices(kind: type) -> dict[str, tuple[str, ...]]:
    """The values of the fields that are chosen from a list; the kind's name is none of them."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name != "kind"]
    return {name: get_args(hints[name]) for name in names if get_origin(hints[name]) is Literal}


def variants(kind: type) -> list[Any]:
    """The kind as it comes, then with every other choice."""
    first = kind()
    return [first, *(replace(first, **{name: value}) for name, values in choices(kind).items() for value in values)]


EVERY_GENERATED = [variant for kind in GENERATED for variant in variants(kind)]
EVERY_NAMED = [variant for kind in NAMED for variant in variants(kind)]
EVERY_DATASET = [*EVERY_GENERATED, *EVERY_NAMED, INLINE]
KINDS = {kind: next(str(field.default) for field in fields(kind) if field.name == "kind") for kind in DATASETS}


def label(dataset: Any) -> str:
    return "-".join([dataset.kind, *(str(getattr(dataset, name)) for name in choices(type(dataset)))])
