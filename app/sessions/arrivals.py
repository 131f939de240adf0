"""Sessions that come from the store: taken up where this process has none, brought up to date where others wrote."""

import asyncio
from collections.abc import Mapping

from app.engine.data.dataset import Table
from app.errors import BadInput, UnknownSession
from app.sessions.live import Live, LiveSessions
from app.sessions.session import Session
from app.sessions.snapshot import Snapshot, read, take_up
from app.sessions.store import SESSION, Record, Store
from app.sessions.supplies import Problems, Tables
from app.sessions.work import WorkPool
from app.settings import Settings


class Arrivals:
    """Puts what it takes up among the live ones. UnknownSession where the store has nothing to take up."""

    def __init__(
        self, settings: Settings, store: Store, live: LiveSessions, pool: WorkPool, problems: Problems, tables: Tables
    ) -> None:
        self._settings, self._store, self._live, self._pool = settings, store, live, pool
        self._problems, self._tables = problems, tables
        self._arriving: dict[str, asyncio.Task[Live]] = {}

    async def find(self, id_: str) -> Live:
        """The live session, old or not; taken up from the store where there is none, once for all who wait for it."""
        live = self._live.get(id_)
        if live is not None:
            return live
        if id_ not in self._arriving:
            self._arriving[id_] = asyncio.ensure_future(self._arrive(id_))
            self._arriving[id_].add_done_callback(lambda _: self._arriving.pop(id_))
        return await asyncio.shield(self._arriving[id_])

    async def renew(self, live: Live, version: int | None) -> None:
        """Bring a session whose lock is held to what the store has, if it is not as new; without a version it is."""
        if version is None or live.is_as_new_as(version):
            return
        if live.trusted and live.follow(read(await self._load(live.session.id, live.path_bytes)), self._settings):
            return
        session, path_bytes = await self._taken_up(live.session.id, await self._load(live.session.id))
        session.planes = live.session.planes
        live.become(session, path_bytes)

    async def _arrive(self, id_: str) -> Live:
        record = await self._load(id_)
        return self._live.put(Live(*await self._taken_up(id_, record)))

    async def _load(self, id_: str, path_from: int = 0) -> Record:
        record = await self._store.load(SESSION, id_, path_from=path_from)
        if record is None:
            self._live.drop(id_)
            raise UnknownSession
        return record

    async def _taken_up(self, id_: str, record: Record) -> tuple[Session, int]:
        snapshot = read(record)
        try:
            tables = await self._tables.needed_by(snapshot.recipe.problem)
            return await self._pool.run(lambda: self._take_up(id_, snapshot, tables))
        except BadInput:  # its uploaded table is gone, or limits are stricter now
            raise UnknownSession from None

    def _take_up(self, id_: str, snapshot: Snapshot, tables: Mapping[str, Table]) -> tuple[Session, int]:
        return take_up(id_, snapshot, self._problems.build(snapshot.recipe.problem, tables), self._settings)
