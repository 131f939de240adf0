"""Sessions are made from recipes: what has to stand in one, what need not, and what is refused."""

from typing import Any

import pytest

from app.settings import Settings
from tests.service import API, Handle, Json, Service, parsed

LINE: Json = {"kind": "univariate_regression"}


def errors(problem: Json) -> list[tuple[str, str]]:
    assert problem["type"] == "urn:descent:bad-input"
    return [(error["where"], error["problem"]) for error in problem["errors"]]


def refused(service: Service, recipe: Any) -> list[tuple[str, str]]:
    return errors(service.refused("POST", "/sessions", json=recipe))


def problems(service: Service) -> list[Json]:
    """Every problem of the catalogue, with its recipe."""
    catalogue = service.get("/catalogue")
    return [entry["recipe"] for entry in (*catalogue["problems"], *catalogue["functions"])]


def test_a_session_is_created_where_its_location_says(service: Service) -> None:
    reply = service.call("POST", "/sessions", json={"problem": LINE})
    view = parsed(reply)
    assert (reply.status_code, reply.headers["location"]) == (201, f"{API}/sessions/{view['id']}")
    assert parsed(service.call("GET", reply.headers["location"])) == view
    assert set(view) == {"id", "view_id", "version", "lineage", "step", "recipe", "parameters", "runs", "digest"}
    assert (view["lineage"], view["step"]) == (0, 0)


def test_behind_a_proxy_the_location_has_its_prefix(new_service: Any) -> None:
    reply = new_service(Settings(root_path="/descent")).call("POST", "/sessions", json={"problem": LINE})
    assert reply.headers["location"] == f"/descent{API}/sessions/{parsed(reply)['id']}"


def test_a_kind_of_problem_is_all_a_recipe_needs(service: Service) -> None:
    for recipe in problems(service):
        asked = {name: recipe["problem"][name] for name in ("kind", "name") if name in recipe["problem"]}
        session = service.start(problem=asked)
        assert session.get()["recipe"] == recipe
        session.step(5)
        (run,) = session.get()["runs"]
        assert (run["status"], run["step"]) == ("running", 5)
        assert run["loss"] < session.get(step=0)["runs"][0]["loss"]


def test_every_recipe_of_the_catalogue_can_be_sent_back(service: Service) -> None:
    for recipe in problems(service):
        assert service.start(**recipe).get()["recipe"] == recipe


def test_a_nested_kind_that_is_left_out_is_the_default_one(service: Service) -> None:
    runs = [{"optimizer": {"learning_rate": 0.25}, "schedule": {}}]
    session = service.start(problem={"dataset": {"samples": 7}}, start={"values": {"w": 1, "b": 2}}, runs=runs)
    recipe = session.get()["recipe"]
    assert recipe["problem"]["dataset"]["kind"] == "line"
    assert recipe["start"] == {"kind": "values", "values": {"w": 1.0, "b": 2.0}}
    assert recipe["runs"][0]["optimizer"] == {"kind": "gradient_descent", "learning_rate": 0.25}
    assert recipe["runs"][0]["schedule"] == {"kind": "constant"}
    assert len(session.get("/data")["X"][0]) == 7


def test_runs_without_a_name_are_numbered(service: Service) -> None:
    session = service.start(runs=[{}, {"name": "run 3"}, {}, {"name": "plain GD"}, {}])
    names = [run["name"] for run in session.get()["runs"]]
    assert names == ["run 1", "run 3", "run 4", "plain GD", "run 5"]
    assert [run["name"] for run in session.get()["recipe"]["runs"]] == names


@pytest.mark.parametrize("name", ["x", "x" * 40, "größer — η = ½", "a/b?c#d%20"])
def test_a_name_is_one_to_forty_printable_characters(service: Service, name: str) -> None:
    assert service.start(runs=[{"name": name}]).get()["runs"][0]["name"] == name


@pytest.mark.parametrize("name", ["", "x" * 41, "two\nlines", "nul\u0000", "\u200b", 5, ["x"]])
def test_other_names_are_refused(service: Service, name: Any) -> None:
    ((where, _),) = refused(service, {"problem": LINE, "runs": [{}, {"name": name}]})
    assert where == "runs[1].name"


def test_two_runs_of_one_name_are_refused(service: Service) -> None:
    runs = [{"name": "a"}, {"name": "b"}, {"name": "a"}]
    assert refused(service, {"problem": LINE, "runs": runs}) == [("runs[2].name", "another run is called a already")]


