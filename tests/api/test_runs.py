"""Runs that come, are forked, and go."""

from typing import Any

import pytest

from app.settings import Settings
from tests.service import Handle, Json, Service

GD: Json = {"name": "plain GD", "optimizer": {"learning_rate": 0.1}}


def names(view: Json) -> list[str]:
    return [run["name"] for run in view["runs"]]


def remove(session: Handle, name: str) -> Json:
    reply = session.service.call("DELETE", f"{session.path}/runs/{name}")
    assert reply.status_code == 200
    view: Json = reply.json()
    return view


def test_an_added_run_catches_up_and_grows_the_lineage(service: Service) -> None:
    session = service.start(runs=[GD])
    session.step(40)
    view = session.post("/runs", {"name": "fast", "optimizer": {"learning_rate": 0.2}})
    assert (names(view), view["lineage"], view["step"]) == (["plain GD", "fast"], 1, 40)
    assert [run["step"] for run in view["runs"]] == [40, 40]
    race = service.start(runs=[GD, {"name": "fast", "optimizer": {"learning_rate": 0.2}}])
    race.step(40)
    assert session.get("/trajectory")["runs"] == race.get("/trajectory")["runs"]
    assert session.get()["recipe"] == race.get()["recipe"]


def test_a_run_that_has_to_catch_up_longer_than_a_call_does_so_first(new_service: Any) -> None:
    service = new_service(Settings(call_budget_milliseconds=1e-6))
    session = service.start(runs=[GD])
    session.reach(3000)
    view = session.post("/runs", {"name": "late"})
    assert view["runs"][1]["step"] < 3000 == view["step"]
    while session.get()["runs"][1]["step"] < 3000:
        delta = session.step(10)
        assert (delta["steps_taken"], delta["step"]) == (0, 3000) or delta["runs"][1]["step"] > 3000
    session.reach(3100)
    assert [run["step"] for run in session.get()["runs"]] == [session.get()["step"]] * 2


def test_a_run_without_a_name_gets_a_free_one(service: Service) -> None:
    session = service.start(runs=[{"name": "run 2"}])
    assert names(session.post("/runs", {})) == ["run 2", "run 3"]
    assert names(session.post("/runs", {"fork": {"run": "run 2", "step": 0}})) == ["run 2", "run 3", "run 4"]


def test_a_fork_is_its_source_up_to_its_step_and_goes_on_with_its_change(service: Service) -> None:
    session = service.start(runs=[GD | {"events": [{"at": 10, "set": {"batch_size": 7}}]}])
    session.step(40)
    session.patch({"runs": [{"name": "plain GD", "optimizer": {"learning_rate": 0.01}}]})
    session.step(20)
    body = {"name": "fork", "fork": {"run": "plain GD", "step": 30}, "optimizer": {"learning_rate": 0.2}}
    view = session.post("/runs", body)
    source, fork = view["recipe"]["runs"]
    assert fork == source | {
        "name": "fork",
        "events": [{"at": 10, "set": {"batch_size": 7}}, {"at": 30, "set": {"optimizer": {"learning_rate": 0.2}}}],
    }
    at_30, at_31 = (session.get(step=step)["runs"] for step in (30, 31))
    assert at_30[1] | {"name": "plain GD", "learning_rate": 0.1} == at_30[0]
    assert at_31[0]["parameters"] != at_31[1]["parameters"]
    path = session.get("/trajectory")["runs"]
    assert path[0]["trajectory"]["loss"][:31] == path[1]["trajectory"]["loss"][:31]


def test_a_fork_depends_on_no_other_run(service: Service) -> None:
    session = service.start(runs=[GD])
    session.step(20)
    session.post("/runs", {"name": "fork", "fork": {"run": "plain GD", "step": 10}, "batch_size": 5})
    before = session.get("/trajectory")["runs"][1]
    view = remove(session, "plain GD")
    assert names(view) == ["fork"]
    assert session.get("/trajectory")["runs"] == [before]
    assert service.start(**view["recipe"]).step(20)["runs"][0]["parameters"] == before["parameters"]


@pytest.mark.parametrize(
    ("change", "event"),
    [
        ({}, []),
        ({"batch_size": None}, [{"at": 5, "set": {"batch_size": None}}]),
        ({"parameters": {"w": 9.0}}, [{"at": 5, "set": {"parameters": {"w": 9.0}}}]),
        (
            {"optimizer": {"kind": "momentum"}, "schedule": {"kind": "cosine"}, "gradient": "central_difference"},
            [
                {
                    "at": 5,
                    "set": {
                        "optimizer": {"kind": "momentum"},
                        "schedule": {"kind": "cosine"},
                        "gradient": "central_difference",
                    },
                }
            ],
        ),
    ],
)
def test_a_fork_may_change_all_that_an_event_may(service: Service, change: Json, event: list[Json]) -> None:
    session = service.start(runs=[GD])
    session.step(8)
    view = session.post("/runs", {"fork": {"run": "plain GD", "step": 5}, **change})
    assert view["recipe"]["runs"][1]["events"] == event
    assert view["runs"][1]["step"] == 8


