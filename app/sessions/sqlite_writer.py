"""One thread and one connection through which everything goes that writes to a SQLite file."""

import asyncio
import logging
import sqlite3
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from app.errors import StoreUnavailable
from app.sessions.signals import Signals

log = logging.getLogger("descent")

MOST_TOGETHER = 256
T = TypeVar("T")
Key = tuple[str, str]
Changed = dict[Key, bytes]
"""Kind and id of the records that a job changes, each with the stamp of the commit, b"" before there is one."""

Job = Callable[[sqlite3.Connection, Changed], T]


@dataclass(eq=False)
class _Asked(Generic[T]):
    job: Job[T]
    changed: Changed
    loop: AbstractEventLoop
    future: "Future[T]"
    result: T | None = None
    error: Exception | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        """What SQLite complains of concerns all that are written together; the job's own exceptions only who asked."""
        self.result, self.error = None, None
        self.changed.clear()
        try:
            self.result = self.job(connection, self.changed)
        except sqlite3.Error:
            raise
        except Exception as error:
            self.error = error

    def tell(self) -> None:
        if self.future.done():  # who asked has gone
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # T may be None


Batch = Sequence[_Asked[Any]]


@dataclass(eq=False)
class Writer:
    """Group commit: what is asked for while the disk is busy is written together, and told when it is committed."""

    connection: sqlite3.Connection
    signals: Signals
    _queue: "SimpleQueue[Batch | None]" = field(default_factory=SimpleQueue)
    _asked: list[_Asked[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._work, name="sqlite", daemon=True)
        self._thread.start()

    async def do(self, job: Job[T], changed: Changed | None = None) -> T:
        """What the job returns, once it is committed; then the stamps of what it changed are known.

        StoreUnavailable where it could not be written, and then nothing was.
        """
        loop = asyncio.get_running_loop()
        asked: _Asked[T] = _Asked(job, {} if changed is None else changed, loop, loop.create_future())
        if not self._asked:
            loop.call_soon(self._hand_over)  # with all that this turn of the loop asks for: waking a thread is dear
        self._asked.append(asked)
        return await asked.future

    def close(self) -> None:
        """Return when all that was asked for is done."""
        self._hand_over()
        self._queue.put(None)
        self._thread.join()
        self.connection.close()

    def _hand_over(self) -> None:
        asked, self._asked = self._asked, []
        if asked:
            self._queue.put(asked)

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ends = self._batch(first)
            self._write(batch)
            if ends:
                return

    def _batch(self, first: Batch) -> tuple[Batch, bool]:
        batch = list(first)
        while len(batch) < MOST_TOGETHER:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:
                return batch, True
            batch += more
        return batch, False

    def _write(self, batch: Batch) -> None:
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:  # another process has been writing for too long
            _refuse(batch, error)
            return
        try:
            self._commit(batch)
        except (sqlite3.Error, OSError) as error:
            if len(batch) == 1:
                _refuse(batch, error)
                return
            for asked in batch:  # one that is too large for the disk must not take the others with it
                self._write([asked])
            return
        _tell(batch)

    def _commit(self, batch: Batch) -> None:
        """All jobs in one transaction, with the signals that belong to it."""
        stamps: dict[int, bytes] = {}
        try:
            for asked in batch:
                asked.run(self.connection)
                for key in asked.changed:
                    place = self.signals.place(*key)
                    stamps[place] = stamps.get(place) or self.signals.announce(place)
                    asked.changed[key] = stamps[place]
            self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            with suppress(OSError):  # unsettled, it is asked for until the next commit
                for place, stamp in stamps.items():
                    self.signals.settle(place, stamp)


def _refuse(batch: Batch, error: Exception) -> None:
    log.error("SQLite: %s", error)
    for asked in batch:
        asked.error = StoreUnavailable()
    _tell(batch)


def _tell(batch: Batch) -> None:
    for loop in {asked.loop for asked in batch}:
        loop.call_soon_threadsafe(_tell_those, [asked for asked in batch if asked.loop is loop])


def _tell_those(batch: Batch) -> None:
    for asked in batch:
        asked.tell()
