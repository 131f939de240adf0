"""The application as it is put together."""

import asyncio

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api.route import StrictRoute
from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.asgi import call


class WatchedStore(MemoryStore):
    closed = False

    async def close(self) -> None:
        self.closed = True


def run(app: FastAPI) -> object:
    async def once() -> object:
        async with app.router.lifespan_context(app):
            return app.state.store

    return asyncio.run(once())


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(), MemoryStore())


def test_a_store_that_is_handed_in_is_used_and_stays_open() -> None:
    store = WatchedStore()
    assert run(create_app(Settings(), store)) is store
    assert not store.closed


def test_a_store_of_its_own_is_closed_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    store = WatchedStore()
    monkeypatch.setattr("app.main.open_store", lambda url: store)
    assert run(create_app(Settings())) is store
    assert store.closed


def test_static_files_are_compressed_once_it_has_run(app: FastAPI) -> None:
    run(app)
    html = call(app, "GET", "/docs").body.decode()
    link = next(part for part in html.split('"') if part.endswith("swagger-ui-bundle.js"))
    reply = call(app, "GET", link, headers={"Accept-Encoding": "gzip, br"})
    assert reply.headers["content-encoding"] == "br"
    assert len(reply.body) < 500_000


def test_every_route_of_the_api_is_strict(app: FastAPI) -> None:
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    assert routes
    assert [route.path for route in routes if not isinstance(route, StrictRoute)] == []


def test_every_route_of_the_api_is_described_with_an_id_of_its_own_and_a_summary(app: FastAPI) -> None:
    operations = [operation for path in app.openapi()["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)


def test_every_reference_in_the_description_leads_somewhere(app: FastAPI) -> None:
    document = app.openapi()
    text = call(app, "GET", "/api/v1/openapi.json").body.decode()
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert "ProblemDetails" in named
    assert named <= set(document["components"]["schemas"])


def test_under_a_prefix_the_description_names_it_as_server() -> None:
    app = create_app(Settings(root_path="/descent"), MemoryStore())
    assert call(app, "GET", "/descent/api/v1/openapi.json").json["servers"] == [{"url": "/descent"}]
    assert "servers" not in call(create_app(Settings(), MemoryStore()), "GET", "/api/v1/openapi.json").json
