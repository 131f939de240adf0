"""What calls cost the server in CPU time, beside a bare FastAPI endpoint in the same run.

    python -m tests.benchmarks.service_cost

Requests go straight to the application, without HTTP parser and sockets, which cost both sides the same.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from fastapi import FastAPI
from starlette.types import Message

from app.api.caching import RecentAnswers
from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.sessions.sessions import Sessions
from app.settings import Settings
from tests.benchmarks import bare

STEPS = 1000
ROUNDS, MANY = 21, 100
NETWORK = {"kind": "two_layer_sigmoid", "hidden": 4, "dataset": {"kind": "surface", "samples": 100}}
LINE = {"kind": "univariate_regression"}
WIDE_LINE = {"kind": "univariate_regression", "dataset": {"samples": 100_000}}
HEADERS = [(b"host", b"localhost"), (b"content-type", b"application/json")]


@dataclass(frozen=True)
class Server:
    """An application in this process; `version` is an If-None-Match to send along."""

    app: FastAPI

    async def __call__(self, method: str, path: str, body: Any = None, version: bytes = b"") -> tuple[Message, bytes]:
        path, _, query = path.partition("?")
        headers = [*HEADERS, (b"if-none-match", version)] if version else HEADERS
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": path,
        }
        scope |= {"raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers}
        sent: list[Message] = []
        content = b"" if body is None else json.dumps(body).encode()

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        assert sent[0]["status"] < 400, sent
        return sent[0], sent[1].get("body", b"")

    async def start(self, problem: Any, rate: float) -> str:
        """A session, by its path."""
        runs = [{"optimizer": {"learning_rate": rate}}]
        _, body = await self("POST", "/api/v1/sessions", {"problem": problem, "runs": runs})
        return f"/api/v1/sessions/{json.loads(body)['id']}"


def descent() -> Server:
    settings = Settings(call_budget_milliseconds=60_000)
    app = create_app(settings)
    app.state.store = MemoryStore()
    app.state.sessions = Sessions(settings, app.state.store)
    return Server(app)


Call = Callable[[], Awaitable[object]]


async def microseconds(call: Call, before: Call | None = None, many: int = MANY) -> float:
    """The median CPU time of one call, threads of the pool included; `before` each round is not counted."""
    times = []
    for _ in range(ROUNDS):
        if before:
            await before()
        await call()
        begin = process_time()
        for _ in range(many):
            await call()
        times.append((process_time() - begin) / many)
    return 1e6 * median(times)


async def step_cost() -> float:
    """µs a step of 1,000 in one call: recording and answer included."""
    server = descent()
    session = await server.start(NETWORK, 0.05)
    times = []
    for _ in range(ROUNDS):
        await server("POST", f"{session}/reset", {})
        begin = process_time()
        await server("POST", f"{session}/step", {"steps": STEPS})
        times.append(process_time() - begin)
    return 1e6 * median(times) / STEPS


async def surface_cost(problem: Any) -> float:
    """µs of a 61×61 surface."""
    server = descent()
    session = await server.start(problem, 0.05)
    return await microseconds(lambda: server("GET", f"{session}/surface?resolution=61"), many=10)


async def poll_costs() -> dict[str, float]:
    """µs of a trajectory poll by what it is answered with, and of the bare endpoint."""
    server, simple = descent(), Server(bare.app)
    costs = {"bare endpoint": await microseconds(lambda: simple("GET", "/sessions/x/trajectory?since=994&lineage=0"))}
    for name, problem, rate in (("line", LINE, 0.1), ("2-4-1", NETWORK, 0.05)):
        session = await server.start(problem, rate)
        await server("POST", f"{session}/step", {"steps": STEPS})
        path = f"{session}/trajectory?since={STEPS - 6}&lineage=0"
        start, _ = await server("GET", path)
        version = dict(start["headers"])[b"etag"]

        async def known(path: str = path, version: bytes = version) -> None:
            await server("GET", path, version=version)

        async def asked(path: str = path) -> None:
            await server("GET", path)

        async def alone(path: str = path) -> None:
            server.app.state.recent_answers = RecentAnswers()
            await server("GET", path)

        costs[f"{name}: not modified"] = await microseconds(known)
        costs[f"{name}: six points, as many ask"] = await microseconds(asked)
        costs[f"{name}: six points, asked for by one"] = await microseconds(alone)
    return costs


async def report() -> None:
    print(f"a step of 2-4-1, m=100, {STEPS} in a call     {await step_cost():8.1f} µs")
    for name, problem in (("50", LINE), ("100,000", WIDE_LINE)):
        print(f"a 61×61 surface of a line fit, m={name:8s} {await surface_cost(problem):8.0f} µs")
    costs = await poll_costs()
    for name, cost in costs.items():
        print(f"poll, {name:38s} {cost:8.1f} µs   {cost / costs['bare endpoint']:5.2f} ×")


if __name__ == "__main__":
    asyncio.run(report())
