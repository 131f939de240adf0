"""Recipes: completed, shown, and read again."""

from typing import Any

import orjson
import pytest

from app.catalogue import catalogue
from app.errors import BadInput, FieldError
from app.recipe.recipe import RECIPE, Recipe, above, as_json, below, completed, free_name
from app.settings import Settings

LINE = {"kind": "univariate_regression"}
RECIPES = [entry["recipe"] for family in ("problems", "functions") for entry in catalogue(Settings())[family]]


def recipe(**fields: Any) -> Recipe:
    return completed(RECIPE.from_value({"problem": LINE, **fields}))


@pytest.mark.parametrize(
    "document", RECIPES, ids=lambda document: document["problem"].get("name") or document["problem"]["kind"]
)
def test_what_is_shown_reads_back_as_the_same_recipe(document: dict[str, Any]) -> None:
    read = completed(RECIPE.from_json(orjson.dumps(document)))
    assert as_json(read) == document
    assert completed(RECIPE.from_value(as_json(read))) == read
    assert hash(read.problem) == hash(RECIPE.from_value(document).problem)


def test_events_are_put_in_the_order_of_their_steps_and_those_of_one_step_left_in_theirs() -> None:
    events = [{"at": at, "set": {"batch_size": size}} for at, size in ((9, 1), (2, 2), (9, 3), (0, 4))]
    shown = recipe(runs=[{"events": events}]).runs[0].events
    assert [(event.at, event.set["batch_size"]) for event in shown] == [(0, 4), (2, 2), (9, 1), (9, 3)]


def test_without_runs_there_is_one_with_a_rate_that_suits_the_problem() -> None:
    (run,) = completed(RECIPE.from_value({"problem": {"kind": "expression"}})).runs
    assert (run.name, run.optimizer.kind) == ("run 1", "gradient_descent")
    assert getattr(run.optimizer, "learning_rate", None) == 0.01


def test_a_run_without_a_start_of_its_own_shows_none() -> None:
    own = {"kind": "zeros"}
    shown = as_json(recipe(runs=[{}, {"start": own}]))
    assert "start" not in shown["runs"][0]
    assert shown["runs"][1]["start"] == own
    assert shown["start"] == {"kind": "values", "values": {"w": -2.0, "b": 3.0}}


def test_free_names_are_the_first_from_a_number_on() -> None:
    assert free_name({"run 2", "run 3", "x", None}, 2) == "run 4"
    assert free_name(set(), 1) == "run 1"


def test_names_that_are_taken_are_refused_with_their_place() -> None:
    with pytest.raises(BadInput) as caught:
        recipe(runs=[{"name": "a"}, {}, {"name": "a"}])
    assert caught.value.errors == (FieldError("runs[2].name", "bad.run_name_taken", {"name": "a"}),)


def test_errors_are_told_from_outside_and_from_inside() -> None:
    error = BadInput(errors=[FieldError("set.optimizer", "bad.missing"), FieldError("body", "bad.missing")])
    outside = below("runs[0]", error)
    assert [one.where for one in outside.errors] == ["runs[0].set.optimizer", "runs[0]"]
    assert [one.where for one in above("runs[0]", outside).errors] == ["set.optimizer", "runs[0]"]
