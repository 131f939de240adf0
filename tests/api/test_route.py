"""Signatures as FastAPI describes them, read strictly."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Body, FastAPI, Query
from starlette.responses import Response

from app.api.route import StrictRoute
from tests.asgi import call

JSON = {"Content-Type": "application/json"}


def test_path_query_and_dependencies_reach_the_endpoint(app: FastAPI) -> None:
    reply = call(app, "GET", "/t/things/known?since=120&run=plain%20GD")
    assert reply.json == {"word": "GET KNOWN", "since": 120, "run": "plain GD"}


def test_a_dependency_speaks_before_the_query_is_read(app: FastAPI) -> None:
    assert call(app, "GET", "/t/things/other?since=x").type == "unknown-session"


@pytest.mark.parametrize(
    "path", ["/t/things/known?sinc=1", "/t/things/known?since=1&since=2", "/healthz?x", "/healthz?x=1"]
)
def test_query_parameters_that_are_not_asked_for_are_refused(app: FastAPI, path: str) -> None:
    reply = call(app, "GET", path)
    assert (reply.status, reply.type) == (422, "bad-input")


def test_a_delete_takes_no_query_either(app: FastAPI) -> None:
    assert call(app, "DELETE", "/t/things/known").status == 204
    assert call(app, "DELETE", "/t/things/known?force=true").type == "bad-input"


def test_a_body_is_read_strictly(app: FastAPI) -> None:
    assert call(app, "POST", "/t/things", headers=JSON, body=b'{"dataset": {"samples": 7}}').json == {"samples": 7}
    reply = call(app, "POST", "/t/things", headers=JSON, body=b'{"dataset": {"samples": 7.0}}')
    assert reply.json["errors"] == [{"where": "dataset.samples", "problem": "must be a whole number, got 7.0"}]


@pytest.mark.parametrize(
    ("headers", "body", "answer"),
    [
        ({}, b"", "nothing"),
        (JSON, b'{"since": 5}', 5),
        (JSON, b"null", "nothing"),
        (JSON, b"{}", None),
    ],
)
def test_a_body_with_a_default_may_be_missing(
    app: FastAPI, headers: dict[str, str], body: bytes, answer: object
) -> None:
    assert call(app, "POST", "/t/optional", headers=headers, body=body).json == answer


def test_a_body_without_a_content_type_is_no_missing_one(app: FastAPI) -> None:
    assert call(app, "POST", "/t/optional", body=b'{"since": 5}').status in {413, 415}


def test_a_query_of_loose_parameters_is_refused_when_the_route_is_made() -> None:
    async def endpoint(a: Annotated[int, Query()], b: Annotated[int, Query()]) -> Response:
        return Response()

    with pytest.raises(TypeError, match="as one model"):
        APIRouter(route_class=StrictRoute).add_api_route("/", endpoint)


def test_bounds_of_a_body_that_its_type_does_not_know_are_refused_when_the_route_is_made() -> None:
    async def endpoint(names: Annotated[list[str], Body(max_length=3)]) -> Response:
        return Response()

    with pytest.raises(TypeError, match="the bounds of names belong to its type"):
        APIRouter(route_class=StrictRoute).add_api_route("/", endpoint, methods=["POST"])


def test_the_description_has_summary_parameters_bounds_and_every_status(app: FastAPI) -> None:
    described = app.openapi()["paths"]
    get = described["/t/things/{id}"]["get"]
    assert (get["operationId"], get["summary"]) == ("thing", "A thing")
    assert get["description"] == "With all there is to say about it."
    assert [parameter["name"] for parameter in get["parameters"]] == ["id", "since", "run"]
    assert set(get["responses"]) == {"200", "401", "404", "421", "422", "429", "500", "503"}
    post = described["/t/things"]["post"]
    assert set(post["responses"]) == {"200", "400", "401", "409", "413", "415", "421", "422", "429", "500", "503"}
    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Sample"}


def test_every_problem_is_described_with_its_schema_and_an_example_that_fits_it(app: FastAPI) -> None:
    document = app.openapi()
    schema = document["components"]["schemas"]["ProblemDetails"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) < 400:
                    continue
                content = response["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/ProblemDetails"}
                for name, example in content["examples"].items():
                    assert example["value"]["type"] == f"urn:descent:{name}"
                    assert str(example["value"]["status"]) == status
                    assert set(schema["required"]) <= set(example["value"]) <= set(schema["properties"])
                    assert "{" not in example["value"]["detail"].replace("{}", "")
