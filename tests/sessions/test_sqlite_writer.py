"""Who writes to the file: the event loop what is little, the thread what is much or has to wait; and the log."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.sessions import sqlite_writer
from app.sessions.sqlite_store import SMALL_BYTES, SqliteStore
from tests.sessions.test_sqlite_store import in_stores
from tests.sessions.writes import write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "descent.sqlite3"


def commits(store: SqliteStore) -> tuple[list[str], list[str]]:
    """What the event loop's connection and the thread's are told from now on."""
    quick: list[str] = []
    patient: list[str] = []
    store._writer.quick.set_trace_callback(quick.append)
    store._writer.connection.set_trace_callback(patient.append)
    return quick, patient


def test_a_step_is_written_by_the_event_loop_and_much_by_the_thread(file: Path) -> None:
    async def scenario(store: SqliteStore) -> None:
        quick, patient = commits(store)
        await store.save("session", "a", write(b"1", append=b"path"), expected=0)
        await store.save("session", "a", write(b"2", append=b"path"), expected=1)
        assert (quick.count("COMMIT"), patient.count("COMMIT")) == (2, 1)  # the thread's: what is over was removed
        await store.save("session", "a", write(bytes(SMALL_BYTES + 1)), expected=2)
        await store.save("session", "a", write(b"4", append=bytes(SMALL_BYTES)), expected=3)
        assert (quick.count("COMMIT"), patient.count("COMMIT")) == (2, 3)

    in_stores(file, scenario)


def test_who_finds_the_file_locked_leaves_the_write_to_the_thread_and_goes_on(file: Path) -> None:
    async def scenario(store: SqliteStore) -> None:
        await store.save("session", "a", write(b"1"), expected=0)
        quick, patient = commits(store)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.ensure_future(store.save("session", "a", write(b"2"), expected=1))
            for _ in range(5):
                await asyncio.sleep(0.01)
                assert await store.touch("session", "a") == 1
            assert not waiting.done()
            other.execute("COMMIT")
        assert await waiting == 2
        assert (quick.count("COMMIT"), patient.count("COMMIT")) == (0, 1)

    in_stores(file, scenario)


def test_the_log_does_not_grow_without_end_however_much_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_writer, "COPIED_AFTER", 20)

    async def keep_on(store: SqliteStore, id_: str, number: int) -> None:
        for version in range(number):
            await store.save("session", id_, write(bytes(9000)), expected=version)
            await asyncio.sleep(0.002 * (version % 10 == 0))  # as little as a thread needs to wake up

    async def scenario(one: SqliteStore, other: SqliteStore) -> None:
        for store in (one, other):  # what SQLite copies by itself never comes to an end while others write
            store._writer.connection.execute("PRAGMA wal_autocheckpoint = 0")
        await asyncio.gather(keep_on(one, "a", 1000), keep_on(other, "b", 1000))
        log = file.with_name(file.name + "-wal").stat().st_size
        assert log < 2000 * 9000 / 3

    in_stores(file, scenario, 2)
