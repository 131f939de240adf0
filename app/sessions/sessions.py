"""All sessions of this process: found or taken up from the store, locked, changed, and written through."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from random import random
from secrets import token_urlsafe
from typing import TypeVar

from app.engine.data.dataset import Table
from app.engine.run import Run
from app.errors import BadInput, Problem, TooMuchWork, UnknownSession, ViewOnly
from app.metrics import Metrics
from app.recipe.recipe import Recipe, completed
from app.sessions.arrivals import Arrivals
from app.sessions.live import Live, LiveSessions
from app.sessions.planes import KeptPlanes
from app.sessions.session import Session, start_runs
from app.sessions.store import SESSION, Conflict, Store
from app.sessions.studies import Studies
from app.sessions.supplies import Problems, Tables
from app.sessions.timed_store import timed
from app.sessions.work import WorkPool
from app.settings import Settings

ID = re.compile(r"[A-Za-z0-9_-]{22}")

INLINE_WORK = 100_000
"""Numbers (examples × units) that are worked through where the request is: about a millisecond.

A thread that computes with small arrays takes the interpreter from the event loop again and again, which then answers
later, and for more processor time, than if it had done the work itself.
"""

ACTIVE_SECONDS = 60.0
"""A session used within this time does not make room for a new one."""

MOST_TRIES = 50
"""Against other processes that keep writing in between: of those that try at once, one succeeds each time."""

BACK_OFF_SECONDS = 0.001

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Session], T]


class Sessions:
    """Reading needs no lock, since nothing is awaited while reading; changing holds the session's own.

    Every request asks the store which version it holds: what another process has acknowledged before is seen. Only a
    change need not ask first, where nobody else has written for a while: writing compares the version, and tells.
    """

    def __init__(self, settings: Settings, store: Store, metrics: Metrics | None = None) -> None:
        self.metrics = metrics or Metrics()
        self.settings, self.store = settings, timed(store, self.metrics)
        self.problems, self.tables = Problems(settings), Tables(settings, self.store)
        self.pool = WorkPool(settings.max_queue_seconds, metrics=self.metrics)
        self._drawing = WorkPool(settings.max_queue_seconds, width=1, name="drawing", metrics=self.metrics)
        self.studies = Studies(settings, self.store, self.pool)
        self.live = LiveSessions(self.metrics)
        self._planes = KeptPlanes(self.store, settings.session_idle_seconds)
        self._arrivals = Arrivals(settings, self.store, self.live, self.pool, self.problems, self.tables)
        self._beginning = 0

    async def create(self, recipe: Recipe) -> Session:
        """A new session at step 0, in the store when this returns; TooMuchWork where nothing makes room for it."""
        complete = completed(recipe)
        if len(complete.runs) > self.settings.max_runs:
            raise BadInput.at("runs", "bad.too_long", max_length=self.settings.max_runs)
        tables = await self.tables.needed_by(complete.problem)
        live = Live(await self.pool.run(lambda: self._begin(complete, tables)))
        self._beginning += 1
        try:
            await self._make_room()
            await self._save(live, alias=live.session.view_id)
        finally:
            self._beginning -= 1
        self.metrics.sessions_started.add()
        return self.live.put(live).session

    async def read(
        self,
        any_id: str,
        step: int | None = None,
        plane_id: str | None = None,
        others: Callable[[Session], Sequence[tuple[Run, int]]] = lambda _: (),
    ) -> tuple[Session, bool]:
        """The session behind an id, and whether the id may change it; nothing may be awaited before it is read.

        Its states after `step` steps are at hand, those of `others` too, and the plane if the store has it.
        """
        for _ in range(MOST_TRIES):
            live, version, may_change = await self._find(any_id)
            if plane_id is not None:
                await self._planes.fetch(live.session.id, live.session.planes, plane_id)
            if live.lock.locked() or not live.is_as_new_as(version):
                async with live:  # nobody else can begin before we go on
                    await self._arrivals.renew(live, version)
            if not self.live.holds(live):
                continue  # deleted while we waited
            if live.session.recall_work(step, others(live.session)) <= INLINE_WORK:
                return live.session, may_change
            async with live:
                await self._at_work(live, lambda session: session.recall(step, others(session)))
        raise TooMuchWork

    async def change(
        self,
        id_: str,
        work: Work[T],
        answer: Callable[[Session, T], R],
        *,
        heavy: Callable[[Session], bool] | None = None,
        plane_id: str | None = None,
    ) -> R:
        """Do `work` on a session, alone, write what changed to the store, and only then make the answer.

        It is done again where another process wrote first. Where `heavy` says so it is done in a thread of a pool as
        wide as the machine. ViewOnly for an id to look with.
        """
        while True:
            live, version = self._believed(id_) or await self._find_to_change(id_)
            if plane_id is not None:
                await self._planes.fetch(live.session.id, live.session.planes, plane_id)
            async with live as waited:
                if not self.live.holds(live):
                    continue  # deleted while we waited
                if waited or not live.trusted:
                    version = await self._version(id_)
                for attempt in range(MOST_TRIES):
                    if attempt:
                        await asyncio.sleep(random() * attempt * BACK_OFF_SECONDS)
                        version = await self._version(id_)
                    await self._arrivals.renew(live, version)
                    try:
                        result = await self._work(live, work, heavy)
                    except Problem:
                        if version is None and not await self._is_newest(live):
                            continue  # it might be right on what the store has
                        raise
                    if await self._stands(live, version):
                        return answer(live.session, result)
            raise TooMuchWork

    async def aside(self, work: Callable[[], T]) -> T:
        """Do long work that changes nothing, on what was read before, without holding up other requests."""
        return await self.pool.run(work)

    async def draw(self, make: Callable[[int], T], work: int) -> T:
        """What `make` makes with as many threads as it is told; `work` are the numbers that it works through.

        More than a few are left to a pool of its own, one at a time with all cores, so that no step waits behind it.
        """
        if work <= INLINE_WORK:
            return make(1)
        context = copy_context()  # a thread of the pool speaks the language of the request, too
        return await self._drawing.run(lambda: context.run(make, self.pool.width))

    async def keep_planes(self, session: Session) -> None:
        """Write the session's new planes to the store, before a client is told their ids."""
        await self._planes.keep(session.id, session.planes)

    async def delete(self, id_: str) -> None:
        """Remove a session for good; UnknownSession, ViewOnly."""
        live, _ = await self._find_to_change(id_)
        async with live:
            self.live.drop(id_)
            if not await self.store.delete(SESSION, id_):
                raise UnknownSession
        await self.studies.forget_all(id_)

    def close(self) -> None:
        """Let the pool's threads end."""
        self.live.close()
        self.studies.close()
        self.pool.close()
        self._drawing.close()

    async def _version(self, id_: str) -> int:
        """What the store holds; UnknownSession."""
        live = self.live.get(id_)
        known = live.session.version if live else 0
        version = await self.store.touch(SESSION, id_) if ID.fullmatch(id_) else None
        if version is None:
            self.live.drop(id_)
            raise UnknownSession
        if live and version < known:  # the store came back without its last writes: it is the truth all the same
            live.trusted = False
        return version

    async def _find(self, any_id: str) -> tuple[Live, int, bool]:
        """A live session, the version that it has to have, and whether the id may change it; UnknownSession."""
        owner = self.live.owner(any_id)
        try:
            version = await self._version(owner or any_id)
            return await self._arrivals.find(owner or any_id), version, owner is None
        except UnknownSession:
            id_ = await self.store.find(SESSION, any_id) if ID.fullmatch(any_id) and owner is None else None
            if id_ is None:
                raise
        version = await self._version(id_)
        return await self._arrivals.find(id_), version, False

    def _believed(self, id_: str) -> tuple[Live, None] | None:
        """A live session that can be changed without asking the store for its version."""
        live = self.live.get(id_)
        return (live, None) if live is not None and live.is_undisturbed else None

    async def _is_newest(self, live: Live) -> bool:
        return live.is_as_new_as(await self._version(live.session.id))

    async def _stands(self, live: Live, version: int | None) -> bool:
        """Whether what was done is in the store; where nothing was, whether that was all there is."""
        if not live.trusted:
            return await self._saved(live)
        return version is not None or await self._is_newest(live)

    async def _find_to_change(self, id_: str) -> tuple[Live, int]:
        live, version, may_change = await self._find(id_)
        if not may_change:
            raise ViewOnly
        return live, version

    def _begin(self, recipe: Recipe, tables: Mapping[str, Table]) -> Session:
        built = self.problems.build(recipe.problem, tables)
        return Session(token_urlsafe(16), token_urlsafe(16), recipe, built, start_runs(recipe, built, self.settings))

    async def _make_room(self) -> None:
        """At the cap the session idle longest goes, those never stepped first; one in use never does."""
        while await self.store.count(SESSION) + self._beginning > self.settings.max_sessions:
            evicted = await self.store.evict_one(SESSION, idle_seconds=ACTIVE_SECONDS)
            if evicted is None:
                raise TooMuchWork("problem.too-many-sessions.detail", retry_after_seconds=int(ACTIVE_SECONDS))
            self.live.drop(evicted)

    async def _work(self, live: Live, work: Work[T], heavy: Callable[[Session], bool] | None) -> T:
        """The result; the session is not trusted any more where that changed it, whether it came to its end or not."""
        session, before = live.session, _mark(live.session)
        try:
            return await self._at_work(live, work) if heavy is not None and heavy(session) else work(session)
        finally:
            live.trusted = live.trusted and _mark(session) == before

    async def _at_work(self, live: Live, work: Work[T]) -> T:
        """Work on a session in a thread. A thread cannot be stopped: who gives up leaves the session to it."""
        try:
            return await self.pool.run(lambda: work(live.session))
        except asyncio.CancelledError:
            live.trusted = False
            raise

    async def _saved(self, live: Live) -> bool:
        """Whether no other process was quicker; only then the session is trusted again."""
        try:
            await self._save(live)
        except Conflict:
            return False
        return True

    async def _save(self, live: Live, alias: str | None = None) -> None:
        session = live.session
        write = live.unwritten(self.settings.session_idle_seconds, alias)
        live.note_written(write, await self.store.save(SESSION, session.id, write, expected=session.version))
        await self.tables.note_use(session.built)


def _mark(session: Session) -> tuple[object, ...]:
    """Differs as soon as something has changed that a client can see."""
    return session.lineage, id(session.recipe), *((run.state.step, run.diverged) for run in session.runs)
