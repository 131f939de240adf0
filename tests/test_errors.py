"""Every problem has words, and what it repeats of a request is harmless."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.answers import problem_response
from app.errors import MOST_TEXT_CHARACTERS, BadInput, FieldError, Problem, StaleCursor, TooMuchWork, Words, shown
from app.texts import texts

ROOT = Path(__file__).parents[1]
KEY = re.compile(r'"(bad\.\w+|problem\.(?:malformed|\w+-[\w-]+)\.\w+)"')


def all_problems(parent: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for child in parent.__subclasses__():
        if "type" in vars(child):
            yield child
        yield from all_problems(child)


PROBLEMS = sorted(all_problems(), key=lambda problem: problem.type)


def test_the_tree_is_drawn_at_the_top_of_its_file() -> None:
    drawn = dict(re.findall(r"^[│ ├└─]+ (\w+) +(\d{3})\b", (ROOT / "app" / "errors.py").read_text(), re.MULTILINE))
    assert drawn == {problem.__name__: str(problem.status) for problem in PROBLEMS}


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: str(problem.type))
def test_every_problem_has_a_title_and_a_detail(problem: type[Problem]) -> None:
    assert texts()[f"problem.{problem.type}.title"]
    assert texts()[f"problem.{problem.type}.detail"]


def test_types_are_unique() -> None:
    assert len({problem.type for problem in PROBLEMS}) == len(PROBLEMS)


def test_every_text_that_the_code_names_exists() -> None:
    named = {key for path in (ROOT / "app").rglob("*.py") for key in KEY.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert {key for key in named if key not in texts()} == set()


def test_a_problem_is_told_as_rfc_9457_wants_it() -> None:
    problem = BadInput.at("runs[0].optimizer.learning_rate", "bad.less_than_equal", le=100, got=1000)
    assert problem.document() == {
        "type": "urn:descent:bad-input",
        "title": "Something in the request is not right",
        "status": 422,
        "detail": "Nothing was changed. What is wrong stands in the list of errors.",
        "errors": [{"where": "runs[0].optimizer.learning_rate", "problem": "must be at most 100, got 1000"}],
    }
    response = problem_response(problem)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert orjson.loads(bytes(response.body)) == problem.document()


def test_errors_are_at_most_five() -> None:
    assert len(BadInput(errors=[FieldError(str(i), "bad.missing") for i in range(9)]).errors) == 5


def test_what_may_succeed_later_says_when() -> None:
    problem = TooMuchWork(retry_after_seconds=7)
    assert problem.headers == {"Retry-After": "7"}
    assert "7 s" in problem.document()["detail"]
    assert "Retry-After" not in StaleCursor().headers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (-3, "-3"),
        (True, "true"),
        (10**15, "1000000000000000"),
        (10**50, "1e+50"),
        (10**400, "…"),
        ("plain GD", "plain GD"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "…"),
        ("a\nb", "…"),
        ("a\u202eb", "…"),
        ({"a": 1}, "…"),
        (("w", "b"), "w, b"),
        (Words(("type.number", "type.list")), "a number or a list"),
    ],
)
def test_values_are_repeated_only_where_that_is_harmless(value: object, expected: str) -> None:
    assert shown(value) == expected


def test_errors_that_do_not_fit_into_4_kb_are_left_out_from_the_end() -> None:
    errors = [FieldError(f"{i}{'é' * 110}", "bad.unknown_field", {"known": ("é" * 390,)}) for i in range(5)]
    document = json.loads(bytes(problem_response(BadInput(errors=errors)).body))
    assert [error["where"][0] for error in document["errors"]] == ["0", "1", "2"]


@given(
    st.lists(st.tuples(st.text(max_size=200), st.text(max_size=200) | st.integers() | st.floats()), max_size=8),
    st.text(max_size=5000),
)
def test_no_problem_is_longer_than_4_kb_or_breaks_json(wrong: list[tuple[str, object]], name: str) -> None:
    errors = [FieldError(where, "bad.unknown_field", {"known": (name,), "got": got}) for where, got in wrong]
    response = problem_response(BadInput(errors=errors))
    assert len(response.body) <= 4096
    for error in json.loads(bytes(response.body)).get("errors", []):
        assert len(error["problem"]) <= MOST_TEXT_CHARACTERS
