"""What a class does to a server, and what a server keeps: each scenario starts its own and gives rows of figures."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.load.figures import Goal, Row, watched
from tests.load.people import LINE, NETWORK, People, Session
from tests.load.server import Served, served

WARM_UP_SECONDS = 4.0
STUDENTS = 300
WATCHED = 10
OTHERS = 100
MILLISECOND_STEPS = 100  # of 2-4-1, in one call
GREEDY = {
    "problem": {"kind": "two_layer_sigmoid", "hidden": 32, "dataset": {"kind": "surface", "samples": 2000}},
    "runs": [{"optimizer": {"learning_rate": 0.001}}],
}
GREEDY_SECONDS = 0.05  # of computing that each call is worth
MEMORY_SESSIONS, LIVE_SESSIONS, LINE_STEPS = 10_000, 850, 1000

PLAYING, SPECTATORS, BESIDE = "300 students play", "300 spectators", "300 spectators, 100 others compute"
OVERLOAD, IDLE, LIVE = "twice the load that can be borne", "idle", "a live line fit of 1,000 points"
IN_SQLITE, IN_MEMORY = "10,000 line fits, sqlite://", "10,000 line fits, memory://"

GOALS = (
    Goal(PLAYING, "p99 ms", 50),
    Goal(PLAYING, "errors", 0),
    Goal(PLAYING, "cores", 1.0),
    Goal(SPECTATORS, "p99 ms", 25),
    Goal(SPECTATORS, "errors", 0),
    Goal(SPECTATORS, "cores", 0.55),
    Goal(BESIDE, "p99 ms", 10),
    Goal(BESIDE, "errors", 0),
    Goal(OVERLOAD, "p99 ms", 50),
    Goal(OVERLOAD, "errors", 0),
    Goal(IDLE, "start s", 2),
    Goal(IDLE, "MB", 90),
    Goal(LIVE, "KB", 48),
    Goal(IN_SQLITE, "MB", 350),
    Goal(IN_MEMORY, "MB", 600),
)

Prepare = Callable[[People], Awaitable[None]]


async def measured(server: Served, prepare: Prepare, seconds: float, what: str | None = None) -> Row:
    """Everybody comes, the server warms up, and then it counts; percentiles are those of `what`."""
    people = People(server.port)
    await prepare(people)
    await asyncio.sleep(WARM_UP_SECONDS)
    people.tally.clear()
    with watched(server) as span:
        await asyncio.sleep(seconds)
    tally = people.tally
    row = {
        "requests/s": tally.answers / span.seconds,
        "p50 ms": tally.percentile(0.5, what),
        "p99 ms": tally.percentile(0.99, what),
        "cores": span.cores,
        "refused": float(tally.refused),
        "errors": float(tally.errors),
    }
    await people.leave()
    return row


async def students(people: People) -> None:
    """All play 2-4-1 with 100 examples at 60 steps a second."""
    sessions = await people.sessions(STUDENTS, NETWORK)
    for session in sessions:
        await session.draw()
        people.play(session)


async def spectators(people: People) -> None:
    """Ten students play, thirty watch each of them."""
    for session in await people.sessions(WATCHED, NETWORK):
        people.repeat("step", session.advance, 1.0)
        for _ in range(STUDENTS // WATCHED):
            people.watch(session.path, 0)


async def spectators_and_others(people: People) -> None:
    """And a hundred others compute for a millisecond each second."""
    await spectators(people)
    for session in await people.sessions(OTHERS, NETWORK):
        people.repeat("other", lambda session=session: session.advance(MILLISECOND_STEPS), 1.0)  # type: ignore[misc]  # mypy does not see the type of a default


def too_many(cores: int) -> Prepare:
    """Spectators, and students who together ask for twice the computing that all cores could do."""

    async def prepare(people: People) -> None:
        await spectators(people)
        number = int(2 * cores / GREEDY_SECONDS / 2)
        for session in await people.sessions(number, GREEDY):
            people.repeat("greedy", lambda session=session: session.advance(60), 0.5)  # type: ignore[misc]  # see above

    return prepare


def idle(folder: Path) -> Row:
    """Start, and what a server takes that nobody has asked for anything yet."""
    began = time.perf_counter()
    with served(f"sqlite:///{folder}/idle.sqlite3", folder / "log.txt") as server:
        start = time.perf_counter() - began
        time.sleep(3)  # what is compressed at the start, is
        return {"start s": start, "MB": server.memory_mb()}


async def filled(server: Served, number: int) -> list[Session]:
    """So many line fits, each with a path of 1,000 points; `number` of them are made 50 at a time."""
    people, all_of_them = People(server.port), []
    for _ in range(0, number, 50):
        sessions = await people.sessions(50, LINE, at_once=4)
        for session in sessions:
            while (answer := await session.advance(LINE_STEPS)).status != 200 or session.step < LINE_STEPS:
                assert answer.status in (200, 429, 503), answer
            await session.client.cut()
        all_of_them += sessions
    return all_of_them


def memory_of_one(folder: Path) -> Row:
    """By how much a live session makes the server larger; the first ones fill what all share."""
    with served(f"sqlite:///{folder}/live.sqlite3", folder / "log.txt") as server:
        asyncio.run(filled(server, 100))
        before = server.memory_mb()
        asyncio.run(filled(server, LIVE_SESSIONS))
        return {"KB": 1024 * (server.memory_mb() - before) / LIVE_SESSIONS}


def memory_of_many(store: str, folder: Path) -> Row:
    with served(store, folder / "log.txt") as server:
        began = time.perf_counter()
        asyncio.run(filled(server, MEMORY_SESSIONS))
        return {"MB": server.memory_mb(), "most MB": server.memory_mb("VmHWM"), "s": time.perf_counter() - began}
