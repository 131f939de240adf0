"""What only the store in a file can be asked: other processes, restarts, full disks, files that are not ours."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import StoreUnavailable
from app.sessions import sqlite_file, sqlite_store
from app.sessions.sqlite_file import SCHEMA, UnusableFileError
from app.sessions.sqlite_store import SqliteStore
from app.sessions.store import Conflict, Record
from tests.sessions.writes import write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "made" / "on the way" / "descent.sqlite3"


def in_stores(file: Path, scenario: Callable[..., Awaitable[None]], number: int = 1) -> None:
    """Runs a scenario with so many stores on one file, as so many processes would have."""

    async def run() -> None:
        stores = [SqliteStore(file) for _ in range(number)]
        try:
            await scenario(*stores)
        finally:
            for store in stores:
                await store.close()

    asyncio.run(run())


def test_what_was_written_is_there_after_a_restart(file: Path) -> None:
    async def before(store: SqliteStore) -> None:
        await store.save("session", "a", write(b"one", append=b"path ", alias="view"), expected=0)
        await store.save("session", "a", write(b"two", append=b"goes on"), expected=1)
        await store.add_member("room", "r", "a", idle_seconds=100)

    async def after(store: SqliteStore) -> None:
        assert await store.touch("session", "a") == 2
        assert await store.load("session", "a") == Record(2, b"two", b"path goes on")
        assert await store.find("session", "view") == "a"
        assert await store.members("room", "r") == {"a"}

    in_stores(file, before)
    in_stores(file, after)


def test_every_write_is_seen_at_once_by_all_processes(file: Path) -> None:
    async def scenario(one: SqliteStore, other: SqliteStore) -> None:
        await one.save("session", "a", write(b"1"), expected=0)
        for version in range(1, 20, 2):
            assert await one.touch("session", "a") == await other.touch("session", "a") == version
            await other.save("session", "a", write(), expected=version)
            assert await one.touch("session", "a") == await other.touch("session", "a") == version + 1
            await one.save("session", "a", write(), expected=version + 1)
        with pytest.raises(Conflict):
            await other.save("session", "a", write(), expected=20)
        await one.delete("session", "a")
        assert await other.touch("session", "a") is None
        await other.save("session", "b", write(), expected=0)
        assert await one.touch("session", "b") == 1
        assert await other.evict_one("session", idle_seconds=0) == "b"
        assert await one.touch("session", "b") is None

    in_stores(file, scenario, 2)


def test_a_row_nobody_wrote_to_is_read_once_and_by_who_wrote_it_never(file: Path) -> None:
    async def scenario(*stores: SqliteStore) -> None:
        await stores[0].save("session", "a", write(), expected=0)
        asked: tuple[list[str], ...] = ([], [])
        for store, log in zip(stores, asked, strict=True):
            store._quick.set_trace_callback(log.append)
            for _ in range(10):
                assert await store.touch("session", "a") == 1
        assert [len(log) for log in asked] == [0, 1]

    in_stores(file, scenario, 2)


def test_what_another_process_uses_is_not_idle_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0

    def clock_of(path: Path) -> Callable[[], float]:
        made(path)
        return lambda: now

    made = sqlite_file.prepare
    monkeypatch.setattr(sqlite_store, "prepare", clock_of)

    async def scenario(one: SqliteStore, other: SqliteStore) -> None:
        nonlocal now
        await one.save("session", "a", write(idle_seconds=100), expected=0)
        await one._uses.flush()  # its timer goes by another clock
        for _ in range(9):
            now += 30  # written down by then, however often it was used in between
            assert await one.touch("session", "a") == 1
            await asyncio.sleep(0)
            await asyncio.gather(*one._uses._writing)
            assert await other.count("session") == 1
            assert await other.evict_one("session", idle_seconds=31) is None
        now += 100
        assert await other.touch("session", "a") is None
        assert await one.touch("session", "a") is None

    in_stores(file, scenario, 2)


def test_what_is_over_is_removed_from_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "PURGE_SECONDS", 0.0)

    async def scenario(store: SqliteStore) -> None:
        await store.save("session", "a", write(append=b"path", idle_seconds=0.01), expected=0)
        await store.add_member("room", "r", "a", idle_seconds=0.01)
        await asyncio.sleep(0.02)
        await store.save("session", "b", write(append=b"path"), expected=0)

    in_stores(file, scenario)
    with closing(sqlite3.connect(file)) as db:
        for table, left in (("record", 1), ("use", 1), ("path", 1), ("gathering", 0), ("member", 0)):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (left,)


def test_what_is_asked_for_at_once_is_committed_together(file: Path) -> None:
    async def scenario(store: SqliteStore) -> None:
        said: list[str] = []
        store._writer.connection.set_trace_callback(said.append)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            saves = [asyncio.ensure_future(store.save("session", str(i), write(), expected=0)) for i in range(100)]
            assert await store.touch("session", "0") is None  # nobody waits who only reads
            other.execute("COMMIT")
        assert await asyncio.gather(*saves) == [1] * 100
        assert said.count("COMMIT") < 10

    in_stores(file, scenario)


def test_one_that_conflicts_does_not_disturb_those_written_with_it(file: Path) -> None:
    async def scenario(store: SqliteStore) -> None:
        await store.save("session", "a", write(), expected=0)
        wanted = [("a", 1), ("b", 0), ("a", 1), ("a", 7), ("b", 0), ("c", 0)]
        saves = [store.save("session", id_, write(), expected=version) for id_, version in wanted]
        done = await asyncio.gather(*saves, return_exceptions=True)
        outcome = [result if isinstance(result, int) else type(result) for result in done]
        assert outcome == [2, 1, Conflict, Conflict, Conflict, 1]

    in_stores(file, scenario)


def test_a_full_disk_refuses_what_does_not_fit_and_nothing_else(file: Path) -> None:
    async def scenario(store: SqliteStore) -> None:
        await store.save("session", "a", write(b"kept", append=b"path"), expected=0)
        (pages,) = store._writer.connection.execute("PRAGMA page_count").fetchone()
        store._writer.connection.execute(f"PRAGMA max_page_count = {pages + 4}")
        large = store.save("table", "large", write(bytes(1_000_000)), expected=0)
        small = store.save("session", "a", write(b"kept too", append=b" goes on"), expected=1)
        refused, version = await asyncio.gather(large, small, return_exceptions=True)
        assert isinstance(refused, StoreUnavailable)
        assert version == 2
        assert await store.load("session", "a") == Record(2, b"kept too", b"path goes on")
        assert await store.touch("table", "large") is None
        store._writer.connection.execute("PRAGMA max_page_count = 1000000")
        assert await store.save("table", "large", write(bytes(1_000_000)), expected=0) == 1

    in_stores(file, scenario)


def test_a_file_that_another_process_keeps_locked_is_unavailable_until_it_lets_go(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite_file.connect
    monkeypatch.setattr(sqlite_store, "connect", lambda path, **_: connect(path, busy_seconds=0.01))

    async def scenario(store: SqliteStore) -> None:
        await store.save("session", "a", write(b"1"), expected=0)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable):
                await store.save("session", "a", write(b"2"), expected=1)
            assert await store.load("session", "a") == Record(1, b"1", b"")
            await store.ping()
            other.execute("COMMIT")
        assert await store.save("session", "a", write(b"2"), expected=1) == 2

    in_stores(file, scenario)


def test_a_file_that_cannot_be_read_any_more_is_unavailable(file: Path) -> None:
    async def scenario(store: SqliteStore) -> None:
        await store.save("session", "a", write(), expected=0)
        store._writer.connection.execute("DROP TABLE path")
        store._writer.connection.execute("DROP TABLE clock")
        with pytest.raises(StoreUnavailable):
            await store.load("session", "a")
        with pytest.raises(StoreUnavailable):
            await store.ping()

    in_stores(file, scenario)


KILLED = """
import asyncio, sys
from pathlib import Path
from app.sessions.sqlite_store import SqliteStore
from app.sessions.store import Write

