"""Through which everything goes that writes to a SQLite file: little by the event loop itself, the rest by a thread.

A commit to the write-ahead log does not wait for the disk: it is a few writes into memory, done sooner than a thread is
woken. It is the thread that waits: for others that are writing, for what is large, and for the disk when the log is
copied into the file.
"""

import asyncio
import logging
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from app.errors import StoreUnavailable
from app.sessions.signals import Signals
from app.sessions.sqlite_batch import Asked, Batch, Changed, Job, T, commit, tell

log = logging.getLogger("descent")

MOST_TOGETHER = 256
MOST_AT_ONCE = 16
"""Small jobs that the event loop does in one turn: about a millisecond."""

COPIED_AFTER = 512
"""Commits; of a handful of pages each, and at most some twenty."""


@dataclass(eq=False)
class Writer:
    """Group commit: what is asked for in one turn of the loop, or while the disk is busy, is written together.

    `connection` is the thread's; `quick` is the event loop's, which waits for nobody and copies no log.
    """

    connection: sqlite3.Connection
    quick: sqlite3.Connection
    signals: Signals
    _queue: "SimpleQueue[Batch | None]" = field(default_factory=SimpleQueue)
    _asked: list[Asked[Any]] = field(default_factory=list)
    _commits: int = 0  # since the log was copied; both count, and one that is lost does not matter

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._work, name="sqlite", daemon=True)
        self._thread.start()

    async def do(self, job: Job[T], changed: Changed | None = None, *, small: bool = False) -> T:
        """What the job returns, once it is committed; then the stamps of what it changed are known.

        StoreUnavailable where it could not be written, and then nothing was.
        """
        loop = asyncio.get_running_loop()
        asked: Asked[T] = Asked(job, {} if changed is None else changed, small, loop, loop.create_future())
        if not self._asked:
            loop.call_soon(self._hand_over)  # with all that this turn of the loop asks for
        self._asked.append(asked)
        return await asked.future

    def close(self) -> None:
        """Return when all that was asked for is done; to be called when nobody asks any more."""
        self._queue.put(self._taken())
        self._queue.put(None)
        self._thread.join()
        self.connection.close()

    def _taken(self) -> Batch:
        """What was asked for, which nobody takes a second time."""
        asked, self._asked = self._asked, []
        return asked

    def _hand_over(self) -> None:
        asked = self._taken()
        if asked and not self._written_at_once(asked):
            self._queue.put(asked)

    def _written_at_once(self, batch: Batch) -> bool:
        """Whether that could be; where anything stands in the way the thread tries again, and says what it was."""
        if len(batch) > MOST_AT_ONCE or not all(asked.small for asked in batch):
            return False
        try:
            self.quick.execute("BEGIN IMMEDIATE")
            commit(self.quick, self.signals, batch)
        except (sqlite3.Error, OSError):
            return False
        tell(batch)
        self._commits += 1
        if self._commits >= COPIED_AFTER and self._queue.empty():
            self._queue.put([])
        return True

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ends = self._batch(first)
            if batch:
                self._write(batch)
            if self._commits >= COPIED_AFTER:
                self._commits = 0
                self._copy_log()
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
            commit(self.connection, self.signals, batch)
        except (sqlite3.Error, OSError) as error:
            if len(batch) == 1:
                _refuse(batch, error)
                return
            for asked in batch:  # one that is too large for the disk must not take the others with it
                self._write([asked])
            return
        self._commits += 1
        _tell_in_their_loops(batch)

    def _copy_log(self) -> None:
        """First while others write, then what they wrote meanwhile while they wait: then the log begins anew."""
        for mode in ("PASSIVE", "RESTART"):
            with suppress(sqlite3.Error):  # the log grows on until the next time
                self.connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()


def _refuse(batch: Batch, error: Exception) -> None:
    log.error("SQLite: %s", error)
    for asked in batch:
        asked.error = StoreUnavailable()
    _tell_in_their_loops(batch)


def _tell_in_their_loops(batch: Batch) -> None:
    for loop in {asked.loop for asked in batch}:
        loop.call_soon_threadsafe(tell, [asked for asked in batch if asked.loop is loop])
