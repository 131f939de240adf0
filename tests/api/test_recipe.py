"""Another recipe for a session that runs: earlier ones above all, to undo what came since."""

from typing import Any

import pytest

from tests.service import Handle, Json, Service

RUNS: list[Json] = [
    {"name": "plain GD", "optimizer": {"learning_rate": 0.1}},
    {"name": "heavy ball", "optimizer": {"kind": "momentum", "learning_rate": 0.02}, "batch_size": 10},
]
SLOWER: Json = {"runs": [{"name": "plain GD", "optimizer": {"learning_rate": 0.05}}]}


def stepped(service: Service, steps: int = 25) -> Handle:
    session = service.start(runs=RUNS)
    session.step(steps)
    return session


def fresh(service: Service, recipe: Json, steps: int) -> Handle:
    session = Handle(service, service.call("POST", "/sessions", json=recipe).json()["id"])
    if steps:
        session.step(steps)
    return session


def numbers(session: Handle) -> Any:
    return session.get("/trajectory")["runs"]


@pytest.mark.parametrize(
    ("method", "call", "body", "common"),
    [
        ("PATCH", "/config", SLOWER, 25),
        ("PATCH", "/config", {"at_step": 11, **SLOWER}, 11),
        ("PATCH", "/config", {"runs": [{"name": "heavy ball", "parameters": {"w": 1.5}}]}, 25),
        ("PATCH", "/config", {"problem": {"dataset": {"samples": 20}}}, 0),
        ("PATCH", "/config", {"start": {"kind": "zeros"}}, 0),
        ("PATCH", "/config", {"seed": 5}, 0),
        ("PATCH", "/config", {"runs": [{"name": "heavy ball", "rename": "rolling"}]}, 30),
        ("POST", "/reset", {"start": {"kind": "zeros"}}, 0),
        ("POST", "/runs", {"fork": {"run": "plain GD", "step": 5}, "optimizer": {"learning_rate": 0.2}}, 30),
        ("DELETE", "/runs/heavy ball", None, 30),
    ],
)
def test_the_recipe_before_a_change_undoes_it_and_that_after_it_does_it_again(
    service: Service, method: str, call: str, body: Any, common: int
) -> None:
    session = stepped(service)
    before = session.get()["recipe"]
    service.call(method, session.path + call, json=body) if body is not None else service.call(
        method, session.path + call
    )
    session.step(30 - session.get()["step"])
    after, there = session.get()["recipe"], numbers(session)
    view = session.post("/recipe", before)
    assert (view["recipe"], view["step"], view["id"]) == (before, common, session.id)
    session.step(40 - common)
    assert numbers(session) == numbers(fresh(service, before, 40))
    session.post("/recipe", after)
    now = session.get()["step"]
    if now < 30:
        session.step(30 - now)
    session.post("/rewind", {"step": 30})
    assert numbers(session) == there == numbers(fresh(service, after, 30))


def test_the_same_recipe_changes_nothing(service: Service) -> None:
    session = stepped(service)
    before = session.everything()
    session.post("/recipe", session.get()["recipe"])
    assert session.everything() == before


def test_a_run_that_diverged_before_the_recipes_differ_stays_so(service: Service) -> None:
    session = service.start(runs=[{"name": "wild", "optimizer": {"learning_rate": 5.0}}, RUNS[0]])
    session.step(60)
    before = session.get()
    session.patch(SLOWER)
    view = session.post("/recipe", before["recipe"])
    assert view["runs"][0] == before["runs"][0]
    assert view["runs"][0]["status"] == "diverged"


def test_an_event_at_the_step_where_a_run_diverged_lets_it_try_again(service: Service) -> None:
    session = service.start(runs=[{"name": "wild", "optimizer": {"learning_rate": 5.0}}])
    session.step(60)
    recipe = session.get()["recipe"]
    at = session.get()["step"]
    session.patch({"runs": [{"name": "wild", "optimizer": {"learning_rate": 0.05}}]})
    session.step(5)
    view = session.post("/recipe", recipe)
    assert (view["step"], view["runs"][0]["status"]) == (at, "running")
    session.step(1)
    assert session.get()["runs"][0]["status"] == "diverged"


def test_more_runs_than_allowed_are_refused(service: Service) -> None:
    session = stepped(service)
    recipe = session.get()["recipe"]
    recipe["runs"] = [{"optimizer": {"learning_rate": 0.1}}] * (service.settings.max_runs + 1)
    session.refused("POST", "/recipe", 422, json=recipe)


def test_another_recipe_goes_on_to_a_step_in_the_same_call(service: Service) -> None:
    session = stepped(service)
    recipe = session.get()["recipe"]
    recipe["problem"]["dataset"] = {"kind": "inline", "X": [[0.0, 1.0, 2.0]], "y": [0.0, 1.0, 3.0]}
    reply = service.call("POST", f"{session.path}/recipe", params={"step": 25}, json=recipe)
    assert (reply.status_code, reply.json()["step"]) == (200, 25)
    assert numbers(session) == numbers(fresh(service, recipe, 25))
    assert service.refused("POST", f"{session.path}/recipe", params={"step": -1}, json=recipe)["errors"]


def test_a_step_far_away_is_gone_towards_as_far_as_one_call_goes(service: Service) -> None:
    session = stepped(service)
    recipe = session.get()["recipe"] | {"seed": 3}
    reply = service.call("POST", f"{session.path}/recipe", params={"step": 10**9}, json=recipe)
    assert 0 < reply.json()["step"] <= 10_000
