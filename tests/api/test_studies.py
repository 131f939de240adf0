"""Long work about a session: what a cell says is what a run started there does; begun, polled, ended."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import catalogue
from app.engine.studies.crowd import STAYS
from app.settings import Settings
from tests.service import Handle, Json, Service, parsed

ENDED = ("done", "cancelled", "failed", "out of time")
HIMMELBLAU: Json = {"kind": "function", "name": "himmelblau"}
CALM: Json = {"kind": "basins", "resolution": 11, "steps": 60}
LONG: Json = {"kind": "basins", "resolution": 101, "steps": 10_000, "tolerance": 1e-8}


def begin(session: Handle, asked: Json) -> str:
    """The path of the study, below /api/v1."""
    reply = session.service.call("POST", session.path + "/studies", json=asked)
    assert reply.status_code == 202, reply.text
    assert parsed(reply)["status"] == "waiting"
    return reply.headers["location"].removeprefix("/api/v1")


def pause(service: Service, seconds: float = 0.02) -> None:
    service.run(asyncio.sleep(seconds))


def finished(service: Service, path: str) -> Json:
    while (seen := service.get(path))["status"] not in ENDED:
        pause(service)
    study: Json = seen
    return study


def study_of(session: Handle, asked: Json) -> Json:
    found = finished(session.service, begin(session, asked))
    assert found["status"] == "done", found["note"]
    return found


CASES: dict[str, Json] = {
    "a function": {"problem": HIMMELBLAU, "runs": [{"optimizer": {"kind": "adam"}}]},
    "a typed function": {
        "problem": {"kind": "expression", "expression": "(x^2 + y - 11)^2 + sin(3*x)"},
        "runs": [{"optimizer": {"kind": "nesterov", "learning_rate": 0.005}, "schedule": {"kind": "cosine"}}],
    },
    "a line": {"problem": {"kind": "univariate_regression"}, "runs": [{"optimizer": {"kind": "momentum"}}]},
    "mini-batches": {
        "problem": {"kind": "two_layer_sigmoid", "hidden": 3},
        "runs": [{"optimizer": {"kind": "adagrad"}, "batch_size": 7}],
    },
    "classes": {
        "problem": {"kind": "network", "hidden": [4], "loss": "binary_cross_entropy", "dataset": {"kind": "moons"}},
        "runs": [{"optimizer": {"kind": "adamw"}}],
    },
    "one by one": {"problem": HIMMELBLAU, "runs": [{"optimizer": {"kind": "bfgs"}}]},
    "by differences": {
        "problem": {"kind": "univariate_regression"},
        "runs": [{"optimizer": {"learning_rate": 0.1}, "gradient": "central_difference"}],
    },
}


def some_cells(study: Json) -> Iterator[tuple[int, int]]:
    rows, columns = len(study["loss"]), len(study["loss"][0])
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    return iter(random.Random(5).sample(cells, 6))


def assert_same(run: Json, result: Json, row: int, column: int) -> None:
    assert (run["status"] == "diverged") == (result["outcome"][row][column] == "diverged")
    assert run["loss"] == pytest.approx(result["loss"][row][column], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_a_cell_of_a_map_is_a_run_that_starts_there(service: Service, name: str) -> None:
    session = service.start(CASES[name]["problem"]["kind"], **CASES[name])
    plane = session.get("/surface", resolution=2)["plane"]
    values = session.get("/parameters")["values"]
    asked = {**CALM, "x_min": -2.0, "x_max": 3.0, "y_min": -1.0, "y_max": 2.0, "plane": plane["id"]}
    result = study_of(session, asked)["result"]
    for row, column in some_cells(result):
        session.post("/reset", {"start": {"kind": "values", "values": values}})
        at = {plane["x_label"]: result["x"][column], plane["y_label"]: result["y"][row]}
        start = {**values, **{key: value for key, value in at.items() if key in values}}
        for address, value in at.items():
            if address not in values:
                start = placed(start, address, value)
        session.post("/reset", {"start": {"kind": "values", "values": start}})
        steps, outcome = result["steps"][row][column], result["outcome"][row][column]
        session.reach(steps + (STAYS - 1 if outcome == "arrived" else 1 if outcome == "diverged" else 0))
        run = session.get()["runs"][0]
        assert_same(run, result, row, column)
        if outcome == "arrived":
            norms = session.get("/trajectory")["runs"][0]["trajectory"]["gradient_norm"]
            assert max(norms[-STAYS:]) <= result["gradient_norm"]


def placed(values: Json, address: str, value: float) -> Json:
    """The values with one scalar, `W1[0,0]` or `w[0]`, changed."""
    name, _, place = address.rstrip("]").partition("[")
    indices = [int(index) for index in place.split(",")]
    rows = [list(row) for row in values[name]]
    row, column = indices if len(indices) == 2 else (0, indices[0]) if len(rows) == 1 else (indices[0], 0)
    rows[row][column] = value
    return {**values, name: rows}


@pytest.mark.parametrize("name", [name for name in CASES if name != "one by one"])
def test_a_cell_of_a_sweep_is_the_run_with_these_constants(service: Service, name: str) -> None:
    session = service.start(CASES[name]["problem"]["kind"], **CASES[name])
    result = study_of(session, {"kind": "sweep", "resolution": 9, "steps": 30})["result"]
    for row, column in some_cells(result):
        constants = {"kind": result["optimizer"], "learning_rate": result["learning_rate"][column]}
        if result["constant"]:
            constants[result["constant"]] = result["momentum"][row]
        session.patch({"runs": [{"name": "run 1", "optimizer": constants}]})
        session.post("/reset")
        session.step(30)
        run = session.get()["runs"][0]
        assert_same(run, result, row, column)
        assert run["step"] == result["steps"][row][column]


def test_the_best_setting_of_a_sweep_is_the_lowest_of_its_losses(service: Service) -> None:
    result = study_of(service.start(), {"kind": "sweep", "resolution": 7, "steps": 40})["result"]
    reached = [
        (loss, rate, momentum)
        for losses, outcomes, momentum in zip(result["loss"], result["outcome"], result["momentum"], strict=True)
        for loss, outcome, rate in zip(losses, outcomes, result["learning_rate"], strict=True)
        if outcome == "on the way"
    ]
    loss, rate, momentum = min(reached)
    assert result["best"] == {"loss": loss, "learning_rate": rate, "momentum": momentum}
    assert result["optimizer"] == "momentum"


def test_the_race_ends_with_the_first_texts_network(service: Service) -> None:
    result = study_of(service.start(), {"kind": "cost_race", "networks": 2})["result"]
    assert [lap["parameters"] for lap in result["laps"]] == [15, 31]
    assert result["extrapolation"]["weights"] == 1_685_667
    assert result["extrapolation"]["ratio"] > 10_000


def test_a_study_follows_what_is_in_force_and_a_later_change_does_not_touch_it(service: Service) -> None:
    session = service.start(problem=HIMMELBLAU, kind="function")
    session.step(3)
    session.patch({"runs": [{"name": "run 1", "optimizer": {"learning_rate": 0.008}}]})
    path = begin(session, {**CALM, "steps": 400})
    session.patch({"problem": {"kind": "univariate_regression"}})
    study = finished(service, path)
    assert study["settings"]["optimizer"]["learning_rate"] == 0.008
    assert study["run"] == "run 1"
    assert [one["known"] for one in study["result"]["minima"]] == ["global"] * 4


def test_names_of_a_plane_or_its_id_say_the_same(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    plane = session.get("/surface", resolution=2, x="W1[0,0]", y="b2", center="start")["plane"]["id"]
    window = {"x_min": -1.0, "x_max": 1.0, "y_min": -1.0, "y_max": 1.0}
    by_id = study_of(session, {**CALM, **window, "plane": plane})["result"]
    by_name = study_of(session, {**CALM, **window, "x": "W1[0,0]", "y": "b2"})["result"]
    assert by_id == by_name
    assert by_name["plane"]["id"] == plane
    session.get("/surface", resolution=2, plane=plane)


def test_what_is_known_grows_and_is_not_sent_twice(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    path = begin(session, {**LONG, "steps": 300})
    progress, etags, known = [0.0], set(), 0
    while (reply := service.call("GET", path)) and parsed(reply)["status"] not in ENDED:
        seen = parsed(reply)
        progress.append(seen["progress"])
        etags.add(reply.headers["etag"])
        if seen["result"]:
            now = sum(outcome is not None for row in seen["result"]["outcome"] for outcome in row)
            assert now >= known
            known = now
        again = service.call("GET", path, headers={"If-None-Match": reply.headers["etag"]})
        assert again.status_code in {304, 200}
        if known and known < 101 * 101:
            break
        pause(service, 0.05)
    assert 0 < known < 101 * 101
    assert progress == sorted(progress)
    assert service.call("DELETE", path).status_code == 204


def test_an_answer_that_is_known_is_not_sent_again(service: Service) -> None:
    session = service.start(problem=HIMMELBLAU, kind="function")
    path = begin(session, CALM)
    finished(service, path)
    reply = service.call("GET", path)
    again = service.call("GET", path, headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_to_end_it_keeps_what_is_known_and_to_end_it_again_forgets_it(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    path = begin(session, LONG)
    while service.get(path)["status"] == "waiting":
        pause(service)
    assert service.call("DELETE", path).status_code == 204
    assert service.get(path)["status"] == "cancelled"
    for _ in range(100):
        if (seen := service.get(path))["result"] is not None:
            break
        pause(service)
    assert seen["result"]["outcome"]
    assert "Ended early" in seen["note"]
    assert not service.sessions.studies.at_work
    assert service.call("DELETE", path).status_code == 204
    assert service.refused("GET", path, 404)["type"] == "urn:descent:unknown-study"
    assert service.refused("DELETE", path, 404)["type"] == "urn:descent:unknown-study"
    assert session.get("/studies") == {"studies": []}


def test_a_study_ends_when_its_time_is_over_and_says_so(new_service: Any) -> None:
    service = new_service(Settings(study_seconds=0.1))
    session = service.start("two_layer_sigmoid")
    study = finished(service, begin(session, LONG))
    assert study["status"] == "out of time"
    assert 0.1 <= study["seconds"] < 2.0
    assert "time is over" in study["note"]
    assert 0.0 < study["progress"] < 1.0


def test_it_is_seen_but_neither_begun_nor_ended_with_a_view_id(service: Service) -> None:
    session = service.start(problem=HIMMELBLAU, kind="function")
    path = begin(session, CALM)
    study = finished(service, path)
    spectator = f"/sessions/{session.get()['view_id']}"
    there = spectator + path.removeprefix(session.path)
    assert service.get(there) == study
    assert service.get(spectator + "/studies")["studies"] == session.get("/studies")["studies"]
    assert service.refused("POST", spectator + "/studies", 403, json=CALM)["type"] == "urn:descent:view-only"
    assert service.refused("DELETE", there, 403)["type"] == "urn:descent:view-only"


def test_two_are_under_way_at_most_and_the_oldest_ended_ones_make_room(new_service: Any) -> None:
    service = new_service(Settings(max_studies_per_session=3))
    session = service.start(problem=HIMMELBLAU, kind="function")
    paths = [begin(session, LONG), begin(session, LONG)]
    reply = service.call("POST", session.path + "/studies", json=CALM)
    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) > 0
    assert "2 studies" in parsed(reply)["detail"]
    for path in paths:
        service.call("DELETE", path)
    later = [begin(session, CALM) for _ in range(2) if finished(service, paths[0])]
    kept = [one["id"] for one in session.get("/studies")["studies"]]
    assert kept == [path.rpartition("/")[2] for path in (paths[1], *later)]


def test_all_sessions_together_keep_a_bounded_number(new_service: Any) -> None:
    service = new_service(Settings(max_studies=2))
    sessions = [service.start(problem=HIMMELBLAU, kind="function") for _ in range(3)]
    for session in sessions[:2]:
        study_of(session, CALM)
    problem = service.refused("POST", sessions[2].path + "/studies", 429, json=CALM)
    assert "as many studies" in problem["detail"]


def test_studies_go_with_their_session(service: Service) -> None:
    session = service.start(problem=HIMMELBLAU, kind="function")
    path = begin(session, LONG)
    pause(service, 0.1)
    service.call("DELETE", session.path)
    assert service.refused("GET", path, 404)["type"] == "urn:descent:unknown-session"
    pause(service, 0.3)
    assert not service.sessions.studies.at_work


def test_it_is_found_after_a_restart(new_service: Any) -> None:
    service = new_service()
    session = service.start(problem=HIMMELBLAU, kind="function")
    path = begin(session, CALM)
    study = finished(service, path)
    service.restart()
    assert service.get(path) == study


def test_one_whose_process_ended_has_failed(new_service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.study_records.LEASE_SECONDS", 0.2)
    service = new_service()
    session = service.start(problem=HIMMELBLAU, kind="function")
    path = begin(session, LONG)
    service.restart()
    pause(service, 0.3)
    study = service.get(path)
    assert study["status"] == "failed"
    assert "Begin it again" in study["note"]
    assert [one["status"] for one in session.get("/studies")["studies"]] == ["failed"]
    begin(session, CALM)
    begin(session, CALM)


WRONG: list[tuple[Json, str, str]] = [
    ({}, "kind", "is missing"),
    ({"kind": "basin"}, "kind", "did you mean basins"),
    ({"kind": "basins", "resolution": 102}, "resolution", "at most 101"),
    ({"kind": "basins", "steps": 2.0}, "steps", "whole number"),
    ({"kind": "basins", "steps": True}, "steps", "whole number"),
    ({"kind": "basins", "step": 3}, "step", "steps"),
    ({"kind": "basins", "run": "nobody"}, "run", "run 1"),
    ({"kind": "basins", "x": "w", "y": "w"}, "y", "another parameter"),
    ({"kind": "basins", "x": "W9"}, "x", "no parameter"),
    ({"kind": "basins", "x_min": 1.0}, "x_max", "window"),
    ({"kind": "basins", "x_min": 1.0, "x_max": 1.0, "y_min": 0.0, "y_max": 1.0}, "x_max", "above 1.0"),
    ({"kind": "basins", "tolerance": 0.0}, "tolerance", "at least"),
    ({"kind": "sweep", "learning_rate_min": 1.0, "learning_rate_max": 0.5}, "learning_rate_max", "above 1.0"),
    ({"kind": "sweep", "learning_rate_max": 101.0}, "learning_rate_max", "at most 100"),
    ({"kind": "sweep", "momentum_max": 1.0}, "momentum_max", "below 1"),
    ({"kind": "sweep", "momentum_min": 0.5, "momentum_max": 0.2}, "momentum_max", "above 0.5"),
    ({"kind": "cost_race", "networks": 9}, "networks", "at most 8"),
]


@pytest.mark.parametrize(("asked", "where", "words"), WRONG)
def test_what_cannot_be_studied_is_refused_with_the_place(
    service: Service, asked: Json, where: str, words: str
) -> None:
    session = service.start()
    problem = session.refused("POST", "/studies", json=asked)
    assert problem["errors"][0]["where"] == where
    assert words in problem["errors"][0]["problem"]
    assert session.get("/studies") == {"studies": []}


@pytest.mark.parametrize("kind", ["newton", "bfgs", "random_search", "nelder_mead", "conjugate_gradient"])
def test_a_method_without_a_learning_rate_cannot_be_swept(service: Service, kind: str) -> None:
    session = service.start(runs=[{"optimizer": {"kind": kind}}])
    problem = session.refused("POST", "/studies", json={"kind": "sweep"})
    assert problem["errors"] == [
        {"where": "run", "problem": f"has the optimizer {kind}, which has no learning rate to sweep"}
    ]


ENTRIES = catalogue(Settings())
RECIPES = [entry["recipe"] for family in ("problems", "functions") for entry in ENTRIES[family]]
KINDS = [entry["kind"] for entry in ENTRIES["optimizers"]]
OF_BASINS = st.fixed_dictionaries(
    {"kind": st.just("basins"), "resolution": st.integers(3, 9), "steps": st.integers(1, 30)},
    optional={"tolerance": st.floats(1e-8, 0.1)},
)
OF_SWEEP = st.fixed_dictionaries(
    {"kind": st.just("sweep"), "resolution": st.integers(3, 9), "steps": st.integers(1, 30)},
    optional={
        "learning_rate_min": st.floats(1e-300, 100),
        "learning_rate_max": st.floats(1e-300, 100),
        "momentum_max": st.floats(0, 1, exclude_max=True),
    },
)


@given(st.sampled_from(RECIPES), st.sampled_from(KINDS), st.sampled_from([None, 3]), st.one_of(OF_BASINS, OF_SWEEP))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_study_of_any_recipe_ends_with_numbers_or_is_refused(
    new_service: Any, recipe: Json, kind: str, batch_size: int | None, asked: Json
) -> None:
    service = new_service(Settings(study_seconds=0.3))
    runs = [{"optimizer": {"kind": kind}, "batch_size": batch_size}]
    made = service.call("POST", "/sessions", json={**recipe, "runs": runs})
    if made.status_code == 422:
        return  # a method that takes no mini-batches, or not so many parameters
    session = Handle(service, parsed(made)["id"])
    reply = service.call("POST", session.path + "/studies", json=asked)
    assert reply.status_code in {202, 422}
    if reply.status_code == 202:
        study = finished(service, reply.headers["location"].removeprefix("/api/v1"))
        assert study["status"] in {"done", "out of time"}
        for outcomes, losses in zip(study["result"]["outcome"], study["result"]["loss"], strict=True):
            for outcome, loss in zip(outcomes, losses, strict=True):
                assert (loss is None) == (outcome in {None, "undefined"})
