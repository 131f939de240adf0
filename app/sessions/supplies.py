"""What many sessions share: problems that are built, and uploaded tables."""

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import Any

from app.engine.data.dataset import Table
from app.engine.data.given import Uploaded
from app.engine.data.packing import pack, table_id, unpack
from app.errors import StoreUnavailable, TooMuchWork
from app.recipe.build import Built, build
from app.recipe.data_problems import ModelProblem
from app.sessions.store import Conflict, Store, Write
from app.settings import Settings

TABLE = "table"

MOST_BUILT, MOST_BUILT_BYTES = 64, 256 * 2**20
"""Data sets with their models kept for the sessions that share them."""

MOST_TABLES = 8
"""Uploaded tables at hand; sessions hold on to those they use."""

MOST_NOTED = 1000


class Problems:
    """Built problems, the one used longest ago goes first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._built: OrderedDict[Any, Built] = OrderedDict()
        self._lock = Lock()

    def build(self, problem: Any, tables: Mapping[str, Table]) -> Built:
        """Data and objective of a problem, shared by all sessions that have it; may be called in a thread."""
        with self._lock:
            built = self._built.get(problem)
        if built is None:
            built = build(problem, tables.__getitem__, self._settings)
        with self._lock:
            self._built[problem] = built
            self._built.move_to_end(problem)
            while len(self._built) > MOST_BUILT or (len(self._built) > 1 and self._bytes() > MOST_BUILT_BYTES):
                self._built.popitem(last=False)
        return built

    def _bytes(self) -> int:
        return sum(built.nbytes for built in self._built.values())


class Tables:
    """Uploaded tables, kept in the store as long as a session uses them."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._used: dict[str, float] = {}

    async def keep(self, table: Table) -> str:
        """Put a table into the store; its id. TooMuchWork where all uploads together are too many bytes."""
        name, packed = table_id(table), pack(table)
        if await self._store.touch(TABLE, name) is None:
            if await self._store.data_bytes(TABLE) + len(packed) > self._settings.max_uploads_total_bytes:
                raise TooMuchWork("problem.too-many-uploads.detail", retry_after_seconds=60)
            await self._write(name, packed)
        return name

    async def fetch(self, name: str) -> dict[str, Table]:
        """The table with this id, under it; nothing where the store does not have it."""
        if await self._store.touch(TABLE, name) is None:
            return {}
        if name not in self._tables and (record := await self._store.load(TABLE, name)):
            self._tables[name] = unpack(record.data)
        found = {name: self._tables[name]} if name in self._tables else {}
        while len(self._tables) > MOST_TABLES:
            self._tables.popitem(last=False)
        return found

    async def needed_by(self, problem: Any) -> dict[str, Table]:
        """The uploaded table that a problem needs, if it needs one."""
        if isinstance(problem, ModelProblem) and isinstance(problem.dataset, Uploaded):
            return await self.fetch(problem.dataset.id)
        return {}

    async def note_use(self, built: Built) -> None:
        """A session in use keeps its table in the store, be it never loaded again."""
        for name, table in built.uploaded.items():
            now = monotonic()
            if now - self._used.get(name, float("-inf")) > self._settings.session_idle_seconds / 4:
                if len(self._used) >= MOST_NOTED:
                    self._used.clear()
                self._used[name] = now
                with suppress(StoreUnavailable):  # what the table is needed for has been done
                    if await self._store.touch(TABLE, name) is None:
                        await self._write(name, pack(table))

    async def _write(self, name: str, packed: bytes) -> None:
        try:
            write = Write(data=packed, idle_seconds=self._settings.session_idle_seconds)
            await self._store.save(TABLE, name, write, expected=0)
        except Conflict:
            pass  # somebody else wrote the same table in this moment
