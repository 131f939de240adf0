"""Back to the start, or to an earlier step."""

from typing import Any

import pytest

from tests.service import Json, Service

RUNS: list[Json] = [
    {"name": "plain GD", "optimizer": {"learning_rate": 0.1}},
    {"name": "heavy ball", "optimizer": {"kind": "momentum", "learning_rate": 0.02}, "batch_size": 10},
]


def test_a_reset_goes_to_step_zero_of_the_same_start(service: Service) -> None:
    session, fresh = service.start(runs=RUNS), service.start(runs=RUNS)
    session.step(25)
    view = session.post("/reset")
    assert (view["step"], view["lineage"], view["version"]) == (0, 1, 3)
    assert view["runs"] == fresh.get()["runs"]
    assert view["recipe"] == fresh.get()["recipe"]
    session.step(30)
    fresh.step(30)
    assert session.get("/trajectory")["runs"] == fresh.get("/trajectory")["runs"]


def test_a_reset_needs_no_body(service: Service) -> None:
    session = service.start()
    session.step(3)
    reply = service.call("POST", f"{session.path}/reset")
    assert (reply.status_code, reply.json()["step"]) == (200, 0)


def test_what_is_in_force_becomes_the_runs_own_and_past_events_go(service: Service) -> None:
    session = service.start(runs=[RUNS[0] | {"events": [{"at": 50, "set": {"batch_size": 3}}]}, RUNS[1]])
    session.step(10)
    session.patch({"runs": [{"name": "plain GD", "optimizer": {"learning_rate": 0.05}}]})
    session.step(10)
    session.patch({"runs": [{"name": "plain GD", "parameters": {"w": 0.0}}]})
    run, other = session.post("/reset")["recipe"]["runs"]
    assert run["optimizer"]["learning_rate"] == 0.05
    assert run["events"] == [{"at": 50, "set": {"batch_size": 3}}]
    assert (other["optimizer"]["momentum"], other["events"]) == (0.9, [])


def test_values_by_hand_that_lie_ahead_survive_a_reset(service: Service) -> None:
    event = {"at": 10, "set": {"parameters": {"w": 0.5}}}
    session = service.start(runs=[{"events": [event]}])
    session.step(10)
    assert session.post("/reset")["recipe"]["runs"][0]["events"] == [event]
    session.step(11)
    assert session.get()["runs"][0]["parameters"][0] == 0.5
    assert session.post("/reset")["recipe"]["runs"][0]["events"] == []


def test_values_by_hand_that_diverged_do_not_survive_one(service: Service) -> None:
    session = service.start()
    session.step(10)
    view = session.patch({"runs": [{"name": "run 1", "parameters": {"w": 1e100}}]})
    assert (view["runs"][0]["status"], view["step"]) == ("diverged", 10)
    assert session.post("/reset")["recipe"]["runs"][0]["events"] == []
    assert session.step(20)["steps_taken"] == 20


def test_a_reset_may_bring_another_seed(service: Service) -> None:
    session = service.start("two_layer_sigmoid", runs=[{"batch_size": 7}])
    session.step(5)
    view = session.post("/reset", {"seed": 7})
    fresh = service.start("two_layer_sigmoid", runs=[{"batch_size": 7}], seed=7)
    assert view["recipe"] == fresh.get()["recipe"]
    session.step(20)
    fresh.step(20)
    assert session.get()["runs"] == fresh.get()["runs"]
    assert session.get(step=0)["runs"] != service.start("two_layer_sigmoid").get()["runs"]


@pytest.mark.parametrize(
    ("start", "parameters"),
    [
        ({"kind": "values", "values": {"w": 4, "b": 5}}, [4.0, 5.0]),
        ({"values": {"b": 5}}, [-2.0, 5.0]),
        ({"kind": "zeros"}, [0.0, 0.0]),
        ({"kind": "constant", "value": 2}, [2.0, 2.0]),
    ],
)
def test_a_reset_may_bring_another_start(service: Service, start: Json, parameters: list[float]) -> None:
    session = service.start()
    session.step(5)
    view = session.post("/reset", {"start": start})
    assert (view["runs"][0]["parameters"], view["step"]) == (parameters, 0)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"sed": 1}, "sed"),
        ({"start": 5}, "start"),
        ({"start": {"values": {"w": 1e308}}}, "start"),
        ({"start": {"values": {"w": [1, 2]}}}, "start.values.w"),
        ({"start": {"kind": "values"}, "seed": 1, "optimizer": {}}, "optimizer"),
        ([], "body"),
    ],
)
def test_a_wrong_reset_is_refused(service: Service, body: Any, where: str) -> None:
    session = service.start()
    session.step(5)
    assert session.refused("POST", "/reset", json=body)["errors"][0]["where"] == where


@pytest.mark.parametrize(
    ("body", "where"),
    [({}, "step"), ({"step": 6}, "step"), ({"step": -1}, "step"), ({"step": 1.0}, "step"), ({"step": None}, "step")],
)
def test_a_rewind_leads_to_a_step_that_was(service: Service, body: Json, where: str) -> None:
    session = service.start()
    session.step(5)
    assert session.refused("POST", "/rewind", json=body)["errors"][0]["where"] == where


def test_a_rewind_drops_events_at_its_step_and_later(service: Service) -> None:
    session = service.start()
    for rate in (0.01, 0.02, 0.03, 0.04):
        session.patch({"runs": [{"name": "run 1", "optimizer": {"learning_rate": rate}}]})
        session.step(10)
    view = session.post("/rewind", {"step": 20})
    assert [event["at"] for event in view["recipe"]["runs"][0]["events"]] == [0, 10]
    assert view["runs"][0]["learning_rate"] == 0.02
    assert (view["step"], view["lineage"]) == (20, 1)


def test_a_rewind_to_now_is_one_too(service: Service) -> None:
    session = service.start()
    session.step(20)
    before = session.get()["runs"]
    view = session.post("/rewind", {"step": 20})
    assert (view["step"], view["lineage"], view["runs"]) == (20, 1, before)


def test_a_run_that_stood_before_the_step_of_a_rewind_still_stands(service: Service) -> None:
    session = service.start(runs=[{"name": "wild", "optimizer": {"learning_rate": 3.0}}, {"name": "calm"}])
    session.step(200)
    wild = session.get()["runs"][0]
    assert session.post("/rewind", {"step": 100})["runs"][0] == wild
    assert session.step(5)["runs"][0]["step"] == wild["step"]
    view = session.post("/rewind", {"step": wild["step"]})
    assert [run["status"] for run in view["runs"]] == ["running", "running"]
