"""One thread and one connection through which everything goes that writes to a SQLite file."""

import asyncio
import logging
import sqlite3
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
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
Job = Callable[[sqlite3.Connection, set[Key]], T]
"""Is given the connection, and a set into which it puts the kind and id of each record that it changes."""


@dataclass(eq=False)
class _Asked(Generic[T]):
    job: Job[T]
    loop: AbstractEventLoop
    future: "Future[T]"
    result: T | None = None
    error: Exception | None = None
    changed: set[Key] = field(default_factory=set)

    def run(self, connection: sqlite3.Connection) -> None:
        """What SQLite complains of concerns all that are written together; the job's own exceptions only who asked."""
        self.result, self.error, self.changed = None, None, set()
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


@dataclass(eq=False)
class Writer:
    """Group commit: what is asked for while the disk is busy is written together, and told when it is committed."""

    connection: sqlite3.Connection
    signals: Signals
    _asked: "SimpleQueue[_Asked[Any] | None]" = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._work, name="sqlite", daemon=True)
        self._thread.start()

    async def do(self, job: Job[T]) -> T:
        """What the job returns, once it is committed; StoreUnavailable where it could not be, and then nothing was."""
        loop = asyncio.get_running_loop()
        asked: _Asked[T] = _Asked(job, loop, loop.create_future())
        self._asked.put(asked)
        return await asked.future

    def close(self) -> None:
        """Return when all that was asked for is done."""
        self._asked.put(None)
        self._thread.join()
        self.connection.close()

    def _work(self) -> None:
        while (first := self._asked.get()) is not None:
            batch, ends = self._batch(first)
            self._write(batch)
            if ends:
                return

    def _batch(self, first: _Asked[Any]) -> tuple[list[_Asked[Any]], bool]:
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                asked = self._asked.get_nowait()
            except Empty:
                break
            if asked is None:
                return batch, True
            batch.append(asked)
        return batch, False

    def _write(self, batch: list[_Asked[Any]]) -> None:
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:  # another process has been writing for too long
            _refuse(batch, error)
            return
        try:
            self._commit(batch)
        except sqlite3.Error as error:
            if len(batch) == 1:
                _refuse(batch, error)
                return
            for asked in batch:  # one that is too large for the disk must not take the others with it
                self._write([asked])
            return
        for asked in batch:
            asked.loop.call_soon_threadsafe(asked.tell)

    def _commit(self, batch: list[_Asked[Any]]) -> None:
        try:
            for asked in batch:
                asked.run(self.connection)
            self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        for asked in batch:
            self._signal(asked.changed)

    def _signal(self, changed: set[Key]) -> None:
        try:
            for key in changed:
                self.signals.change(self.signals.place(*key))
        except OSError as error:  # others find out when they next ask SQLite, within a second
            log.error("SQLite: signals: %s", error)


def _refuse(batch: list[_Asked[Any]], error: sqlite3.Error) -> None:
    log.error("SQLite: %s", error)
    for asked in batch:
        asked.error = StoreUnavailable()
        asked.loop.call_soon_threadsafe(asked.tell)
