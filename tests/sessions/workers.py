"""Several workers as they are without the web: each with sessions of its own, all on one store and one event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, closing
from typing import Any

from app.recipe.recipe import RECIPE
from app.sessions.memory_store import MemoryStore
from app.sessions.session import Session
from app.sessions.sessions import Sessions
from app.sessions.store import Store
from app.settings import Settings

LINE: dict[str, Any] = {"problem": {"kind": "univariate_regression"}}
RACE: dict[str, Any] = {
    "problem": {"kind": "two_layer_sigmoid", "hidden": 3, "dataset": {"kind": "line", "samples": 20}},
    "runs": [{"optimizer": {"kind": "adam"}}, {"batch_size": 7, "optimizer": {"kind": "momentum"}}],
}


def with_workers(
    scenario: Callable[..., Awaitable[None]],
    number: int = 2,
    *,
    store: Callable[[], Store] = MemoryStore,
    **settings: Any,
) -> None:
    """Runs `scenario(worker, worker, …)`."""

    async def run() -> None:
        shared = store()
        with ExitStack() as stack:
            await scenario(*(stack.enter_context(closing(worker(shared, **settings))) for _ in range(number)))
        await shared.close()

    asyncio.run(run())


def worker(store: Store, **settings: Any) -> Sessions:
    return Sessions(Settings(**settings), store)


async def start(sessions: Sessions, document: dict[str, Any] | None = None) -> Session:
    return await sessions.create(RECIPE.from_value(document or LINE))


async def step(sessions: Sessions, id_: str, steps: int = 1, *, heavy: bool = False) -> int:
    """The clock after so many more steps."""

    def work(session: Session) -> None:
        session.advance(steps, float("inf"))

    return await sessions.change(id_, work, lambda session, _: session.clock, heavy=lambda _: heavy)


async def clock(sessions: Sessions, id_: str) -> int:
    return (await sessions.read(id_))[0].clock


def everything(session: Session) -> list[Any]:
    """All numbers of a session that have to be the same wherever it is."""
    runs = session.runs
    return [
        session.version,
        session.lineage,
        session.recipe,
        *((run.state.step, run.state.loss, run.diverged, run.state.evaluations) for run in runs),
        *(getattr(run.state, name).tolist() for run in runs for name in ("theta", "gradient", "memory")),
        *(run.path.scalars.rows.tolist() for run in runs),
        *(run.path.thetas.rows.tolist() for run in runs),
    ]