def test_a_fork_of_a_run_with_a_start_of_its_own_has_it_too(service: Service) -> None:
    session = service.start(runs=[GD, {"name": "far", "start": {"values": {"w": 5, "b": 5}}}])
    session.step(3)
    view = session.post("/runs", {"fork": {"run": "far", "step": 3}})
    assert view["recipe"]["runs"][2]["start"] == view["recipe"]["runs"][1]["start"]
    assert view["runs"][2]["parameters"] == view["runs"][1]["parameters"]


def test_runs_go_and_the_lineage_grows(service: Service) -> None:
    session = service.start(runs=[GD, {"name": "größer/50%"}, {"name": "x"}])
    session.step(5)
    view = remove(session, "gr%C3%B6%C3%9Fer%2F50%25")
    assert (names(view), view["lineage"], view["step"]) == (["plain GD", "x"], 1, 5)
    assert [run["name"] for run in view["recipe"]["runs"]] == ["plain GD", "x"]
    assert names(remove(session, "plain%20GD")) == ["x"]
    problem = session.refused("DELETE", "/runs/x")
    assert "delete the session" in problem["errors"][0]["problem"]


def test_the_clock_is_that_of_the_run_that_came_furthest(service: Service) -> None:
    session = service.start(runs=[{"name": "wild", "optimizer": {"learning_rate": 3.0}}, {"name": "calm"}])
    session.step(100)
    last = session.get()["runs"][0]["step"]
    assert remove(session, "calm")["step"] == last < 100


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "plain GD"}, "name"),
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"optimiser": {}}, "optimiser"),
        ({"optimizer": {"learning_rate": 1000}}, "optimizer.learning_rate"),
        ({"start": {"values": {"w": 1}}}, "start.values.b"),
        ({"start": {"values": {"w": 1e308, "b": 1}}}, "start"),
        ({"events": [{"at": 3, "set": {"momentum": 1}}]}, "events[0].set.momentum"),
        ({"fork": None}, "fork"),
        ({"fork": {"step": 1}}, "fork.run"),
        ({"fork": {"run": "plain GD"}}, "fork.step"),
        ({"fork": {"run": "nobody", "step": 1}}, "fork.run"),
        ({"fork": {"run": "plain GD", "step": 9}}, "fork.step"),
        ({"fork": {"run": "plain GD", "step": 10**30}}, "fork.step"),
        ({"fork": {"run": "plain GD", "step": 2.0}}, "fork.step"),
        ({"fork": {"run": "plain GD", "step": 2, "at": 3}}, "fork.at"),
        ({"fork": {"run": "plain GD", "step": 2}, "name": "plain GD"}, "name"),
        ({"fork": {"run": "plain GD", "step": 2}, "name": None}, "name"),
        ({"fork": {"run": "plain GD", "step": 2}, "name": "x" * 41}, "name"),
        ({"fork": {"run": "plain GD", "step": 2}, "optimiser": {}}, "optimiser"),
        ({"fork": {"run": "plain GD", "step": 2}, "optimizer": {"learning_rate": -1}}, "optimizer.learning_rate"),
        ({"fork": {"run": "plain GD", "step": 2}, "start": {"kind": "zeros"}}, "start"),
        ({"fork": {"run": "plain GD", "step": 2}, "events": []}, "events"),
        ({"fork": {"run": "plain GD", "step": 2}, "parameters": {"q": 1}}, "parameters.q"),
    ],
)
def test_a_wrong_run_is_refused(service: Service, body: Json, where: str) -> None:
    session = service.start(runs=[GD])
    session.step(8)
    assert [error["where"] for error in session.refused("POST", "/runs", json=body)["errors"]] == [where]


def test_a_ninth_run_is_refused(service: Service) -> None:
    session = service.start(runs=[{}] * 8)
    assert session.refused("POST", "/runs", json={})["errors"][0] == {
        "where": "runs",
        "problem": "must have at most 8 entries",
    }
    assert session.refused("DELETE", "/runs/nobody")["errors"][0]["problem"].startswith("there is no run")


def test_a_method_without_a_learning_rate_shows_none(service: Service) -> None:
    kinds = ("gradient_descent", "random_search", "newton")
    runs = [{"optimizer": {"kind": kind}} for kind in kinds]
    session = service.start(runs=runs)
    assert [run["learning_rate"] for run in session.get()["runs"]] == [0.1, None, None]
    assert session.get("/diagnosis", run="run 3")["learning_rate"] is None
