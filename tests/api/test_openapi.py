"""The description of the API: what it says is so."""

import asyncio
from typing import Any

import pytest

from app.api.examples import ID, REQUESTS, VIEW_ID, answers
from tests.service import API, Handle, Json, Service, parsed


@pytest.fixture(scope="module")
def document(service: Service) -> Json:
    found: Json = parsed(service.call("GET", f"{API}/openapi.json"))
    return found


def operations(document: Json) -> dict[str, tuple[str, str, Json]]:
    """Path, method and description of every operation by its id."""
    return {
        operation["operationId"]: (path, method.upper(), operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_has_an_id_of_its_own_a_summary_and_an_answer(document: Json) -> None:
    described = [one for methods in document["paths"].values() for one in methods.values()]
    assert len(operations(document)) == len(described)
    for operation in described:
        assert operation["summary"]
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert len(success) == 1
        answer = operation["responses"][success[0]]
        assert success == ["204"] or answer["content"]["application/json"]["schema"]


def test_every_call_about_a_session_is_linked_from_its_creation(service: Service, document: Json) -> None:
    links = operations(document)["create"][2]["responses"]["201"]["links"]
    session = service.start(runs=[{"name": "a"}, {"name": "b"}])
    session.step(3)
    view = session.get()
    followed = set()
    for name, link in links.items():
        path, method, _ = operations(document)[link["operationId"]]
        for parameter, expression in link["parameters"].items():
            value: Any = view
            for key in expression.removeprefix("$response.body#/").split("/"):
                value = value[int(key)] if key.isdecimal() else value[key]
            path = path.replace(f"{{{parameter}}}", str(value))
        assert "{" not in path, name
        if method == "GET":
            assert service.call(method, path).status_code == 200, name
        followed.add(link["operationId"])
    paths = {name: path for name, (path, _, _) in operations(document).items()}
    assert followed == {name for name, path in paths.items() if "{session_id}" in path and "{study}" not in path}


def test_every_call_about_a_study_is_linked_from_its_beginning(document: Json) -> None:
    links = operations(document)["begin_study"][2]["responses"]["202"]["links"]
    followed = {link["operationId"] for link in links.values()}
    assert followed == {name for name, (path, _, _) in operations(document).items() if "{study}" in path}
    for link in links.values():
        assert link["parameters"] == {
            "session_id": "$request.path.session_id",
            "study": "$response.body#/id",
        }


def test_a_surface_links_to_the_path_on_its_plane(service: Service, document: Json) -> None:
    surface = operations(document)["surface"][2]["responses"]["200"]
    (link,) = surface["links"].values()
    assert link["parameters"]["plane"] == "$response.body#/plane/id"
    session = service.start("two_layer_linear")
    plane = session.get("/surface", x="b2", y="w2[0]", resolution=2)["plane"]["id"]
    assert session.get("/trajectory", plane=plane)["step"] == 0


@pytest.mark.parametrize("operation", REQUESTS)
def test_every_example_of_a_body_is_accepted(service: Service, document: Json, operation: str) -> None:
    path, method, described = operations(document)[operation]
    examples = described["requestBody"]["content"]["application/json"]["examples"]
    assert len(examples) == len(REQUESTS[operation])
    for example in examples.values():
        session = service.start(**REQUESTS["create"]["with all that belongs to it"])
        session.step(3)
        there = path.replace("{session_id}", session.id)
        steps_back = "from_step" in example["value"]
        if steps_back:
            session.post("/rewind", {"step": 0})
            example["value"]["lineage"] = 1
        reply = service.call(method, there, json=example["value"])
        assert reply.status_code in {200, 201, 202}, reply.text


def told(view: Any) -> Any:
    """Without what differs from one session to the next."""
    differs = ("id", "view_id", "session", "version", "seconds")
    return {name: value for name, value in view.items() if name not in differs}


def test_every_example_of_an_answer_is_what_really_comes_back(service: Service) -> None:
    examples = answers()
    reply = service.call("POST", "/sessions", json=REQUESTS["create"]["with all that belongs to it"])
    session = Handle(service, parsed(reply)["id"])
    came = {"create": parsed(reply), "step": session.step(3)}
    came |= {name: session.get(f"/{name}") for name in ("config", "data", "parameters", "plane")}
    came |= {"view": session.get(), "trajectory": session.get("/trajectory", since=1)}
    came |= {name: session.get(f"/{name}", resolution=3) for name in ("predictions", "surface", "field")}
    came["line"] = session.get("/line", samples=3)
    came["begin_study"] = session.post("/studies", REQUESTS["begin_study"]["a map of basins"])
    while (study := session.get(f"/studies/{came['begin_study']['id']}"))["status"] != "done":
        service.run(asyncio.sleep(0.01))
    came["study"] = study
    came["patch"] = session.patch(REQUESTS["patch"]["a learning rate"])
    came["replace_recipe"] = session.post("/recipe", REQUESTS["replace_recipe"]["the recipe of the beginning"])
    came["add_run"] = session.post("/runs", REQUESTS["add_run"]["a run"])
    came["remove_run"] = parsed(service.call("DELETE", f"{session.path}/runs/careful"))
    came["rewind"] = session.post("/rewind", REQUESTS["rewind"]["two steps back"])
    came["reset"] = session.post("/reset")
    assert set(came) == set(examples)
    for name, example in examples.items():
        assert told(came[name]) == told(example), name
    assert {examples["create"]["id"], examples["step"]["session"]} == {ID}
    assert examples["view"]["view_id"] == VIEW_ID


def test_bodies_say_that_they_hold_no_other_fields(document: Json) -> None:
    schemas = document["components"]["schemas"]
    for name in ("Recipe", "RunRecipe", "StepBody", "Line", "Adam", "ConfigChange", "EventRecipe", "Values"):
        assert schemas[name]["additionalProperties"] is False, name


def test_what_not_exists_yet_is_not_described(service: Service, document: Json) -> None:
    for path, _, _ in operations(document).values():
        there = path.replace("{session_id}", service.start().id).replace("{name}", "run 1")
        assert service.call("PUT", there).status_code == 405, path
