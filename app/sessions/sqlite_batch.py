"""What is written to a SQLite file together: all of it in one transaction, with the signals that belong to it."""

import sqlite3
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.sessions.signals import Signals

T = TypeVar("T")
Key = tuple[str, str]
Changed = dict[Key, bytes]
"""Kind and id of the records that a job changes, each with the stamp of the commit, b"" before there is one."""

Job = Callable[[sqlite3.Connection, Changed], T]


@dataclass(eq=False)
class Asked(Generic[T]):
    """A job, and who waits for it; a `small` one takes some ten microseconds."""

    job: Job[T]
    changed: Changed
    small: bool
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
        """To be called by the loop in which it is waited for."""
        if self.future.done():  # who asked has gone
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # T may be None


Batch = Sequence[Asked[Any]]


def tell(batch: Batch) -> None:
    """All of them, who wait in this loop."""
    for asked in batch:
        asked.tell()


def commit(connection: sqlite3.Connection, signals: Signals, batch: Batch) -> None:
    """Do all jobs and write what they changed; sqlite3.Error or OSError where nothing of it was written.

    The right to write has been given by BEGIN IMMEDIATE.
    """
    stamps: dict[int, bytes] = {}
    try:
        for asked in batch:
            asked.run(connection)
            for key in asked.changed:
                place = signals.place(*key)
                stamps[place] = stamps.get(place) or signals.announce(place)
                asked.changed[key] = stamps[place]
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with suppress(OSError):  # unsettled, it is asked for until the next commit
            for place, stamp in stamps.items():
                signals.settle(place, stamp)
