"""The file behind the SQLite store: its tables and its clock."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from app.sessions.signals import make_file

SCHEMA = 1
"""Kept as `user_version`. A file of a later one is refused; an earlier one will be migrated here."""

BUSY_SECONDS = 2.0
"""How long to wait for another process that is writing."""

CHECKPOINT_PAGES = 4000
"""Of 4 KB in the write-ahead log; then they are copied into the file. Only then does a commit wait for the disk."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

TABLES = """
CREATE TABLE record (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    alias TEXT,
    path_bytes INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (kind, id)
);
CREATE UNIQUE INDEX alias ON record (kind, alias) WHERE alias IS NOT NULL;
CREATE TABLE use (
    place INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    fresh INTEGER NOT NULL,
    used REAL NOT NULL,
    idle REAL NOT NULL
);
CREATE TABLE path (place INTEGER, start INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (place, start)) WITHOUT ROWID;
CREATE TABLE gathering (kind TEXT, id TEXT, ends REAL NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE member (kind TEXT, id TEXT, member TEXT, PRIMARY KEY (kind, id, member)) WITHOUT ROWID;
CREATE TABLE clock (boot TEXT NOT NULL, start REAL NOT NULL);
"""


class UnusableFileError(ValueError):
    """The file cannot be opened, or is not ours; the message says why."""


def connect(path: Path, *, busy_seconds: float = BUSY_SECONDS, copies_log: bool = True) -> sqlite3.Connection:
    """A connection in autocommit mode, for whichever thread: its user sees to it that it is one at a time."""
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES if copies_log else 0}")
    connection.execute(f"PRAGMA journal_size_limit = {4096 * CHECKPOINT_PAGES}")
    return connection


def prepare(path: Path) -> Callable[[], float]:
    """Make the file where there is none, and return its clock; UnusableFileError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            _create_tables(connection, path)
            make_file(signals_path(path))
            clock = _clock(connection)
            connection.execute("COMMIT")
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise UnusableFileError(f"{path} cannot be used: {error}") from None
    return clock


def signals_path(path: Path) -> Path:
    """Where the processes that share the file tell each other of changes."""
    return path.with_name(f"{path.name}-signals")


def _create_tables(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == SCHEMA:
        return
    if version or connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise UnusableFileError(f"{path} is another program's, or of another version of Descent (schema {version})")
    for statement in TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _clock(connection: sqlite3.Connection) -> Callable[[], float]:
    """Seconds that the machine has been up since the file was made, the same for all processes.

    It goes on from the last use that was noted when the machine starts again, so the time that it was off does not
    count, and neither does any change of the time of day.
    """
    boot = _boot_id()
    known = connection.execute("SELECT boot, start FROM clock").fetchone()
    (latest,) = connection.execute("SELECT coalesce(max(used), 0) FROM use").fetchone()
    if known is not None and known[0] == boot and known[1] + monotonic() >= latest:
        start = known[1]
    else:
        start = latest - monotonic()
        connection.execute("DELETE FROM clock")
        connection.execute("INSERT INTO clock VALUES (?, ?)", (boot, start))
    return lambda: start + monotonic()


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:  # not Linux: a restart is seen by the monotonic clock alone
        return ""
