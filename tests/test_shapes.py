"""What may be sent, read strictly; the rows of the table of bad input that concern a body or a query."""

import json
from collections.abc import Callable
from typing import Annotated, Any
from unittest.mock import Mock

import pytest
from annotated_types import Ge, Le
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.api.answers import problem_response
from app.errors import BadInput, EmptyBody, Malformed, Problem
from app.field_errors import explain
from app.shapes import MOST_CONTAINERS, MOST_FIELDS_OF_AN_OBJECT, Shape
from tests.sample import Inline, Line, Run, Sample


class Query(BaseModel):
    since: Annotated[int, Ge(0)] | None = None
    most: Annotated[int, Ge(1), Le(5000)] = 500
    tolerance: float = 0.0
    exact: bool = False
    run: str | None = None


SAMPLE: Shape[Sample] = Shape(Sample)
QUERY: Shape[Query] = Shape(Query)
ANYTHING: Shape[Any] = Shape(Any)


def refusal(raw: bytes, shape: Shape[Any] = SAMPLE) -> Problem:
    with pytest.raises(Problem) as caught:
        shape.from_json(raw)
    assert len(problem_response(caught.value).body) <= 4096
    return caught.value


def errors(raw: bytes) -> list[tuple[str, str]]:
    return [(error["where"], error["problem"]) for error in refusal(raw).document()["errors"]]


def test_defaults_fill_what_is_not_given_and_nested_kinds_too() -> None:
    assert SAMPLE.from_json(b"{}") == Sample()
    assert SAMPLE.from_json(b'{"dataset": {"samples": 7}}') == Sample(dataset=Line(samples=7))


def test_whole_numbers_are_numbers_and_lists_are_tuples() -> None:
    sample = SAMPLE.from_json(b'{"window": [1, 2.5], "dataset": {"kind": "inline", "y": [1, 2]}}')
    assert sample == Sample(window=(1.0, 2.5), dataset=Inline(y=[1.0, 2.0]))


@pytest.mark.parametrize(
    ("body", "where", "problem"),
    [
        ('{"dataset": {"samples": 2.0}}', "dataset.samples", "must be a whole number, got 2.0"),
        ('{"dataset": {"samples": true}}', "dataset.samples", "must be a whole number, got true"),
        ('{"dataset": {"samples": "5"}}', "dataset.samples", "must be a whole number, got a text"),
        ('{"dataset": {"noise": "1.5"}}', "dataset.noise", "must be a number, got a text"),
        ('{"dataset": {"noise": "nan"}}', "dataset.noise", "must be a number, got a text"),
        ('{"dataset": {"noise": true}}', "dataset.noise", "must be a number, got true"),
        ('{"dataset": {"noise": null}}', "dataset.noise", "must be a number, got null"),
        ('{"runs": [{"learning_rate": []}]}', "runs[0].learning_rate", "must be a number, got a list"),
        ("[]", "body", "must be an object, got a list"),
        ("5", "body", "must be an object, got 5"),
        ('"text"', "body", "must be an object, got a text"),
    ],
)
def test_nothing_is_converted(body: str, where: str, problem: str) -> None:
    assert errors(body.encode()) == [(where, problem)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400])
@pytest.mark.parametrize("body", ['{"dataset": {"noise": %s}}', '{"dataset": {"samples": %s}}', '{"new": [%s]}', "%s"])
def test_a_number_that_is_not_finite_is_refused_wherever_it_stands(body: str, number: str) -> None:
    problem = refusal((body % number).encode())
    assert (problem.status, [error.key for error in problem.errors]) == (422, ["bad.not_finite"])


@pytest.mark.parametrize("text", [r'"\ud800"', r'"a\udc00b"', r'"\ud800A"', r'"\uD83D\uD83D\uDE00"'])
@pytest.mark.parametrize("body", ['{"runs": [{"name": %s}]}', "{%s: 1}"])
def test_half_a_character_is_refused(body: str, text: str) -> None:
    problem = refusal((body % text).encode())
    assert (problem.status, [error.key for error in problem.errors]) == (422, ["bad.surrogate"])


@pytest.mark.parametrize("levels", [300, 1010, 39_000])
@pytest.mark.parametrize("around", ["%s", '{"new": %s}'])
def test_deep_nesting_is_refused(around: str, levels: int) -> None:
    problem = refusal((around % ("[" * levels + "]" * levels)).encode())
    assert (problem.status, [error.key for error in problem.errors]) == (422, ["bad.too_deep"])


def test_a_hundred_levels_are_read() -> None:
    assert ANYTHING.from_json(b"[" * 100 + b"]" * 100)


@pytest.mark.parametrize("body", ['{"runs": [], "runs": []}', '{"dataset": {"noise": 1, "noise": 1}}'])
def test_a_field_that_stands_twice_is_refused_and_named(body: str) -> None:
    ((where, problem),) = errors(body.encode())
    assert where == "body"
    assert "twice" in problem
    assert ("runs" in problem) or ("noise" in problem)


@pytest.mark.parametrize(
    "body",
    [b"\xef\xbb\xbf{}", "{}".encode("utf-16"), "{}".encode("utf-32"), b'"\xff"', b"\x80", "é".encode("latin-1")],
)
def test_anything_but_utf_8_without_a_mark_is_malformed(body: bytes) -> None:
    problem = refusal(body)
    assert (problem.status, problem.detail) == (400, "problem.malformed.encoding")


@pytest.mark.parametrize(
    "body", [b"{", b"{]", b'{"a": 01}', b"{} {}", b'{"a": 1,}', b"'a'", b"{a: 1}", b"[" * 300, b"\0"]
)
def test_what_is_no_json_is_malformed_and_told_where(body: bytes) -> None:
    problem = refusal(body)
    assert isinstance(problem, Malformed)
    assert problem.values["line"] == 1


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_body_is_told_so(body: bytes) -> None:
    assert isinstance(refusal(body), EmptyBody)