async def run():
    store, version = SqliteStore(Path(sys.argv[1])), 0
    while True:
        data = str(version + 1).encode()
        version = await store.save("k", "a", Write(data=data, idle_seconds=1000, append=b"."), expected=version)
        print(version, flush=True)

asyncio.run(run())
"""


def test_what_was_acknowledged_survives_a_killed_process(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(file)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(50):
            process.stdout.readline()
        process.kill()
        acknowledged = 50 + process.stdout.read().count(b"\n")

    async def scenario(store: SqliteStore) -> None:
        record = await store.load("k", "a")
        assert record is not None
        assert record.version in {acknowledged, acknowledged + 1}
        assert record == Record(record.version, str(record.version).encode(), b"." * record.version)
        assert await store.save("k", "a", write(), expected=record.version) == record.version + 1

    in_stores(file, scenario)


def test_idle_time_goes_on_where_it_stood_when_the_machine_starts_again(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot, up = tmp_path / "boot_id", 5000.0
    boot.write_text("first\n")
    monkeypatch.setattr(sqlite_file, "BOOT_ID", boot)
    monkeypatch.setattr(sqlite_file, "monotonic", lambda: up)

    async def write_one(store: SqliteStore) -> None:
        await store.save("session", "a", write(idle_seconds=100), expected=0)

    async def is_there(store: SqliteStore) -> None:
        assert await store.load("session", "a") is not None

    async def is_gone(store: SqliteStore) -> None:
        assert await store.load("session", "a") is None

    in_stores(file, write_one)
    up += 99
    in_stores(file, is_there)
    boot.write_text("second\n")
    up = 12.0
    in_stores(file, is_there)
    up += 99
    in_stores(file, is_there)
    up += 2
    in_stores(file, is_gone)


def test_where_boots_have_no_name_a_clock_that_went_back_tells_of_one(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BOOT_ID", tmp_path / "missing")
    for up in (5000.0, 10.0):
        monkeypatch.setattr(sqlite_file, "monotonic", lambda up=up: up)
        now = sqlite_file.prepare(file)
        assert now() == 0.0
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("INSERT OR REPLACE INTO use VALUES (1, 'k', 0, 0.0, 9.0)")
    monkeypatch.setattr(sqlite_file, "monotonic", lambda: 15.0)
    assert sqlite_file.prepare(file)() == 5.0


def foreign(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE music (title)")


def of_a_later_version(db: sqlite3.Connection) -> None:
    db.execute(f"PRAGMA user_version = {SCHEMA + 1}")


@pytest.mark.parametrize("make", [foreign, of_a_later_version])
def test_a_file_that_is_not_ours_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[sqlite3.Connection], None]
) -> None:
    file = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        make(db)
        before = db.execute("SELECT * FROM sqlite_master").fetchall()
        with pytest.raises(UnusableFileError, match="another program's, or of another version"):
            SqliteStore(file)
        assert db.execute("SELECT * FROM sqlite_master").fetchall() == before


def test_what_is_no_database_or_cannot_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no database at all, but long enough to be looked at " * 10)
    with pytest.raises(UnusableFileError, match="file is not a database"):
        SqliteStore(text)
    with pytest.raises(UnusableFileError, match="Not a directory"):
        SqliteStore(text / "below" / "a file")
