"""Changes merge, and what they amount to leads from one state of things to the other."""

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.layout import flat_layout
from app.engine.models import two_layer
from app.errors import BadInput
from app.recipe.changes import assignment, difference, engine_settings, merged, resolved, settings_at, settings_json
from app.recipe.recipe import RUN_SETTINGS, EventRecipe, RunRecipe, RunSettings

OPTIMIZERS: dict[str, tuple[str, ...]] = {
    "gradient_descent": ("learning_rate",),
    "momentum": ("learning_rate", "momentum"),
    "adam": ("learning_rate", "beta1", "beta2"),
}
NUMBERS = st.sampled_from([0.001, 0.1, 0.5, 0.9])


@st.composite
def settings_documents(draw: Any) -> dict[str, Any]:
    """What may be in force, as JSON with all its defaults."""
    kind = draw(st.sampled_from(sorted(OPTIMIZERS)))
    asked = {
        "optimizer": {"kind": kind, **{name: draw(NUMBERS) for name in OPTIMIZERS[kind]}},
        "schedule": draw(st.sampled_from([{"kind": "constant"}, {"kind": "step", "every": 5}, {"kind": "cosine"}])),
        "batch_size": draw(st.sampled_from([None, 1, 32])),
        "gradient": draw(st.sampled_from(["backprop", "central_difference"])),
    }
    return settings_json(RUN_SETTINGS.from_value(asked))


@given(before=settings_documents(), after=settings_documents())
def test_a_difference_merged_into_what_was_gives_what_is_wanted(before: Any, after: Any) -> None:
    kept = copy.deepcopy(before)
    change = difference(before, after)
    assert merged(before, change) == after
    assert before == kept
    assert (change == {}) == (before == after)


@given(before=settings_documents(), after=settings_documents())
def test_a_difference_holds_nothing_that_was_so_before(before: Any, after: Any) -> None:
    for name, value in difference(before, after).items():
        assert before[name] != value
        if name == "optimizer" and value.get("kind", before[name]["kind"]) == before[name]["kind"]:
            assert all(before[name][field] != number for field, number in value.items())


def test_lists_and_plain_values_are_replaced_and_null_is_a_value() -> None:
    now = {"coefficients": [1.0, 2.0], "batch_size": 5, "noise": {"a": 1, "b": 2}}
    change = {"coefficients": [3.0], "batch_size": None, "noise": {"b": None}, "new": 1}
    assert merged(now, change) == {
        "coefficients": [3.0],
        "batch_size": None,
        "noise": {"a": 1, "b": None},
        "new": 1,
    }
    assert merged({"optimizer": {"kind": "adam"}}, {"optimizer": 5}) == {"optimizer": 5}


def test_another_kind_brings_nothing_of_the_old_one_along() -> None:
    now = {"kind": "two_layer_sigmoid", "hidden": 9, "dataset": {"kind": "curve", "noise": 0.3}}
    assert merged(now, {"kind": "two_layer_linear"}) == {"kind": "two_layer_linear"}
    assert merged(now, {"dataset": {"kind": "line"}})["dataset"] == {"kind": "line"}
    assert merged(now, {"kind": "two_layer_sigmoid", "hidden": 2}) == now | {"hidden": 2}


def test_functions_are_told_apart_by_their_name() -> None:
    bowl = {"kind": "function", "name": "quadratic_bowl", "kappa": 10.0}
    assert merged(bowl, {"name": "booth"}) == {"kind": "function", "name": "booth"}
    assert merged(bowl, {"kind": "function", "name": "booth"}) == {"kind": "function", "name": "booth"}
    assert merged(bowl, {"kappa": 5.0}) == bowl | {"kappa": 5.0}
    run = {"name": "plain GD", "batch_size": 5}
    assert merged(run, {"name": "renamed"}) == {"name": "renamed", "batch_size": 5}


def run_with(*events: tuple[int, dict[str, Any]]) -> RunRecipe:
    return RunRecipe(name="run 1", events=tuple(EventRecipe(at=at, set=change) for at, change in events))


def test_each_event_changes_what_those_before_left() -> None:
    run = run_with(
        (3, {"optimizer": {"kind": "momentum", "momentum": 0.5}}),
        (5, {"optimizer": {"learning_rate": 0.2}, "batch_size": 4}),
        (5, {"batch_size": None}),
    )
    rates = {step: settings_json(settings_at(run, step))["optimizer"] for step in (2, 3, 4, 5)}
    assert rates[2] == {"kind": "gradient_descent", "learning_rate": 0.1}
    assert rates[3] == rates[4] == {"kind": "momentum", "learning_rate": 0.01, "momentum": 0.5}
    assert rates[5] == {"kind": "momentum", "learning_rate": 0.2, "momentum": 0.5}
    assert settings_at(run, 5).batch_size is None


def test_events_come_to_the_engine_with_all_that_follows_from_them() -> None:
    run = run_with(
        (2, {"batch_size": 4}), (4, {"parameters": {"y": 5.0}}), (6, {"batch_size": 8, "parameters": {"x": 1}})
    )
    first, second, third = resolved(run, flat_layout(("x", "y")))
    assert (first.at, first.by_hand) == (2, None)
    assert first.settings == engine_settings(RunSettings(batch_size=4))
    assert second.settings is None
    assert second.by_hand is not None
    assert (second.by_hand.places.tolist(), second.by_hand.values.tolist()) == ([1], [5.0])
    assert third.settings == engine_settings(RunSettings(batch_size=8))
    assert third.by_hand is not None
    assert third.by_hand.places.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({}, "events[1].set"),
        ({"optimizer": {"momentum": 0.5}}, "events[1].set.optimizer.momentum"),
        ({"optimizer": {"kind": "nothing"}}, "events[1].set.optimizer.kind"),
        ({"batch_size": 10**30}, "events[1].set.batch_size"),
        ({"start": {}}, "events[1].set.start"),
        ({"parameters": {}}, "events[1].set.parameters"),
        ({"parameters": {"z": 1}}, "events[1].set.parameters.z"),
        ({"parameters": {"x": 10**400}}, "events[1].set.parameters.x"),
    ],
)
def test_an_event_that_does_not_fit_is_named_by_its_place(change: dict[str, Any], where: str) -> None:
    run = run_with((1, {"batch_size": 4}), (2, change))
    with pytest.raises(BadInput) as caught:
        resolved(run, flat_layout(("x", "y")))
    assert [error.where for error in caught.value.errors] == [where]


def test_values_by_hand_are_whole_arrays_or_scalars_at_their_address() -> None:
    layout = two_layer(np.zeros((2, 5)), np.zeros((1, 5)), 3, "sigmoid").layout
    by_hand = assignment({"b1": [1.0, 2.0, 3.0], "W1[2,1]": 4.0, "w2[0]": 5.0, "b2": 6.0}, layout, "here")
    theta = np.zeros(layout.size)
    theta[by_hand.places] = by_hand.values
    assert layout.unpack(theta) == {
        "W1": [[0.0, 0.0], [0.0, 0.0], [0.0, 4.0]],
        "b1": [[1.0], [2.0], [3.0]],
        "w2": [[5.0, 0.0, 0.0]],
        "b2": 6.0,
    }
    assert len(by_hand.places) == 6