@pytest.mark.parametrize(
    ("recipe", "where", "nearest"),
    [
        ({"problm": LINE, "problem": LINE}, "problm", "problem"),
        ({"problem": {**LINE, "datset": {}}}, "problem.datset", "dataset"),
        ({"problem": {**LINE, "dataset": {"smaples": 5}}}, "problem.dataset.smaples", "samples"),
        ({"problem": LINE, "start": {"kind": "normal", "scal": 1}}, "start.scal", "scale"),
        ({"problem": LINE, "runs": [{"optimiser": {}}]}, "runs[0].optimiser", "optimizer"),
        ({"problem": LINE, "runs": [{}, {"optimizer": {"eta": 1}}]}, "runs[1].optimizer.eta", None),
        ({"problem": LINE, "runs": [{"schedule": {"kind": "step", "facto": 1}}]}, "runs[0].schedule.facto", "factor"),
        ({"problem": LINE, "runs": [{"events": [{"att": 1, "at": 1, "set": {}}]}]}, "runs[0].events[0].att", "at"),
        (
            {"problem": LINE, "runs": [{"events": [{"at": 1, "set": {"batchsize": 4}}]}]},
            "runs[0].events[0].set.batchsize",
            "batch_size",
        ),
        (
            {"problem": LINE, "runs": [{"events": [{"at": 1, "set": {"optimizer": {"learning_rat": 4}}}]}]},
            "runs[0].events[0].set.optimizer.learning_rat",
            "learning_rate",
        ),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest_known_one(
    service: Service, recipe: Json, where: str, nearest: str | None
) -> None:
    ((at, said),) = refused(service, recipe)
    assert at == where
    assert said.endswith(f"did you mean {nearest}?") if nearest else "known are kind, learning_rate" in said


@pytest.mark.parametrize(
    ("recipe", "where"),
    [
        ({}, "problem"),
        ({"problem": {}}, "problem.kind"),
        ({"problem": {"kind": "univariate"}}, "problem.kind"),
        ({"problem": LINE, "format": 2}, "format"),
        ({"problem": LINE, "seed": -1}, "seed"),
        ({"problem": LINE, "seed": 2**31}, "seed"),
        ({"problem": LINE, "seed": 1.0}, "seed"),
        ({"problem": LINE, "seed": 10**30}, "seed"),
        ({"problem": LINE, "runs": []}, "runs"),
        ({"problem": LINE, "runs": None}, "runs"),
        ({"problem": LINE, "runs": [None]}, "runs[0]"),
        ({"problem": LINE, "runs": [{"batch_size": 0}]}, "runs[0].batch_size"),
        ({"problem": LINE, "runs": [{"batch_size": 2.0}]}, "runs[0].batch_size"),
        ({"problem": LINE, "runs": [{"gradient": "symbolic"}]}, "runs[0].gradient"),
        ({"problem": LINE, "runs": [{"optimizer": {"learning_rate": 0}}]}, "runs[0].optimizer.learning_rate"),
        ({"problem": LINE, "runs": [{"optimizer": {"learning_rate": 101}}]}, "runs[0].optimizer.learning_rate"),
        ({"problem": LINE, "runs": [{"optimizer": {"learning_rate": "0.1"}}]}, "runs[0].optimizer.learning_rate"),
        ({"problem": LINE, "runs": [{"optimizer": {"learning_rate": True}}]}, "runs[0].optimizer.learning_rate"),
        ({"problem": LINE, "runs": [{"optimizer": {"learning_rate": None}}]}, "runs[0].optimizer.learning_rate"),
        ({"problem": LINE, "runs": [{"optimizer": {"kind": "momentum", "momentum": 1}}]}, "runs[0].optimizer.momentum"),
        ({"problem": LINE, "runs": [{"events": [{"set": {"batch_size": 4}}]}]}, "runs[0].events[0].at"),
        ({"problem": LINE, "runs": [{"events": [{"at": -1, "set": {"batch_size": 4}}]}]}, "runs[0].events[0].at"),
        ({"problem": LINE, "runs": [{"events": [{"at": 1, "set": {}}]}]}, "runs[0].events[0].set"),
        ({"problem": LINE, "runs": [{"events": [{"at": 1, "set": 4}]}]}, "runs[0].events[0].set"),
        ({"problem": LINE, "start": {"values": {"w": 1}}}, "start.values.b"),
        ({"problem": LINE, "start": {"values": {"w": 1, "b": 2, "c": 3}}}, "start.values.c"),
        ({"problem": LINE, "start": {"values": {"w": [1, 2], "b": 2}}}, "start.values.w"),
        ({"problem": LINE, "start": {"values": {"w": "1", "b": 2}}}, "start.values.w"),
        ({"problem": LINE, "start": {"values": {"w": 1e308, "b": 2}}}, "start"),
        ({"problem": LINE, "start": {"kind": "constant", "value": 1001}}, "start.value"),
        ({"problem": LINE, "start": {"kind": "here"}}, "start.kind"),
        ({"problem": LINE, "runs": [{}, {"start": {"values": {"w": 1}}}]}, "runs[1].start.values.b"),
        ({"problem": LINE, "runs": [{}, {"start": {"values": {"w": 1e308, "b": 1}}}]}, "runs[1].start"),
        ({"problem": {**LINE, "dataset": {"kind": "plane"}}}, "problem.dataset"),
        ({"problem": {**LINE, "dataset": {"kind": "line", "samples": 100_001}}}, "problem.dataset.samples"),
        ({"problem": {**LINE, "dataset": {"test_fraction": 0.91}}}, "problem.dataset.test_fraction"),
        ({"problem": {**LINE, "dataset": {"standardize": 1}}}, "problem.dataset.standardize"),
        ({"problem": {**LINE, "dataset": {"kind": "uploaded"}}}, "problem.dataset.id"),
        ({"problem": {**LINE, "dataset": {"kind": "uploaded", "id": "A" * 22}}}, "problem.dataset.id"),
        ({"problem": {"kind": "two_layer_linear", "hidden": 0}}, "problem.hidden"),
        ({"problem": {"kind": "two_layer_linear", "hidden": 1001}}, "problem.hidden"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said_where_it_stands(service: Service, recipe: Json, where: str) -> None:
    ((at, _),) = refused(service, recipe)
    assert at == where


def test_at_most_five_errors_are_told(service: Service) -> None:
    runs = [{"optimizer": {"learning_rate": 1000}} for _ in range(8)]
    told = refused(service, {"problem": LINE, "runs": runs})
    assert told == [(f"runs[{i}].optimizer.learning_rate", "must be at most 100, got 1000") for i in range(5)]


@pytest.mark.parametrize(
    ("settings", "recipe", "where"),
    [
        (Settings(), {"problem": LINE, "runs": [{}] * 9}, "runs"),
        (Settings(max_runs=2), {"problem": LINE, "runs": [{}] * 3}, "runs"),
        (Settings(max_examples=10), {"problem": {**LINE, "dataset": {"samples": 11}}}, "problem"),
        (Settings(max_parameters=12), {"problem": {"kind": "two_layer_sigmoid"}}, "problem"),
        (Settings(max_features=1), {"problem": {"kind": "multivariate_regression"}}, "problem"),
        (Settings(max_step_work=99), {"problem": LINE}, "problem"),
        (
            Settings(max_events_per_run=1),
            {"problem": LINE, "runs": [{"events": [{"at": at, "set": {"batch_size": 3}} for at in (1, 2)]}]},
            "runs[0].events",
        ),
        (
            Settings(max_step_work=600),
            {"problem": {"kind": "two_layer_sigmoid"}, "runs": [{}, {"gradient": "central_difference"}]},
            "runs[1].gradient",
        ),
    ],
)
def test_limits_are_those_of_the_settings_and_said_in_words(
    new_service: Any, settings: Settings, recipe: Json, where: str
) -> None:
    ((at, said),) = refused(new_service(settings), recipe)
    assert at == where
    assert "at most" in said


def test_eight_runs_race_by_default(service: Service) -> None:
    session = service.start(runs=[{}] * 8)
    assert [run["step"] for run in session.step(3)["runs"]] == [3] * 8


def test_a_run_may_have_a_start_of_its_own(service: Service) -> None:
    own = {"kind": "values", "values": {"w": 5.0, "b": -5.0}}
    session = service.start(start={"kind": "zeros"}, runs=[{}, {"start": own}])
    assert [run["parameters"] for run in session.get()["runs"]] == [[0.0, 0.0], [5.0, -5.0]]
    assert "start" not in session.get()["recipe"]["runs"][0]
    assert session.get()["recipe"]["runs"][1]["start"] == own


def test_sessions_of_one_recipe_are_apart(service: Service) -> None:
    one, other = service.start(), service.start()
    one.step(10)
    assert (one.get()["step"], other.get()["step"]) == (10, 0)
    assert len({one.id, other.id, one.get()["view_id"], other.get()["view_id"]}) == 4


def test_a_deleted_session_is_gone(service: Service) -> None:
    session = service.start()
    view_id = session.get()["view_id"]
    reply = service.call("DELETE", session.path)
    assert (reply.status_code, reply.content) == (204, b"")
    for id_ in (session.id, view_id):
        for method in ("GET", "DELETE"):
            assert service.refused(method, f"/sessions/{id_}", 404)["type"] == "urn:descent:unknown-session"


@pytest.mark.parametrize("id_", ["x", "0" * 22, "%F0%9F%98%80", "..%2f..%2fetc", "x" * 5000, "%00"])
def test_an_id_that_never_was_is_unknown_everywhere(service: Service, id_: str) -> None:
    unknown = Handle(service, id_)
    for method, call in [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/step"),
        ("POST", "/reset"),
        ("PATCH", "/config"),
        ("GET", "/trajectory"),
        ("GET", "/surface"),
        ("DELETE", "/runs/x"),
    ]:
        body: Json | None = {} if method in ("POST", "PATCH") else None
        assert service.refused(method, unknown.path + call, 404, json=body)["status"] == 404