def wrong(count: int) -> dict[str, bytes]:
    return {
        "wrong floats": json.dumps({"dataset": {"kind": "inline", "y": ["x"] * count}}).encode(),
        "wrong rows": json.dumps({"dataset": {"kind": "inline", "y": [["x"]] * count}}).encode(),
        "unknown fields": json.dumps({f"field{i}": 0 for i in range(count)}).encode(),
        "wrong values": json.dumps({"values": {f"w{i}": "x" for i in range(count)}}).encode(),
        "wrong runs": json.dumps({"runs": [{"learning_rate": -1}] * count}).encode(),
        "objects": b"[" + b",".join([b"{}"] * count) + b"]",
        "lists": b"[" + b",".join([b"[]"] * count) + b"]",
    }


@pytest.mark.parametrize("count", [900, 100_000])
@pytest.mark.parametrize("what", wrong(1))
def test_a_big_wrong_body_is_refused_in_a_small_answer_and_without_a_long_list_of_errors(
    what: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained = Mock(side_effect=explain)
    monkeypatch.setattr("app.shapes.explain", explained)
    assert refusal(wrong(count)[what]).status == 422
    for call in explained.call_args_list:  # a hundred thousand of them would take 2 s
        assert call.args[0].error_count() <= 3 * MOST_FIELDS_OF_AN_OBJECT


def test_fields_and_objects_are_counted() -> None:
    (error,) = refusal(wrong(MOST_FIELDS_OF_AN_OBJECT + 1)["wrong values"]).errors
    assert error.key == "bad.too_many_fields"
    (error,) = refusal(wrong(MOST_CONTAINERS + 1)["objects"]).errors
    assert error.key == "bad.too_many_containers"


def test_a_large_table_of_numbers_is_read() -> None:
    values = [i / 7 for i in range(50_000)]
    body = json.dumps({"dataset": {"kind": "inline", "y": values}}).encode()
    assert SAMPLE.from_json(body).dataset == Inline(y=values)


def test_a_repeated_field_is_found_behind_a_long_row_of_numbers() -> None:
    row = json.dumps([i / 7 for i in range(500)])
    ((_, problem),) = errors(f'{{"dataset": {{"kind": "inline", "y": {row}, "kind": "inline"}}}}'.encode())
    assert "kind twice" in problem


def test_values_of_python_are_checked_like_a_body() -> None:
    assert SAMPLE.from_value({"window": [0, 2], "runs": [{"name": "a"}]}) == Sample(window=(0, 2), runs=[Run(name="a")])
    with pytest.raises(BadInput) as caught:
        SAMPLE.from_value({"runs": [{"learning_rate": 1000}]})
    assert [error.where for error in caught.value.errors] == ["runs[0].learning_rate"]


def test_a_query_is_read_by_the_types_of_its_model() -> None:
    query = QUERY.from_query(b"since=120&tolerance=1e-6&exact=true&run=plain%20GD")
    assert query == Query(since=120, tolerance=1e-6, exact=True, run="plain GD")
    assert QUERY.from_query(b"run=5&since=null") == Query(run="5")
    assert QUERY.from_query(b"") == Query()


@pytest.mark.parametrize(
    ("query", "where", "problem"),
    [
        (b"sinc=1", "sinc", "is not known here; did you mean since?"),
        (b"zzz=1", "zzz", "is not known here; known are since, most, tolerance, exact, run"),
        (b"since=1.0", "since", "must be a whole number, got 1.0"),
        (b"since=-1", "since", "must be at least 0, got -1"),
        (b"since=", "since", "must be a whole number, got a text"),
        (b"since=abc", "since", "must be a whole number, got a text"),
        (b"since=1_000", "since", "must be a whole number, got a text"),
        (b"since=%2B5", "since", "must be a whole number, got a text"),
        (b"since=+5", "since", "must be a whole number, got a text"),
        (b"most=5001", "most", "must be at most 5000, got 5001"),
        (b"most=null", "most", "must be a whole number, got null"),
        (b"tolerance=nan", "tolerance", "must be a number, got a text"),
        (b"tolerance=1e999", "tolerance", "must be a number, got a text"),
        (b"tolerance=true", "tolerance", "must be a number, got true"),
        (b"exact=1", "exact", "must be true or false, got 1"),
        (b"since=1&since=1", "since", "is given more than once"),
        (b"run=%ff", "query", "is not UTF-8"),
        (b"run=\xff", "query", "is not UTF-8"),
        (b"&".join([b"a=1"] * 51), "query", "has more than 50 parameters"),
    ],
)
def test_a_wrong_query_is_refused(query: bytes, where: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        QUERY.from_query(query)
    assert caught.value.document()["errors"] == [{"where": where, "problem": problem}]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=50), inner, max_size=4),
    max_leaves=12,
)


def outcome(read: Callable[[bytes], object], raw: bytes) -> Problem | None:
    try:
        read(raw)
    except Problem as problem:
        return problem
    return None


@given(json_values)
def test_no_json_value_makes_anything_but_a_problem_of_at_most_4_kb(value: object) -> None:
    problem = outcome(SAMPLE.from_json, json.dumps(value).encode())
    assert problem is None or problem.status in {400, 422}
    assert problem is None or len(problem_response(problem).body) <= 4096


@given(st.binary(max_size=60))
def test_no_bytes_make_anything_but_a_problem(raw: bytes) -> None:
    for read in (SAMPLE.from_json, QUERY.from_query):
        problem = outcome(read, raw)
        assert problem is None or problem.status in {400, 422}
