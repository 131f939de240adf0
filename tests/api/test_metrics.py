"""`/metrics`, beside what clients have done."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from app import __version__
from app.errors import StoreUnavailable
from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.asgi import call
from tests.service import Service

STEP = "/api/v1/sessions/{session_id}/step"


class UncountableStore(MemoryStore):
    async def count(self, kind: str) -> int:
        raise StoreUnavailable


def collected(app: FastAPI) -> dict[str, dict[tuple[str, ...], float]]:
    """Values by name, and by the values of the labels."""
    reply = call(app, "GET", "/metrics")
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(reply.body.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_it_tells_what_clients_have_done_and_names_none_of_them(new_service: Callable[..., Service]) -> None:
    service = new_service(Settings())
    first, second = service.start(), service.start()
    first.step(30)
    second.step(12)
    second.get("/trajectory")
    service.call("GET", "/sessions/nobody")
    found = collected(service.app)
    assert found["descent_steps_total"][()] == 42
    assert found["descent_sessions_started_total"][()] == 2
    assert found["descent_sessions_live"][()] == 2
    assert found["descent_sessions_stored"][()] == 2
    assert found["descent_pool_threads"][("computing",)] >= 1
    assert found["descent_pool_threads"][("drawing",)] == 1
    assert found["descent_build_info"][(__version__,)] == 1
    assert found["descent_http_requests_total"][("POST", STEP, "200")] == 2
    assert found["descent_http_requests_total"][("GET", "/api/v1/sessions/{session_id}", "404")] == 1
    assert found["descent_http_request_duration_seconds_count"][("POST", STEP)] == 2
    assert found["descent_store_call_duration_seconds_count"][("save",)] == 4
    text = call(service.app, "GET", "/metrics").body.decode()
    for secret in (first.id, second.id, first.get()["view_id"], "nobody"):
        assert secret not in text


def test_every_route_is_known_to_it(new_service: Callable[..., Service]) -> None:
    service = new_service(Settings())
    for path in ("/", "/docs", "/healthz", "/readyz", "/metrics", "/api/v1/catalogue", "/api/v1/openapi.json"):
        for method in ("GET", "HEAD"):
            call(service.app, method, path)
    requests = collected(service.app)["descent_http_requests_total"]
    assert not any(route == "unmatched" for _, route, _ in requests)


def test_without_its_store_it_still_tells_the_rest(new_service: Callable[..., Service]) -> None:
    found = collected(new_service(Settings(), UncountableStore()).app)
    assert "descent_sessions_stored" not in found
    assert "descent_steps_total" in found


def test_a_store_that_fails_is_counted(new_service: Callable[..., Service]) -> None:
    class FailingStore(MemoryStore):
        async def touch(self, kind: str, id_: str) -> int | None:
            raise StoreUnavailable

    service = new_service(Settings(), FailingStore())
    with pytest.raises(AssertionError):  # the service's own check: a 503 is expected here alone
        service.call("GET", f"/sessions/{'x' * 22}")
    found = collected(service.app)
    assert found["descent_store_failures_total"][("touch",)] == 1
    assert found["descent_http_requests_total"][("GET", "/api/v1/sessions/{session_id}", "503")] == 1


def test_it_is_absent_where_a_setting_says_so() -> None:
    app = create_app(Settings(metrics=False), MemoryStore())
    assert call(app, "GET", "/metrics").type == "not-found"
