"""The path as spectators poll it: what is new, on which plane, and nothing where nothing is."""

from typing import Any

import numpy as np
import pytest

from tests.service import Handle, Json, Service, parsed


def path(session: Handle, run: int = 0, **query: Any) -> Json:
    found: Json = session.get("/trajectory", **query)["runs"][run]["trajectory"]
    return found


def test_without_a_cursor_it_is_the_whole_path(service: Service) -> None:
    session = service.start(runs=[{}, {"batch_size": 7}])
    session.step(20)
    delta = session.get("/trajectory")
    assert [run["trajectory"]["step"] for run in delta["runs"]] == [list(range(21))] * 2
    assert (delta["steps_taken"], delta["step"], delta["version"]) == (0, 20, session.get()["version"])
    views = [{name: value for name, value in run.items() if name != "trajectory"} for run in delta["runs"]]
    assert views == session.get()["runs"]


@pytest.mark.parametrize(("since", "steps"), [(0, range(1, 21)), (12, range(13, 21)), (20, range(0)), (99, range(0))])
def test_after_a_cursor_it_is_what_came_since(service: Service, since: int, steps: range) -> None:
    session = service.start()
    session.step(20)
    assert path(session, since=since, lineage=0)["step"] == list(steps)
    whole = path(session)
    assert path(session, since=since)["loss"] == whole["loss"][21 - len(steps) :]


def test_a_cursor_of_an_older_lineage_gets_the_whole_path(service: Service) -> None:
    session = service.start()
    session.step(20)
    session.post("/rewind", {"step": 15})
    assert path(session, since=12, lineage=0)["step"] == list(range(16))
    assert path(session, since=12, lineage=1)["step"] == [13, 14, 15]
    assert session.get("/trajectory", since=12, lineage=0)["lineage"] == 1


def test_of_an_earlier_step_it_is_what_there_was_then(service: Service) -> None:
    session = service.start(runs=[{"batch_size": 7}])
    session.step(20)
    then = session.get("/trajectory")
    session.step(20)
    assert session.get("/trajectory", step=20)["runs"] == then["runs"]
    assert session.get("/trajectory", step=20, since=18)["step"] == 20
    assert path(session, step=20, since=18)["step"] == [19, 20]
    assert session.refused("GET", "/trajectory", params={"step": 41})["errors"][0]["where"] == "step"


@pytest.mark.parametrize("most", [2, 3, 7, 64, 1000])
@pytest.mark.parametrize("since", [None, 0, 37])
def test_points_are_thinned_to_what_was_asked_for(service: Service, most: int, since: int | None) -> None:
    session = service.start()
    session.step(500)
    whole = path(session)
    query = {"max_points": most} | ({} if since is None else {"since": since})
    thinned = path(session, **query)
    assert len(thinned["step"]) <= most
    assert thinned["step"][-1] == 500
    first = 0 if since is None else since + 1
    assert thinned["step"][:-1] == [step for step in range(first, 500) if step % thinned["stride"] == 0]
    for name in ("loss", "gradient_norm", "x", "y"):
        assert thinned[name] == [whole[name][step] for step in thinned["step"]]


def test_coordinates_are_values_of_the_parameters_of_the_plane(service: Service) -> None:
    session = service.start("two_layer_linear", runs=[{}, {"optimizer": {"kind": "momentum"}}])
    session.step(30)
    plane = session.get("/surface", x="w2[1]", y="W1[0,1]", center="start", resolution=2)["plane"]
    assert (plane["x_label"], plane["y_label"]) == ("w2[1]", "W1[0,1]")
    for index, name in enumerate(("run 1", "run 2")):
        shown = path(session, index, plane=plane["id"])
        for step in (0, 13, 30):
            values = session.get("/parameters", step=step, run=name)["values"]
            assert (shown["x"][step], shown["y"][step]) == (values["w2"][0][1], values["W1"][0][1])


def flat(parameters: Json) -> Any:
    return np.concatenate([np.ravel(value) for value in parameters["values"].values()])


