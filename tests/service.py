"""The whole application in this process, called as a client would; every reply is held to what holds for all."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import httpx

from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.sessions.sessions import Sessions
from app.sessions.store import Store
from app.settings import Settings

Json = dict[str, Any]
T = TypeVar("T")
API = "/api/v1"


def _no_such_number(token: str) -> NoReturn:
    raise AssertionError(f"{token} is no JSON")


def parsed(reply: httpx.Response) -> Any:
    """The body as JSON, in which NaN and infinity are no numbers."""
    return json.loads(reply.content, parse_constant=_no_such_number)


def check(reply: httpx.Response) -> None:
    """Never a 500, never NaN; problems are short; answers are cached only where they have an ETag."""
    assert reply.status_code < 500, reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert len(reply.content) <= 4096
        assert reply.headers["cache-control"] == "no-store"
        if reply.request.method != "HEAD":
            assert parsed(reply)["status"] == reply.status_code
    elif reply.content:
        assert reply.headers["content-type"] == "application/json"
        parsed(reply)
    if "/sessions" in reply.request.url.path:
        assert reply.headers["cache-control"] == ("private, no-cache" if "etag" in reply.headers else "no-store")


class Service:
    """With settings and a store of its own; close it to free its event loop."""

    def __init__(self, settings: Settings | None = None, store: Store | None = None) -> None:
        self.settings = settings or Settings(call_budget_milliseconds=60_000)  # on a busy machine 100 ms are soon over
        self.app = create_app(self.settings)
        self.app.state.store = store or MemoryStore()
        self.sessions = self.app.state.sessions = Sessions(self.settings, self.app.state.store, self.app.state.metrics)
        transport = httpx.ASGITransport(app=self.app)
        self._loop = asyncio.new_event_loop()
        self.client = httpx.AsyncClient(transport=transport, base_url="http://localhost")

    def close(self) -> None:
        self.run(self.sessions.studies.stop())
        self.run(self.client.aclose())
        self.sessions.close()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def call(self, method: str, path: str, **details: Any) -> httpx.Response:
        """A reply of whatever status; `path` is below /api/v1 unless it is a whole one."""
        return self.run(self.send(method, path, **details))

    async def send(self, method: str, path: str, **details: Any) -> httpx.Response:
        url = path if path.startswith(("/api/", "/healthz", "/readyz")) else API + path
        reply = await self.client.request(method, url, **details)
        check(reply)
        return reply

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET that has to succeed."""
        reply = self.call("GET", path, params=query)
        assert reply.status_code == 200, reply.text
        return parsed(reply)

    def start(
        self, kind: str = "univariate_regression", *, problem: Mapping[str, Any] | None = None, **recipe: Any
    ) -> "Handle":
        """A session of a recipe; `problem` may say more than its kind."""
        reply = self.call("POST", "/sessions", json={"problem": {"kind": kind, **(problem or {})}, **recipe})
        assert reply.status_code == 201, reply.text
        return Handle(self, parsed(reply)["id"])

    def refused(self, method: str, path: str, status: int = 422, **details: Any) -> Json:
        """The problem that a request is answered with."""
        reply = self.call(method, path, **details)
        assert reply.status_code == status, reply.text
        problem: Json = parsed(reply)
        return problem

    def restart(self) -> None:
        """As after the end of the process, or with another worker: nothing is left but the store."""
        self.sessions.close()
        self.sessions = self.app.state.sessions = Sessions(self.settings, self.app.state.store, self.app.state.metrics)


@dataclass(frozen=True)
class Handle:
    """A session, by its id."""

    service: Service
    id: str

    @property
    def path(self) -> str:
        return f"/sessions/{self.id}"

    def get(self, call: str = "", **query: Any) -> Any:
        return self.service.get(self.path + call, **query)

    def post(self, call: str, body: Mapping[str, Any] | None = None) -> Json:
        return self._changed("POST", call, body)

    def patch(self, change: Mapping[str, Any]) -> Json:
        return self._changed("PATCH", "/config", change)

    def step(self, steps: int = 1, **more: Any) -> Json:
        return self.post("/step", {"steps": steps, **more})

    def reach(self, goal: int) -> None:
        """Step on to `goal`, in as many calls as their time budgets ask for."""
        while (now := self.get()["step"]) < goal:
            self.step(min(goal - now, 10_000), from_step=now)

    def refused(self, method: str, call: str, status: int = 422, **details: Any) -> Json:
        """The problem a request is answered with; it leaves the session as it was."""
        before = self.everything()
        problem = self.service.refused(method, self.path + call, status, **details)
        assert self.everything() == before
        return problem

    def everything(self) -> tuple[Any, ...]:
        """All that can be seen of the session."""
        return self.get(), self.get("/config"), self.get("/trajectory")

    def _changed(self, method: str, call: str, body: Mapping[str, Any] | None) -> Json:
        reply = self.service.call(method, self.path + call, json={} if body is None else body)
        assert reply.status_code in {200, 201, 202}, reply.text
        document: Json = parsed(reply)
        return document
