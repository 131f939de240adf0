"""Taking steps: retries that never step twice, goals, budgets, runs that converge or diverge."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.settings import Settings
from tests.service import Handle, Json, Service

WILD: Json = {"runs": [{"name": "wild", "optimizer": {"learning_rate": 3.0}}]}


def steps_of(delta: Json) -> list[Any]:
    return [run["trajectory"]["step"] for run in delta["runs"]]


def test_without_a_cursor_a_call_advances_and_answers_what_is_new(service: Service) -> None:
    session = service.start(runs=[{}, {"batch_size": 5}])
    one = session.post("/step")
    ten = session.step(10)
    assert (one["step"], one["steps_taken"], steps_of(one)) == (1, 1, [[1], [1]])
    assert (ten["step"], ten["steps_taken"], steps_of(ten)) == (11, 10, [list(range(2, 12))] * 2)
    assert (ten["session"], ten["lineage"]) == (session.id, 0)
    assert session.get()["version"] == ten["version"] == one["version"] + 1


def test_a_delta_is_what_the_contract_says(service: Service) -> None:
    delta = service.start().step(2)
    assert set(delta) == {"session", "version", "lineage", "step", "steps_taken", "runs"}
    (run,) = delta["runs"]
    assert set(run) == {
        "name",
        "status",
        "advice",
        "step",
        "epoch",
        "loss",
        "test_loss",
        "batch_loss",
        "gradient_norm",
        "learning_rate",
        "evaluations",
        "parameters",
        "trajectory",
    }
    path = run["trajectory"]
    points = ["loss", "gradient_norm", "x", "y", "off_plane", "slice_loss", "cost", "samples"]
    assert list(path) == ["stride", "step", *points]
    assert path["loss"][-1] == path["slice_loss"][-1] == run["loss"]
    assert path["gradient_norm"][-1] == run["gradient_norm"]
    assert [path["x"][-1], path["y"][-1]] == run["parameters"]
    assert path["off_plane"] == [0.0, 0.0]
    shown = handle_of(service, delta).get()["runs"]
    assert [{name: value for name, value in run.items() if name != "trajectory"}] == shown


def test_a_retry_with_its_cursor_never_steps_twice(service: Service) -> None:
    session = service.start()
    first = session.step(10, from_step=0)
    again = session.step(10, from_step=0)
    assert (first["steps_taken"], again["steps_taken"]) == (10, 0)
    assert {**again, "steps_taken": 10} == first
    more = session.step(15, from_step=0)
    assert (more["step"], more["steps_taken"], steps_of(more)) == (15, 5, [list(range(1, 16))])
    past = session.step(3, from_step=4)
    assert (past["step"], past["steps_taken"], steps_of(past)) == (15, 0, [list(range(5, 16))])


def test_no_step_leaves_the_version_alone(service: Service) -> None:
    session = service.start()
    version = session.step(5)["version"]
    assert session.step(5, from_step=0)["version"] == version == session.get()["version"]


def test_a_cursor_ahead_of_the_session_is_stale(service: Service) -> None:
    session = service.start()
    session.step(5)
    body = {"steps": 1, "from_step": 6}
    assert session.refused("POST", "/step", 409, json=body)["type"] == "urn:descent:stale-cursor"


@pytest.mark.parametrize("change", ["reset", "rewind", "restart", "add", "remove"])
def test_a_cursor_of_an_older_lineage_is_stale(service: Service, change: str) -> None:
    session = service.start(runs=[{}, {}])
    session.step(5)
    session.step(1, from_step=5, lineage=0)
    changes: dict[str, Callable[[], Json]] = {
        "reset": lambda: session.post("/reset"),
        "rewind": lambda: session.post("/rewind", {"step": 3}),
        "restart": lambda: session.patch({"seed": 4}),
        "add": lambda: session.post("/runs", {}),
        "remove": lambda: service.call("DELETE", f"{session.path}/runs/run 1").json(),
    }
    lineage = changes[change]()["lineage"]
    assert lineage == 1
    now = session.get()["step"]
    assert session.refused("POST", "/step", 409, json={"from_step": now, "lineage": 0})["status"] == 409
    assert session.refused("POST", "/step", 409, json={"lineage": 2})["status"] == 409
    assert session.step(1, from_step=now, lineage=1)["steps_taken"] == 1


def test_a_change_of_settings_keeps_the_lineage(service: Service) -> None:
    session = service.start()
    session.step(5)
    assert session.patch({"runs": [{"name": "run 1", "optimizer": {"learning_rate": 0.2}}]})["lineage"] == 0
    assert session.step(5, from_step=5, lineage=0)["steps_taken"] == 5


@pytest.mark.parametrize("body", [{"steps": 2.0}, {"steps": True}, {"steps": "2"}, {"steps": 0}, {"steps": 10_001}])
def test_steps_is_an_integer_from_one_to_ten_thousand(service: Service, body: Json) -> None:
    assert service.start().refused("POST", "/step", json=body)["errors"][0]["where"] == "steps"


def test_an_object_is_required(service: Service) -> None:
    session = service.start()
    assert session.refused("POST", "/step", 415)["type"] == "urn:descent:not-json"
    for body in ("[]", "null", "1", '"{}"'):
        reply = session.refused("POST", "/step", content=body, headers={"content-type": "application/json"})
        assert reply["errors"][0]["problem"].startswith("must be an object")


def test_ten_thousand_steps_are_the_most_unless_set_lower(service: Service, new_service: Any) -> None:
    session = new_service(Settings(call_budget_milliseconds=60_000)).start(problem={"dataset": {"samples": 5}})
    assert session.step(10_000)["steps_taken"] == 10_000
    low = new_service(Settings(max_steps_per_call=10)).start()
    assert low.step(10)["steps_taken"] == 10
    assert low.refused("POST", "/step", json={"steps": 11})["errors"][0]["problem"] == "must be at most 10, got 11"


@pytest.mark.parametrize("until", [{"loss": 0.5}, {"gradient_norm": 0.05}, {"loss": 0.26, "gradient_norm": 0.5}])
def test_a_call_stops_at_the_first_point_that_reaches_its_goal(service: Service, until: Json) -> None:
    session, free = service.start(), service.start()
    free.step(300)
    path = free.get("/trajectory")["runs"][0]["trajectory"]
    reaches = np.zeros(301, dtype=bool)
    for name, value in until.items():
        reaches |= np.array(path[name]) <= value
    first = int(reaches.argmax())
    assert 5 < first < 300
    assert session.step(300, until=until)["step"] == first
    assert session.get("/trajectory")["runs"][0]["trajectory"]["loss"] == path["loss"][: first + 1]
    version = session.get()["version"]
    again = session.step(300, until=until)
    assert (again["steps_taken"], again["version"]) == (0, version)


def test_in_a_race_the_first_run_that_reaches_the_goal_stops_all(service: Service) -> None:
    runs = [{"optimizer": {"learning_rate": rate}} for rate in (0.02, 0.2, 0.05)]
    session = service.start(runs=runs)
    delta = session.step(1000, until={"loss": 0.3})
    assert [run["step"] for run in delta["runs"]] == [delta["step"]] * 3
    reached = [run["loss"] <= 0.3 for run in delta["runs"]]
    assert reached == [False, True, False]
    before = session.get(step=delta["step"] - 1)["runs"]
    assert all(run["loss"] > 0.3 for run in before)
    straight = service.start(runs=runs)
    straight.step(delta["step"])
    assert straight.get()["runs"] == session.get()["runs"]


def test_a_goal_that_no_run_reaches_stops_nothing(service: Service) -> None:
    assert service.start().step(50, until={"loss": 0.0, "gradient_norm": None})["steps_taken"] == 50
    assert service.start().step(50, until={})["steps_taken"] == 50


def test_converged_is_a_remark_and_stops_nothing(service: Service) -> None:
    session = service.start(runs=[{"optimizer": {"learning_rate": 0.2}}])
    start = session.get()["runs"][0]["gradient_norm"]
    delta = session.step(2000)
    (run,) = delta["runs"]
    assert (delta["steps_taken"], run["status"]) == (2000, "converged")
    path = session.get("/trajectory")["runs"][0]["trajectory"]
    small = [norm <= 1e-10 * max(1.0, start) for norm in path["gradient_norm"]]
    first = small.index(True)
    for step in (first - 1, first):
        assert session.get(step=step)["runs"][0]["status"] == ("converged" if small[step] else "running")


def test_a_diverged_run_stands_at_its_last_finite_point(service: Service) -> None:
    session = service.start(**WILD)
    at_start = session.get()["runs"][0]["loss"]
    delta = session.step(500)
    (run,) = delta["runs"]
    assert run["status"] == "diverged"
    assert delta["steps_taken"] == run["step"] < 500
    assert run["loss"] <= 1e12 * max(1.0, at_start)
    assert run["advice"]["text"]
    assert set(run["advice"]) == {"code", "text", "values", "suggest"}
    ratio = run["trajectory"]["loss"][-1] / run["trajectory"]["loss"][-2]
    assert run["loss"] * ratio > 1e12 * max(1.0, at_start)
    again = session.step(10)
    assert (again["steps_taken"], again["version"], steps_of(again)) == (0, delta["version"], [[]])
    assert session.get(step=run["step"] - 1)["runs"][0]["status"] == "running"


def test_what_is_advised_holds(service: Service) -> None:
    session = service.start(**WILD)
    suggest = session.step(500)["runs"][0]["advice"]["suggest"]
    session.post("/rewind", {"step": suggest["rewind"]})
    session.patch({"runs": [{"name": "wild", "optimizer": {"learning_rate": suggest["learning_rate"]}}]})
    (run,) = session.step(200)["runs"]
    assert run["status"] != "diverged"
    assert run["loss"] < session.get(step=0)["runs"][0]["loss"]


def test_while_one_run_stands_the_others_go_on(service: Service) -> None:
    session = service.start(runs=[*WILD["runs"], {"name": "calm"}])
    delta = session.step(300)
    wild, calm = delta["runs"]
    assert (wild["status"], calm["status"]) == ("diverged", "converged")
    assert (delta["step"], delta["steps_taken"], calm["step"]) == (300, 300, 300)
    assert wild["step"] < 50
    alone = service.start(**WILD)
    alone.step(300)
    assert wild["parameters"] == alone.get()["runs"][0]["parameters"]


def test_a_run_that_diverges_step_by_step_says_so(service: Service) -> None:
    session, straight = service.start(**WILD), service.start(**WILD)
    last = straight.step(500)["step"]
    for _ in range(last):
        assert session.step(1)["steps_taken"] == 1
    assert session.get()["runs"][0]["status"] == "running"
    assert session.step(1)["steps_taken"] == 0
    assert session.get()["runs"] == straight.get()["runs"]
    service.restart()
    assert session.get()["runs"] == straight.get()["runs"]


def test_numbers_that_overflow_in_a_single_step_never_leave_the_server(service: Service) -> None:
    session = service.start(start={"values": {"w": 1e150, "b": 0}}, runs=[{"optimizer": {"learning_rate": 100.0}}])
    (run,) = session.step(10)["runs"]
    assert run["status"] == "diverged"
    assert np.isfinite([run["loss"], run["gradient_norm"], *run["parameters"]]).all()
    session.get("/surface")
    session.get("/predictions")


@pytest.mark.parametrize("most", [2, 3, 10, 50, 99, 100, 101, 5000])
def test_at_most_so_many_points_come_back_the_newest_among_them(service: Service, most: int) -> None:
    session = service.start()
    for delta in (session.step(100, max_points=most), session.step(100, from_step=50, max_points=most)):
        path = delta["runs"][0]["trajectory"]
        assert len(path["step"]) <= most
        assert path["step"][-1] == delta["step"]
        regular = path["step"][:-1]
        assert all(step % path["stride"] == 0 for step in regular)
        assert set(np.diff(regular)) <= {path["stride"]}
        assert len(path["step"]) == most or most > 50 or 2 * len(path["step"]) + 2 >= most


def test_the_answer_can_be_had_on_a_plane_that_was_asked_for_before(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    plane = session.get("/surface", x="b2", y="W1[1,0]", resolution=2)["plane"]["id"]
    run = session.step(5, plane=plane)["runs"][0]
    values = session.get("/parameters")["values"]
    assert (run["trajectory"]["x"][-1], run["trajectory"]["y"][-1]) == (values["b2"], values["W1"][1][0])
    body = {"plane": "0" * 24}
    assert session.refused("POST", "/step", 404, json=body)["type"] == "urn:descent:unknown-plane"


def handle_of(service: Service, delta: Json) -> Handle:
    return Handle(service, delta["session"])


def test_more_than_sixty_four_parameters_are_not_listed(service: Service) -> None:
    for hidden, listed in ((21, True), (22, False)):  # 3k + 1 parameters
        session = service.start("two_layer_sigmoid", problem={"hidden": hidden})
        run = session.step(1)["runs"][0]
        assert ("parameters" in run) == ("parameters" in session.get()["runs"][0]) == listed
        values = session.get("/parameters")["values"]
        assert [np.shape(value) for value in values.values()] == [(hidden, 1), (hidden, 1), (1, hidden), ()]


def test_the_learning_rate_shown_is_that_of_the_next_step(service: Service) -> None:
    schedule = {"kind": "step", "factor": 0.5, "every": 3}
    session = service.start(runs=[{"schedule": schedule, "optimizer": {"learning_rate": 0.1}}])
    shown = [session.get()["runs"][0]["learning_rate"]] + [session.step()["runs"][0]["learning_rate"] for _ in range(7)]
    assert shown == [0.1 * 0.5 ** (step // 3) for step in range(8)]
