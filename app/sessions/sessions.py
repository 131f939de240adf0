"""All sessions of this worker: found or taken up from the store, locked, changed, and written through."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count
from secrets import token_urlsafe
from threading import Lock
from typing import Any, TypeVar

from app.engine.data.dataset import Table
from app.engine.data.given import Uploaded
from app.engine.data.packing import pack as pack_table
from app.engine.data.packing import table_id
from app.engine.data.packing import unpack as unpack_table
from app.errors import BadInput, TooMuchWork, UnknownSession, ViewOnly
from app.recipe.build import Built, build
from app.recipe.data_problems import ModelProblem
from app.recipe.recipe import Recipe, completed
from app.sessions.session import Session, start_runs
from app.sessions.snapshot import PathWriter, Snapshot, pack, read, recipe_bytes, take_up
from app.sessions.store import Conflict, Store, Write
from app.settings import Settings

SESSION, TABLE = "session", "table"

MOST_LIVE = 1000
"""Sessions kept in memory beside the store; the one used longest ago leaves first."""

MOST_BUILT, MOST_BUILT_BYTES = 64, 256 * 2**20
"""Data sets with their models kept for the sessions that share them."""

MOST_TABLES = 8
"""Uploaded tables at hand; sessions hold on to those they use."""

INLINE_WORK = 60_000
"""Numbers (examples × units) that are worked through where the request is: about half a millisecond."""

ACTIVE_SECONDS = 60.0
"""A session used within this time does not make room for a new one."""

MOST_TRIES = 5
"""Against another worker that keeps writing in between."""

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Session], T]


@dataclass(eq=False)
class _Live:
    """A session in memory, with what of it is in the store."""

    session: Session
    paths: PathWriter
    recipe: Recipe
    recipe_json: bytes
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Sessions:
    """Reading needs no lock, since nothing is awaited while reading; changing holds the session's own."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._built: OrderedDict[Any, Built] = OrderedDict()
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._building = Lock()
        self._pool = ThreadPoolExecutor(cpu_count() or 1, thread_name_prefix="work")

    async def create(self, recipe: Recipe) -> Session:
        """A new session at step 0, in the store when this returns; TooMuchWork where nothing makes room for it."""
        complete = completed(recipe)
        if len(complete.runs) > self.settings.max_runs:
            raise BadInput.at("runs", "bad.too_long", max_length=self.settings.max_runs)
        tables = await self.fetch_tables(complete.problem)
        session = await self._in_thread(lambda: self._begin(complete, tables))
        await self._make_room()
        await self._save(self._keep(session), alias=session.view_id)
        return session

    async def read(self, any_id: str, step: int | None = None) -> tuple[Session, bool]:
        """The session behind an id, and whether the id may change it; nothing may be awaited before it is read.

        Its states after `step` steps are at hand.
        """
        for _ in range(MOST_TRIES):
            live, may_change = await self._find(any_id)
            if live.lock.locked():
                async with live.lock:  # a thread is at work on it; nobody else can begin before we go on
                    pass
            if self._live.get(live.session.id) is not live:
                continue  # deleted or taken up anew while we waited
            if live.session.recall_work(step) <= INLINE_WORK:
                return live.session, may_change
            async with live.lock:
                await self._at_work(live, lambda session: session.recall(step))
        raise TooMuchWork

    async def change(
        self,
        id_: str,
        work: Work[T],
        answer: Callable[[Session, T], R],
        *,
        heavy: Callable[[Session], bool] | None = None,
    ) -> R:
        """Do `work` on a session, alone, write what changed to the store, and only then make the answer.

        Where `heavy` says so it is done in a thread of a pool as wide as the machine. ViewOnly for an id to look with.
        """
        for _ in range(MOST_TRIES):
            live, may_change = await self._find(id_)
            if not may_change:
                raise ViewOnly
            async with live.lock:
                if self._live.get(id_) is not live:
                    continue  # deleted or taken up anew while we waited
                result, conflict = await self._change(live, work, heavy)
                if not conflict:
                    return answer(live.session, result)
        raise TooMuchWork

    async def aside(self, work: Callable[[], T]) -> T:
        """Do long work that changes nothing, on what was read before, without holding up other requests."""
        return await self._in_thread(work)

    async def delete(self, id_: str) -> None:
        """Remove a session for good; UnknownSession, ViewOnly."""
        live, may_change = await self._find(id_)
        if not may_change:
            raise ViewOnly
        async with live.lock:
            self._live.pop(id_, None)
            if not await self.store.delete(SESSION, id_):
                raise UnknownSession

    def build(self, problem: Any, tables: Mapping[str, Table]) -> Built:
        """Data and objective of a problem, shared by all sessions that have it; may be called in a thread."""
        with self._building:
            built = self._built.get(problem)
        if built is None:
            built = build(problem, tables.__getitem__, self.settings)
        with self._building:
            self._built[problem] = built
            self._built.move_to_end(problem)
            while len(self._built) > MOST_BUILT or (len(self._built) > 1 and self._built_bytes() > MOST_BUILT_BYTES):
                self._built.popitem(last=False)
        return built

    async def keep_table(self, table: Table) -> str:
        """Put an uploaded table into the store; its id. TooMuchWork where all uploads together are too many bytes."""
        name, packed = table_id(table), pack_table(table)
        if await self.store.touch(TABLE, name) is None:
            usage = await self.store.usage(TABLE)
            if usage.data_bytes + len(packed) > self.settings.max_uploads_total_bytes:
                raise TooMuchWork("problem.too-many-uploads.detail", retry_after_seconds=60)
            try:
                write = Write(data=packed, idle_seconds=self.settings.session_idle_seconds)
                await self.store.save(TABLE, name, write, expected=0)
            except Conflict:
                pass  # somebody else sent the same table in this moment
        return name

    async def fetch_table(self, name: str) -> dict[str, Table]:
        """An uploaded table under its id; nothing where the store does not have it."""
        if await self.store.touch(TABLE, name) is None:
            return {}
        if name not in self._tables and (record := await self.store.load(TABLE, name)):
            self._tables[name] = unpack_table(record.data)
        found = {name: self._tables[name]} if name in self._tables else {}
        while len(self._tables) > MOST_TABLES:
            self._tables.popitem(last=False)
        return found

    async def fetch_tables(self, problem: Any) -> dict[str, Table]:
        """The uploaded table that a problem needs, if it needs one."""
        if isinstance(problem, ModelProblem) and isinstance(problem.dataset, Uploaded):
            return await self.fetch_table(problem.dataset.id)
        return {}

    def close(self) -> None:
        """Let the pool's threads end."""
        self._pool.shutdown(cancel_futures=True)

    def _built_bytes(self) -> int:
        return sum(built.nbytes for built in self._built.values())

    async def _find(self, any_id: str) -> tuple[_Live, bool]:
        version = await self.store.touch(SESSION, any_id)
        if version is not None:
            return await self._current(any_id, version), True
        self._live.pop(any_id, None)
        id_ = await self.store.find(SESSION, any_id)
        version = None if id_ is None else await self.store.touch(SESSION, id_)
        if id_ is None or version is None:
            raise UnknownSession
        return await self._current(id_, version), False

    async def _current(self, id_: str, version: int) -> _Live:
        """The live session if it is as new as the store's, else taken up from the store."""
        live = self._live.get(id_)
        if live is not None and (live.lock.locked() or live.session.version >= version):
            self._live.move_to_end(id_)
            return live
        record = await self.store.load(SESSION, id_)
        if record is None:
            raise UnknownSession
        snapshot = read(record)
        tables = await self.fetch_tables(snapshot.recipe.problem)
        session = await self._in_thread(lambda: self._take_up(id_, snapshot, tables))
        live = self._live.get(id_)  # somebody else may have been as quick
        return live if live and live.session.version >= session.version else self._keep(session, written=True)

    def _begin(self, recipe: Recipe, tables: Mapping[str, Table]) -> Session:
        built = self.build(recipe.problem, tables)
        return Session(token_urlsafe(16), token_urlsafe(16), recipe, built, start_runs(recipe, built, self.settings))

    def _take_up(self, id_: str, snapshot: Snapshot, tables: Mapping[str, Table]) -> Session:
        return take_up(id_, snapshot, self.build(snapshot.recipe.problem, tables), self.settings)

    def _keep(self, session: Session, *, written: bool = False) -> _Live:
        live = _Live(session, PathWriter(), session.recipe, recipe_bytes(session.recipe))
        if written:
            live.paths.note_written(session)
        self._live[session.id] = live
        while len(self._live) > MOST_LIVE:
            self._live.popitem(last=False)
        return live

    async def _make_room(self) -> None:
        """At the cap the session idle longest goes, those never stepped first; one in use never does."""
        while (await self.store.usage(SESSION)).records >= self.settings.max_sessions:
            evicted = await self.store.evict_one(SESSION, idle_seconds=ACTIVE_SECONDS)
            if evicted is None:
                raise TooMuchWork("problem.too-many-sessions.detail", retry_after_seconds=int(ACTIVE_SECONDS))
            self._live.pop(evicted, None)

    async def _change(self, live: _Live, work: Work[T], heavy: Callable[[Session], bool] | None) -> tuple[T, bool]:
        """The result, and whether another worker wrote first, so that it has to be done again on what stands there."""
        session, before = live.session, _mark(live.session)
        try:
            if heavy is not None and heavy(session):
                result = await self._at_work(live, work)
            else:
                result = work(session)
            if _mark(session) != before:
                await self._save(live)
        except Conflict:
            self._live.pop(session.id, None)
            return result, True
        except BaseException:
            if _mark(session) != before:  # not acknowledged: what the store has is what counts
                self._live.pop(session.id, None)
            raise
        return result, False

    async def _at_work(self, live: _Live, work: Work[T]) -> T:
        """Work on a session in a thread, its lock held. A thread cannot be stopped: who gives up drops the session."""
        try:
            return await self._in_thread(lambda: work(live.session))
        except asyncio.CancelledError:
            self._live.pop(live.session.id, None)
            raise

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _save(self, live: _Live, alias: str | None = None) -> None:
        session = live.session
        if live.recipe is not session.recipe:
            live.recipe, live.recipe_json = session.recipe, recipe_bytes(session.recipe)
        path, rewrite = live.paths.unwritten(session)
        write = Write(
            data=pack(session, live.recipe_json),
            idle_seconds=self.settings.session_idle_seconds,
            fresh=session.clock == 0,
            append=path,
            rewrite=rewrite,
            alias=alias,
        )
        session.version = await self.store.save(SESSION, session.id, write, expected=session.version)


def _mark(session: Session) -> tuple[object, ...]:
    """Differs as soon as something has changed that a client can see."""
    return session.lineage, id(session.recipe), *((run.state.step, run.diverged) for run in session.runs)
