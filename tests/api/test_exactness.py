"""The numbers at step k follow from the recipe and k: bit for bit, however one came there."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.settings import Settings
from tests.service import Handle, Json, Service

RACE: Json = {
    "problem": {"kind": "two_layer_sigmoid", "dataset": {"kind": "curve", "samples": 30, "test_fraction": 0.2}},
    "seed": 5,
    "runs": [
        {"name": "whole", "optimizer": {"kind": "momentum", "learning_rate": 0.05}},
        {"name": "batches", "optimizer": {"kind": "adam", "learning_rate": 0.03}, "batch_size": 7},
        {
            "name": "changing",
            "schedule": {"kind": "exponential"},
            "events": [
                {"at": 30, "set": {"batch_size": 5}},
                {"at": 55, "set": {"parameters": {"b2": 0.5, "W1[1,0]": -1.0}}},
                {"at": 80, "set": {"optimizer": {"kind": "nesterov", "learning_rate": 0.02}}},
            ],
        },
    ],
}
GOAL = 120


def start(service: Service) -> Handle:
    return service.start(**RACE)


def numbers(session: Handle) -> Any:
    """All numbers that follow from the recipe: read-outs, whole paths, parameters, gradients."""
    names = [run["name"] for run in session.get()["recipe"]["runs"]]
    return (
        session.get()["runs"],
        session.get("/trajectory")["runs"],
        [session.get("/parameters", run=name) for name in names],
    )


@pytest.fixture(scope="module")
def straight(service: Service) -> Any:
    """The race run in one go: its numbers at the goal, and at some steps before."""
    session = start(service)
    session.step(GOAL)
    return numbers(session), {step: session.get(step=step)["runs"] for step in range(0, GOAL + 1, 5)}


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, 50), max_size=12))
def test_steps_in_one_call_or_many_give_the_same_path(service: Service, straight: Any, cuts: list[int]) -> None:
    session = start(service)
    for steps in cuts:
        taken = min(steps, GOAL - session.get()["step"])
        if taken:
            session.step(taken)
    session.reach(GOAL)
    assert numbers(session) == straight[0]


def test_a_session_taken_up_from_the_store_goes_on_as_if_nothing_had_happened(straight: Any, new_service: Any) -> None:
    service = new_service()
    session = start(service)
    while session.get()["step"] < GOAL:
        before = session.everything()
        service.restart()
        assert session.everything() == before
        session.step(15)
    assert numbers(session) == straight[0]


@pytest.mark.parametrize("back", [0, 1, 29, 30, 31, 54, 55, 56, 90, 119, 120])
def test_what_is_read_of_an_earlier_step_is_what_stood_there(service: Service, back: int) -> None:
    session, other = start(service), start(service)
    if back:
        session.step(back)
    other.step(GOAL)
    assert other.get(step=back)["runs"] == session.get()["runs"]
    assert other.get("/parameters", step=back, run="batches") == session.get("/parameters", run="batches")
    assert other.get("/predictions", step=back, run="changing") == session.get("/predictions", run="changing")
    assert other.get("/trajectory", step=back)["runs"] == session.get("/trajectory")["runs"]
    assert other.get("/config", step=back) == session.get("/config")
    assert other.get()["step"] == GOAL


@pytest.mark.parametrize("back", [0, 1, 33, 55, 56, 119, 120])
def test_a_rewound_session_is_where_it_was_and_goes_on_as_before(service: Service, straight: Any, back: int) -> None:
    session, fresh = start(service), start(service)
    session.step(GOAL)
    if back:
        fresh.step(back)
    shown = session.post("/rewind", {"step": back})
    assert (shown["step"], shown["lineage"]) == (back, 1)
    assert numbers(session) == numbers(fresh)
    recipe = session.get()["recipe"]
    assert all(event["at"] < back for run in recipe["runs"] for event in run["events"])
    if back > 80:  # no event was dropped
        session.reach(GOAL)
        assert numbers(session) == straight[0]


def test_the_recipe_of_a_view_sent_back_gives_the_same_session(service: Service, straight: Any) -> None:
    session = start(service)
    session.step(60)
    session.patch({"runs": [{"name": "whole", "optimizer": {"learning_rate": 0.06}}]})
    session.step(60)
    view = session.get()
    again = service.start(**view["recipe"])
    assert again.get()["recipe"] == view["recipe"]
    again.step(GOAL)
    assert numbers(again) == numbers(session)
    assert numbers(again) != straight[0]


def test_a_time_budget_cuts_a_call_but_no_number(service: Service, new_service: Any) -> None:
    session, hasty = start(service), start(new_service(Settings(call_budget_milliseconds=1e-6)))
    session.reach(1000)
    calls = 0
    while hasty.get()["step"] < 1000:
        assert hasty.step(1000, from_step=0)["steps_taken"] > 0
        calls += 1
    assert calls > 1
    assert numbers(hasty) == numbers(session)


def test_a_long_path_is_thinned_alike_however_it_was_made(new_service: Any) -> None:
    service = new_service()
    recipe: Json = {"runs": [{"batch_size": 20}, {"optimizer": {"kind": "momentum"}}]}
    straight, pieces = service.start(**recipe), service.start(**recipe)
    straight.reach(9000)
    for goal in (4000, 4097, 4098, 6098, 6998, 6999, 9000):
        pieces.reach(goal)
        service.restart()
    assert numbers(pieces) == numbers(straight)
    path = straight.get("/trajectory")["runs"][0]["trajectory"]
    assert path["stride"] == 4
    assert path["step"] == [*range(0, 9000, 4), 9000]
    for step in (3, 4096, 8999):
        assert pieces.get(step=step)["runs"] == straight.get(step=step)["runs"]


def test_what_one_run_does_depends_on_no_other(service: Service, straight: Any) -> None:
    for index, name in enumerate(("whole", "batches", "changing")):
        alone = service.start(**RACE | {"runs": [RACE["runs"][index]]})
        alone.step(GOAL)
        assert numbers(alone)[0] == [straight[0][0][index]]
        assert numbers(alone)[2] == [straight[0][2][index]], name
