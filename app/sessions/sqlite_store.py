"""The store in a SQLite file: for one machine, any number of processes; survives all of them.

Writing is the writer's; it is told of uses in bundles, since every request is one. Reading one row is done where it is
asked for, and spared while no process has signalled a change; records are read in a thread.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.errors import StoreUnavailable
from app.sessions import sqlite_records as records
from app.sessions.signals import Signals
from app.sessions.sqlite_batch import Changed, Key
from app.sessions.sqlite_file import connect, prepare, signals_path
from app.sessions.sqlite_records import Row
from app.sessions.sqlite_writer import Writer
from app.sessions.store import Conflict, Record, Write
from app.sessions.uses import UseNotes, Uses

MOST_SEEN = 20_000
"""Rows remembered between two looks into the file."""

SMALL_BYTES = 65_536
"""So much, written or removed, is done by the event loop itself."""

LONGEST_SEEN_SECONDS = 10.0
"""Then it is read again, since uses that other processes note are not signalled."""

PURGE_SECONDS = 60.0

T = TypeVar("T")

log = logging.getLogger("descent")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A row that was read after its stamp or written with it, and until when that may be relied on."""

    row: Row
    place: int
    stamp: bytes
    until: float


class SqliteStore:
    """UnusableFileError where the file cannot be made or is not ours."""

    def __init__(self, path: Path) -> None:
        self._now = prepare(path)
        self._signals = Signals(signals_path(path))
        self._quick = connect(path, busy_seconds=0, copies_log=False)  # for the event loop, which does not wait
        self._writer = Writer(connect(path), self._quick, self._signals)
        self._record_reader = connect(path)
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="sqlite-read")
        self._seen: dict[Key, _Seen] = {}
        self._uses = UseNotes(self._now, self._write_uses)
        self._next_purge = self._now()

    async def load(self, kind: str, id_: str, *, path_from: int = 0) -> Record | None:
        key, now = (kind, id_), self._now()
        noted = self._uses.latest(key)
        return await self._read(lambda db: records.load(db, key, path_from, now, noted))

    async def touch(self, kind: str, id_: str) -> int | None:
        row = await self._row((kind, id_))
        return row.version if row and self._uses.note((kind, id_), row.used, row.idle) else None

    async def save(self, kind: str, id_: str, write: Write, *, expected: int) -> int:
        key, now = (kind, id_), self._now()
        row = await self._row(key)
        if row is not None and row.is_over(now, self._uses.latest(key)):
            row = None
        if (row.version if row else 0) != expected:
            raise Conflict(row.version if row else None)
        if row is None:
            await self._purge(now)
        changed: Changed = {}
        size = len(write.data) + len(write.append) + (row.path_bytes if row and write.rewrite else 0)
        saved = await self._writer.do(
            lambda db, changed: records.save(db, changed, key, write, row, now), changed, small=size <= SMALL_BYTES
        )
        self._remember(key, saved, changed[key])
        self._uses.note(key, saved.used, saved.idle)
        return saved.version

    async def find(self, kind: str, alias: str) -> str | None:
        id_ = await self._look(lambda db: records.find(db, kind, alias))
        if id_ is None:
            return None
        row = await self._row((kind, id_))
        return id_ if row and not row.is_over(self._now(), self._uses.latest((kind, id_))) else None

    async def delete(self, kind: str, id_: str) -> bool:
        key, now = (kind, id_), self._now()
        noted = self._uses.latest(key)
        return await self._writer.do(lambda db, changed: records.delete(db, changed, key, now, noted))

    async def count(self, kind: str) -> int:
        now = self._now()
        return await self._read(lambda db: records.count(db, kind, now))

    async def data_bytes(self, kind: str) -> int:
        now = self._now()
        return await self._read(lambda db: records.data_bytes(db, kind, now))

    async def evict_one(self, kind: str, *, idle_seconds: float) -> str | None:
        await self._uses.flush()
        now = self._now()
        return await self._writer.do(lambda db, changed: records.evict_one(db, changed, kind, now, idle_seconds))

    async def add_member(self, kind: str, id_: str, member: str, *, idle_seconds: float) -> None:
        now = self._now()
        await self._writer.do(lambda db, _: records.add_member(db, (kind, id_), member, now, idle_seconds))

    async def remove_member(self, kind: str, id_: str, member: str) -> None:
        await self._writer.do(lambda db, _: records.remove_member(db, (kind, id_), member))

    async def members(self, kind: str, id_: str) -> frozenset[str]:
        now = self._now()
        return await self._read(lambda db: records.members(db, (kind, id_), now))

    async def ping(self) -> None:
        await self._read(records.ping)

    async def close(self) -> None:
        await self._uses.close()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._reading.shutdown()
        self._writer.close()
        self._record_reader.close()
        self._quick.close()
        self._signals.close()

    async def _row(self, key: Key) -> Row | None:
        """As it stands in the file, from memory where nobody can have changed it."""
        seen = self._seen.get(key)
        if seen is not None and self._signals.stamp(seen.place) == seen.stamp and self._now() < seen.until:
            return seen.row
        stamp = self._signals.settled(seen.place if seen else self._signals.place(*key))
        row = await self._look(lambda db: records.row(db, key))
        self._remember(key, row, stamp)
        return row

    def _remember(self, key: Key, row: Row | None, stamp: bytes | None) -> None:
        """What was read after this stamp, or written with it."""
        if row is None or stamp is None:
            self._seen.pop(key, None)
            return
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        until = self._now() + min(LONGEST_SEEN_SECONDS, row.idle / 8)
        self._seen[key] = _Seen(row, self._signals.place(*key), stamp, until)

    async def _look(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """A few microseconds of reading, at once unless the file is locked, as after a process was killed."""
        try:
            return read(self._quick)
        except sqlite3.Error:
            return await self._read(read)

    async def _read(self, read: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, read, self._record_reader)
        except sqlite3.Error as error:
            log.error("SQLite: %s", error)
            raise StoreUnavailable from None

    async def _write_uses(self, uses: Uses) -> None:
        await self._writer.do(lambda db, _: records.write_uses(db, uses.items()))

    async def _purge(self, now: float) -> None:
        if now >= self._next_purge:
            self._next_purge = now + PURGE_SECONDS
            await self._writer.do(lambda db, _: records.purge(db, now))
