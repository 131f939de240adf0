"""Where something is wrong, in the words of the JSON that was sent, and what may have been meant."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, TypeAdapter

from app.errors import BadInput, unacceptable
from app.field_errors import known_names, path, place
from app.shapes import Shape
from tests.sample import Sample

SAMPLE: Shape[Sample] = Shape(Sample)
SCHEMA = TypeAdapter(Sample).core_schema


def errors(value: object, shape: Shape[Any] = SAMPLE) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as caught:
        shape.from_json(json.dumps(value).encode())
    return [(error["where"], error["problem"]) for error in caught.value.document()["errors"]]


@pytest.mark.parametrize(
    ("value", "where", "problem"),
    [
        ({"datset": {}}, "datset", "is not known here; did you mean dataset?"),
        ({"zz": {}}, "zz", "is not known here; known are dataset, values, window, runs, rivals"),
        ({"dataset": {"sample": 5}}, "dataset.sample", "is not known here; did you mean samples?"),
        ({"dataset": {"kind": "lin"}}, "dataset.kind", "lin is not a known kind; did you mean line?"),
        ({"dataset": {"kind": "zz"}}, "dataset.kind", "zz is not a known kind; known are line, inline"),
        ({"dataset": {"kind": "x" * 50}}, "dataset.kind", "… is not a known kind; known are line, inline"),
        ({"dataset": {"kind": None}}, "dataset.kind", "is missing; known kinds are line, inline"),
        ({"dataset": 3}, "dataset.kind", "is missing; known kinds are line, inline"),
        ({"dataset": {"samples": 1}}, "dataset.samples", "must be at least 2, got 1"),
        ({"dataset": {"samples": 101}}, "dataset.samples", "must be at most 100, got 101"),
        ({"runs": [{}, {"learning_rate": 0}]}, "runs[1].learning_rate", "must be above 0, got 0"),
        ({"runs": [{"name": ""}]}, "runs[0].name", "must have at least 1 characters"),
        ({"runs": [{"name": "x" * 41}]}, "runs[0].name", "must have at most 40 characters"),
        ({"runs": [{"nam": "x"}]}, "runs[0].nam", "is not known here; did you mean name?"),
        ({"runs": [{"batch_size": "all"}]}, "runs[0].batch_size", "must be a whole number, got a text"),
        (
            {"runs": [{"gradient": "bakprop"}]},
            "runs[0].gradient",
            "bakprop cannot be chosen here; did you mean backprop?",
        ),
        ({"runs": [{"gradient": 1}]}, "runs[0].gradient", "must be one of backprop, forward_difference, got 1"),
        ({"runs": [{}] * 9}, "runs", "must have at most 8 entries"),
        ({"runs": {}}, "runs", "must be a list, got an object"),
        ({"runs": [1]}, "runs[0]", "must be an object, got 1"),
        ({"window": [1]}, "window[1]", "is missing"),
        ({"window": [1, 2, 3]}, "window", "must have at most 2 entries"),
        ({"window": [1, "a"]}, "window[1]", "must be a number, got a text"),
        ({"values": {"w": "a"}}, "values.w", "must be a number or a list, got a text"),
        ({"values": {"w": [[1, "a"]]}}, "values.w[0][1]", "must be a number, got a text"),
        ({"values": {"W1[0,2]": None}}, "values.W1[0,2]", "must be a number or a list, got null"),
        ({"values": {"x" * 41: "a"}}, "values.…", "must be a number or a list, got a text"),
        ({"dataset": {"kind": "inline", "y": [1, {}]}}, "dataset.y[1]", "must be a number, got an object"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(value: object, where: str, problem: str) -> None:
    assert (where, problem) in errors(value)


def test_everything_wrong_is_said_at_once_up_to_five() -> None:
    wrong = {
        "dataset": {"samples": 1, "noise": -1},
        "window": [],
        "runs": [{"learning_rate": 0, "zz": 1}, {"name": ""}],
    }
    found = errors(wrong)
    assert len(found) == 5
    assert found[:2] == [
        ("dataset.samples", "must be at least 2, got 1"),
        ("dataset.noise", "must be at least 0, got -1"),
    ]


@pytest.mark.parametrize("name", ["runs", "rivals"])
def test_a_short_list_of_objects_tells_of_every_entry(name: str) -> None:
    found = errors({name: [{"learning_rate": -1}] * 4})
    assert [where for where, _ in found] == [f"{name}[{i}].learning_rate" for i in range(4)]


def test_a_list_of_numbers_tells_of_the_first_wrong_one() -> None:
    assert [where for where, _ in errors({"dataset": {"kind": "inline", "y": [1, "a", "b"]}})] == ["dataset.y[1]"]


def test_a_validator_of_ours_speaks_through_its_own_text() -> None:
    def even(value: int) -> int:
        if value % 2:
            raise unacceptable("bad.multiple_of", multiple_of=2, got=value)
        return value

    @dataclass(frozen=True)
    class Pair:
        count: Annotated[int, AfterValidator(even)]

    assert errors({"count": 3}, Shape(Pair)) == [("count", "must be a multiple of 2, got 3")]


def test_an_error_nobody_foresaw_still_says_where_it_is() -> None:
    @dataclass(frozen=True)
    class Dated:
        day: date

    assert errors({"day": "x"}, Shape(Dated)) == [("day", "cannot be used here")]


def test_a_field_beyond_all_known_ones_is_told_that_nothing_is_known() -> None:
    @dataclass(frozen=True)
    class Nothing:
        pass

    assert errors({"a": 1}, Shape(Nothing)) == [("a", "is not known here; nothing can be given here")]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("runs", 0, "name"), "runs[0].name"),
        ((0, 1), "[0][1]"),
        ((), ""),
        (("a\nb",), "…"),
        (("x" * 40,) * 5, ("x" * 40 + ".") * 2 + "x" * 37 + "…"),
    ],
)
def test_paths_read_like_the_json(parts: tuple[int | str, ...], expected: str) -> None:
    assert path(parts) == expected


def test_the_branch_of_a_union_is_no_part_of_a_path() -> None:
    found = place(SCHEMA, ("dataset", "inline", "y", "list[list[float]]", 0, 1))
    assert found.parts == ("dataset", "y", 0, 1)
    assert found.schema is not None
    assert found.schema["type"] == "float"


def test_known_names_are_those_of_the_place() -> None:
    assert known_names(place(SCHEMA, ("dataset",)).schema) == ("line", "inline")
    assert known_names(place(SCHEMA, ("dataset", "line")).schema) == ("kind", "samples", "noise")
    assert known_names(place(SCHEMA, ("runs", 0, "gradient")).schema) == ("backprop", "forward_difference")
    assert known_names(place(SCHEMA, ("nowhere",)).schema) == ()
