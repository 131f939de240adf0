"""Numbers within a recipe, read as a client sends them: by pydantic, in a union of all kinds, strictly."""

import json
from typing import Annotated, Any, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.engine.data import DATASETS
from app.engine.data.given import Inline
from app.engine.data.problems import DataError, Problem
from app.engine.data.rows import Rows, Targets

from .kinds import EVERY_DATASET, UPLOADED, label
from .sentences import told

EveryKind: Any = Union[DATASETS]  # noqa: UP007  # made at run time
AnyDataset = Annotated[EveryKind, Field(discriminator="kind")]


class Recipe(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    dataset: AnyDataset


def read(document: str) -> Any:
    return Recipe.model_validate_json(document).dataset


def inline(**fields: Any) -> Any:
    return read(json.dumps({"dataset": {"kind": "inline", **fields}}))


def refused(**fields: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Keys and paths of the problems that are found."""
    with pytest.raises(ValidationError) as caught:
        inline(**fields)
    (details,) = caught.value.errors()
    error = details["ctx"]["error"]
    assert isinstance(error, DataError)
    assert all(told(error.problems))
    inside = details["loc"][2:]  # without "dataset", "inline"
    return [(problem.key.removeprefix("data."), (*inside, *problem.path)) for problem in error.problems]


@pytest.mark.parametrize("dataset", [*EVERY_DATASET, UPLOADED], ids=label)
def test_every_kind_is_read_again_from_what_is_written(dataset: Any) -> None:
    document = Recipe(dataset=dataset).model_dump_json()
    assert read(document) == dataset
    assert Recipe(dataset=read(document)).model_dump_json() == document


def test_one_list_a_feature_and_one_of_targets() -> None:
    table = inline(X=[[1, 2.5, -3], [4, 5, 6]], y=[7, 8, 9]).table()
    assert table.X.tolist() == [[1, 2.5, -3], [4, 5, 6]]
    assert table.Y.tolist() == [[7, 8, 9]]
    assert (table.x_names, table.y_names) == (("x1", "x2"), ("y",))
    assert (table.classes, table.truth) == (None, None)


def test_several_outputs_have_a_list_each() -> None:
    assert inline(X=[[1, 2]], y=[[3, 4], [5, 6]]).table().y_names == ("y1", "y2")


def test_a_flat_list_of_targets_is_given_back_flat() -> None:
    for y in ([3, 4], [[3, 4]]):
        document = json.loads(Recipe(dataset=inline(X=[[1, 2]], y=y)).model_dump_json())
        assert document["dataset"]["y"] == [3.0, 4.0]
    assert inline(X=[[1, 2]], y=[3, 4]) == inline(X=[[1, 2]], y=[[3, 4]])


@given(st.lists(st.tuples(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100)), min_size=1, max_size=30))
def test_numbers_come_back_to_the_last_bit(pairs: list[tuple[float, float]]) -> None:
    x, y = (list(column) for column in zip(*pairs, strict=True))
    document = json.loads(Recipe(dataset=inline(X=[x], y=y)).model_dump_json())
    assert (document["dataset"]["X"], document["dataset"]["y"]) == ([x], y)


def test_numbers_are_kept_in_eight_bytes() -> None:
    assert len(inline(X=[[1, 2, 3]], y=[1, 2, 3]).X.packed) == 24


def test_names_and_classes_are_kept() -> None:
    table = inline(X=[[1, 2]], y=[0, 1], x_names=["größe"], y_names=["art"], classes=["kurz", "lang"]).table()
    assert (table.x_names, table.y_names, table.classes) == (("größe",), ("art",), ("kurz", "lang"))


@pytest.mark.parametrize(
    ("number", "key"),
    [
        *((text, "not_a_number") for text in ("null", "true", '"1"', "[1]", "{}")),
        *((text, "not_finite") for text in ("NaN", "-Infinity", "1e999", "1e101", "9" * 400)),
    ],
)
def test_what_is_no_finite_number_is_refused_at_its_place(number: str, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(f'{{"dataset": {{"kind": "inline", "X": [[1, 2], [3, {number}]], "y": [1, 2]}}}}')
    (details,) = caught.value.errors()
    assert details["loc"] == ("dataset", "inline", "X")
    (problem,) = details["ctx"]["error"].problems
    assert told((problem,))[0].startswith("must be a number")
    assert (problem.key, problem.path) == (f"data.{key}", (1, 1))


def test_a_wrong_target_is_refused_at_its_place() -> None:
    assert refused(X=[[1, 2]], y=[1, "a"]) == [("not_a_number", ("y", 1))]
    assert refused(X=[[1, 2]], y=[[1, 2], [1, "a"]]) == [("not_a_number", ("y", 1, 1))]


def test_at_most_five_wrong_numbers_are_named() -> None:
    assert refused(X=[["a"] * 50_000], y=[1]) == [("not_a_number", ("X", 0, index)) for index in range(5)]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"X": [1, 2], "y": [1, 2]}, ("not_a_list_per_feature", ("X",))),
        ({"X": "abc", "y": [1]}, ("not_a_list_per_feature", ("X",))),
        ({"X": [], "y": [1]}, ("not_a_list_per_feature", ("X",))),
        ({"X": [[1], 2], "y": [1]}, ("not_a_list_per_feature", ("X",))),
        ({"X": {"a": [1]}, "y": [1]}, ("not_a_list_per_feature", ("X",))),
        ({"X": [[1]], "y": 1}, ("not_a_list_of_targets", ("y",))),
        ({"X": [[1]], "y": []}, ("not_a_list_of_targets", ("y",))),
        ({"X": [[1]], "y": [[1], 2]}, ("not_a_list_of_targets", ("y",))),
        ({"X": [[]], "y": [1]}, ("examples_out_of_bounds", ("X", 0))),
        ({"X": [[0] * 100_001], "y": [1]}, ("examples_out_of_bounds", ("X", 0))),
        ({"X": [[1]], "y": [0] * 100_001}, ("examples_out_of_bounds", ("y",))),
        ({"X": [[1]] * 101, "y": [1]}, ("too_many_rows", ("X",))),
        ({"X": [[1]], "y": [[1]] * 11}, ("too_many_rows", ("y",))),
        ({"X": [[1, 2], [3]], "y": [1, 2]}, ("lengths_differ", ("X", 1))),
        ({"X": [[1, 2]], "y": [1, 2, 3]}, ("lengths_differ", ("y",))),
        ({"X": [[1, 2]], "y": [1, 2], "x_names": ["a", "b"]}, ("names_differ", ("x_names",))),
        ({"X": [[1, 2]], "y": [1, 2], "y_names": ["a", "b"]}, ("names_differ", ("y_names",))),
        ({"X": [[1], [2]], "y": [1], "x_names": ["a", "a"]}, ("name_twice", ("x_names", 1))),
        ({"X": [[1]], "y": [1], "x_names": [""]}, ("bad_name", ("x_names", 0))),
        ({"X": [[1]], "y": [1], "x_names": ["a\nb"]}, ("bad_name", ("x_names", 0))),
        ({"X": [[1]], "y": [1], "x_names": ["a" * 81]}, ("bad_name", ("x_names", 0))),
        ({"X": [[1]], "y": [0], "classes": ["a", "a"]}, ("name_twice", ("classes", 1))),
        ({"X": [[1, 2]], "y": [0, 2], "classes": ["a", "b"]}, ("not_a_label", ("y", 1))),
        ({"X": [[1, 2]], "y": [-1, 1], "classes": ["a", "b"]}, ("not_a_label", ("y", 0))),
        ({"X": [[1, 2]], "y": [0, 0.5], "classes": ["a", "b"]}, ("not_a_label", ("y", 1))),
        ({"X": [[1]], "y": [[0], [1]], "classes": ["a", "b"]}, ("labels_in_several_rows", ("y",))),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_does_not_fit_is_refused_with_a_reason(fields: dict[str, Any], problem: tuple[str, Any]) -> None:
    assert refused(**fields) == [problem]


@pytest.mark.parametrize(
    ("document", "kind", "place"),
    [
        ('{"kind": "line", "slop": 2}', "unexpected_keyword_argument", "slop"),
        ('{"kind": "line", "samples": 50.0}', "int_type", "samples"),
        ('{"kind": "line", "samples": 1}', "greater_than_equal", "samples"),
        ('{"kind": "line", "noise": NaN}', "finite_number", "noise"),
        ('{"kind": "line", "noise": true}', "float_type", "noise"),
        ('{"kind": "line", "test_fraction": 0.95}', "less_than_equal", "test_fraction"),
        ('{"kind": "line", "standardize": 1}', "bool_type", "standardize"),
        ('{"kind": "anscombe", "set": "V"}', "literal_error", "set"),
        ('{"kind": "plane", "coefficients": [1, 1e4]}', "less_than_equal", 1),
        ('{"kind": "inline", "X": [[1]]}', "missing", "y"),
        ('{"kind": "inline", "X": [[1]], "y": [1], "classes": ["a"]}', "too_short", "classes"),
        ('{"kind": "uploaded", "id": "short"}', "string_too_short", "id"),
    ],
)
def test_bounds_and_unknown_fields_are_held_by_the_types(document: str, kind: str, place: str | int) -> None:
    with pytest.raises(ValidationError) as caught:
        read(f'{{"dataset": {document}}}')
    (details,) = caught.value.errors()
    assert (details["type"], details["loc"][-1]) == (kind, place)


def test_the_schema_says_what_the_numbers_look_like() -> None:
    fields = Recipe.model_json_schema()["$defs"]["Inline"]["properties"]
    row = {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 100_000}
    assert {key: fields["X"][key] for key in ("type", "items", "maxItems")} == {
        "type": "array", "items": row, "maxItems": 100,
    }  # fmt: skip
    assert fields["y"]["anyOf"] == [row, {"type": "array", "items": row, "minItems": 1, "maxItems": 10}]


def test_inline_data_need_no_pydantic() -> None:
    table = Inline(X=Rows.of([[1, 2]]), y=Targets.of([3, 4])).table()
    assert table.Y.tolist() == [[3, 4]]
    with pytest.raises(DataError):
        Inline(X=Rows.of([[1, 2]]), y=Targets.of([3]))
    assert Rows.of(Rows.of([[1]])) == Rows.of([[1]])
    assert str(Problem("data.not_a_number", path=("X", 0, 1))) == "X[0][1]: not a number"
