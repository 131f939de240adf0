"""What a request costs a served Descent, over sockets, beside a bare FastAPI endpoint on the same server program.

    python -m tests.benchmarks.service_overhead

The servers take turns with the same client, one request after another; what counts is their processor time, of all
threads and workers. From that of a step its ten steps of gradient descent are taken away.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import uvloop

from app.recipe.recipe import RECIPE
from app.sessions.memory_store import MemoryStore
from app.sessions.sessions import Sessions
from app.settings import Settings
from tests.benchmarks import timing
from tests.load.client import Answer, Client
from tests.load.people import LINE, Session
from tests.load.server import Served, served
from tests.sessions.redis_servers import redis_server

ROUNDS, MANY = 9, 500
STEPS, KNOWN_STEPS, MOST_STEPS = 10, 1000, 5000
BARE_COMMAND = (sys.executable, "-m", "tests.benchmarks.bare")
BARE, SQLITE, WORKERS, REDIS = "bare endpoint", "SQLite", "SQLite, two workers", "Redis"
STEP, DELTA = "ten steps", "delta"
GOALS = {(STEP, SQLITE): 2.2, (STEP, REDIS): 4.5, (DELTA, SQLITE): 1.5, (DELTA, WORKERS): 2.0, (DELTA, REDIS): 3.0}

Ask = Callable[[], Awaitable[Answer]]
Costs = dict[tuple[str, str], float]
"""µs by what is asked and of whom."""


@dataclass
class Candidate:
    """A server, and how it is asked for steps and for what is new."""

    server: Served
    step: Ask
    delta: Ask

    async def cost(self, ask: Ask) -> float:
        """µs of the processor that one request takes."""
        before = self.server.processor_seconds()
        for _ in range(MANY):
            answer = await ask()
            assert answer.status == 200, answer
        return 1e6 * (self.server.processor_seconds() - before) / MANY


def bare(server: Served) -> Candidate:
    client = Client(server.port)
    body = {"steps": STEPS, "from_step": 0, "lineage": 0, "max_points": 300}
    return Candidate(
        server,
        lambda: client.send("POST", "/sessions/x/step", body),
        lambda: client.send("GET", "/sessions/x/trajectory?since=994&lineage=0"),
    )


async def descent(server: Served) -> Candidate:
    """One session is stepped, from its start again where it has gone far; of another the last points are read.

    No two questions are the same, so that no answer is had from memory.
    """
    walks, stands = Session(Client(server.port)), Session(Client(server.port))
    for session in (walks, stands):
        await session.open(LINE)
    await stands.advance(KNOWN_STEPS)
    most = count(300)

    async def step() -> Answer:
        if walks.step >= MOST_STEPS:
            await walks.client.send("POST", f"{walks.path}/reset", {})
            walks.step, walks.lineage = 0, walks.lineage + 1
        return await walks.advance(STEPS)

    def delta() -> Awaitable[Answer]:
        path = f"{stands.path}/trajectory?since={KNOWN_STEPS - 6}&lineage=0&max_points={next(most)}"
        return stands.client.send("GET", path)

    return Candidate(server, step, delta)


async def computing() -> float:
    """µs of the steps themselves, as the session takes them."""
    session = await Sessions(Settings(), MemoryStore()).create(RECIPE.from_value(LINE))
    session.advance(KNOWN_STEPS, float("inf"))
    return timing.microseconds({STEP: timing.once(lambda: session.advance(STEPS, float("inf")))})[STEP]


async def costs(servers: dict[str, Served]) -> Costs:
    """Medians; the servers take turns."""
    candidates = {name: bare(one) if name == BARE else await descent(one) for name, one in servers.items()}
    found: dict[tuple[str, str], list[float]] = {}
    for turn in range(ROUNDS + 1):
        for name, candidate in candidates.items():
            for what, ask in ((STEP, candidate.step), (DELTA, candidate.delta)):
                cost = await candidate.cost(ask)
                if turn:  # the first one warms up
                    found.setdefault((what, name), []).append(cost)
    return {key: median(values) for key, values in found.items()}


def ratios(found: Costs, steps: float) -> Costs:
    """How many times a bare endpoint each costs; `steps` are the µs of the steps themselves."""
    own = {key: cost - steps if key[0] == STEP and key[1] != BARE else cost for key, cost in found.items()}
    return {(what, name): cost / found[what, BARE] for (what, name), cost in own.items()}


def measured() -> tuple[Costs, float]:
    """All costs, and that of the steps themselves."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        log = folder / "log.txt"
        redis, _ = stack.enter_context(redis_server(folder / "redis"))
        servers = {
            BARE: stack.enter_context(served("none", log, BARE_COMMAND)),
            SQLITE: stack.enter_context(served(f"sqlite:///{folder}/one.sqlite3", log)),
            WORKERS: stack.enter_context(served(f"sqlite:///{folder}/two.sqlite3", log, workers=2)),
            REDIS: stack.enter_context(served(f"redis://127.0.0.1:{redis}", log)),
        }
        return uvloop.run(costs(servers)), asyncio.run(computing())


def main() -> None:
    found, steps = measured()
    print(f"{STEP} alone {steps:.1f} µs")
    for key, ratio in ratios(found, steps).items():
        goal = f"(≤ {GOALS[key]})" if key in GOALS else ""
        print(f"{key[0]:12s} {key[1]:22s} {found[key]:8.1f} µs   {ratio:5.2f} × {goal}")


if __name__ == "__main__":
    main()