def test_the_distance_from_the_plane_and_the_loss_beneath_are_true(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    session.step(40)
    start = flat(session.get("/parameters", step=0))
    shown = path(session)
    for step in (0, 7, 40):
        theta = flat(session.get("/parameters", step=step))
        off = theta - start
        off[:2] = 0.0
        assert shown["off_plane"][step] == pytest.approx(np.linalg.norm(off), rel=1e-12, abs=1e-15)
        beneath = start.copy()
        beneath[:2] = theta[:2]
        values = {"W1": beneath[:4, None].tolist(), "b1": beneath[4:8, None].tolist()}
        values |= {"w2": beneath[None, 8:12].tolist(), "b2": float(beneath[12])}
        there = service.start("two_layer_sigmoid", start={"kind": "values", "values": values})
        assert shown["slice_loss"][step] == pytest.approx(there.get()["runs"][0]["loss"], rel=1e-12)
    assert shown["slice_loss"][0] == shown["loss"][0]
    assert shown["slice_loss"][40] != shown["loss"][40]


def test_where_parameters_were_thinned_away_there_is_null(service: Service) -> None:
    problem = {"hidden": 700, "dataset": {"samples": 5}}
    session = service.start("two_layer_sigmoid", problem=problem, runs=[{"optimizer": {"learning_rate": 1e-4}}])
    session.step(300)
    shown = path(session)
    assert shown["step"] == list(range(301))
    assert None not in shown["loss"]
    for name in ("x", "y", "off_plane", "slice_loss"):
        kept = [step for step, value in enumerate(shown[name]) if value is not None]
        assert kept[0] == 0
        assert kept[-1] == 300
        assert set(np.diff(kept[:-1])) == {8}
    values = [session.get("/parameters", step=step)["values"]["W1"] for step in (0, 8)]
    assert [shown["x"][0], shown["x"][8]] == [value[0][0] for value in values]


def test_a_line_fit_has_one_plane_whatever_the_center(service: Service) -> None:
    session = service.start()
    session.step(5)
    ids = {session.get("/surface", center=center, resolution=2)["plane"]["id"] for center in ("current", "start")}
    ids |= {session.get("/surface", center="optimum", resolution=2, step=2)["plane"]["id"]}
    assert len(ids) == 1
    assert path(session, plane=ids.pop()) == path(session)


def test_an_unknown_plane_is_not_found(service: Service) -> None:
    session, other = service.start("two_layer_sigmoid"), service.start("two_layer_sigmoid", seed=1)
    plane = other.get("/surface", resolution=2)["plane"]["id"]
    for wrong in ("x", plane):
        problem = session.refused("GET", "/trajectory", 404, params={"plane": wrong})
        assert problem["type"] == "urn:descent:unknown-plane"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"since": "-1"}, "since"),
        ({"since": "1.0"}, "since"),
        ({"since": "x"}, "since"),
        ({"since": ""}, "since"),
        ({"since": str(10**30)}, "since"),
        ({"lineage": "true"}, "lineage"),
        ({"max_points": "1"}, "max_points"),
        ({"max_points": "10001"}, "max_points"),
        ({"plane": "x" * 41}, "plane"),
        ({"steps": "3"}, "steps"),
        ({"run": "run 1"}, "run"),
    ],
)
def test_a_wrong_query_is_refused(service: Service, query: Json, where: str) -> None:
    assert service.start().refused("GET", "/trajectory", params=query)["errors"][0]["where"] == where


def poll(session: Handle, tag: str | None = None, **query: Any) -> Any:
    headers = {"If-None-Match": tag} if tag else {}
    return session.service.call("GET", f"{session.path}/trajectory", params=query, headers=headers)


def test_what_has_not_changed_is_not_sent_again(service: Service) -> None:
    session = service.start()
    session.step(5)
    reply = poll(session, since=2)
    tag = reply.headers["etag"]
    assert reply.headers["cache-control"] == "private, no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = poll(session, known, since=2)
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["cache-control"]) == (tag, "private, no-cache")
        assert "content-length" not in again.headers
    assert poll(session, '"other"', since=2).status_code == 200
    service.restart()
    assert poll(session, tag, since=2).status_code == 304
    session.step(5, from_step=0)
    assert poll(session, tag, since=2).status_code == 304


@pytest.mark.parametrize(
    "change", ["step", "event", "reset", "rewind", "fork", "rename", "query", "view id", "diverge"]
)
def test_each_change_brings_a_new_tag(service: Service, change: str) -> None:
    session = service.start(runs=[{"optimizer": {"learning_rate": 3.0}}])
    last = service.start(runs=[{"optimizer": {"learning_rate": 3.0}}]).step(500)["step"]
    session.step(last)
    reply, query = poll(session), {}
    match change:
        case "step":
            session.post("/rewind", {"step": 3})
            session.step(1)
        case "event":
            session.patch({"runs": [{"name": "run 1", "batch_size": 5}]})
        case "reset":
            session.post("/reset")
        case "rewind":
            session.post("/rewind", {"step": last})
        case "fork":
            session.post("/runs", {"fork": {"run": "run 1", "step": 5}})
        case "rename":
            session.patch({"runs": [{"name": "run 1", "rename": "wild"}]})
        case "query":
            query = {"since": 3}
        case "view id":
            session = Handle(service, session.get()["view_id"])
        case "diverge":
            assert session.step(1)["steps_taken"] == 0
    again = poll(session, reply.headers["etag"], **query)
    assert again.status_code == 200
    assert again.headers["etag"] != reply.headers["etag"]
    assert parsed(again) != parsed(reply)


def test_each_point_says_what_it_took_to_come_there(service: Service) -> None:
    runs = [{"optimizer": {"kind": "backtracking"}}, {"gradient": "forward_difference"}, {"batch_size": 7}]
    session = service.start(runs=runs)
    stepwise = [session.step(1)["runs"] for _ in range(20)]
    for index, run in enumerate(session.get("/trajectory")["runs"]):
        spent = [told[index]["evaluations"] for told in stepwise]
        assert run["trajectory"]["cost"] == [0, *(each["loss"] + 2 * each["gradient"] for each in spent)]
        assert run["trajectory"]["samples"] == [0, *(each["samples"] for each in spent)]
