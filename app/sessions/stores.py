"""Which store a URL opens. What needs a library of its own imports it where it is opened."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from app.sessions.memory_store import MemoryStore
from app.sessions.store import Store

FILE_NAME = "descent.sqlite3"


def open_store(url: str) -> Store:
    """The store behind a URL; `Settings` has refused every one that is not known.

    UnusableFileError where it is a file that cannot be used.
    """
    return next(opener for scheme, opener in OPENERS.items() if url.startswith(scheme))(url)


def check_store(url: str) -> None:
    """UnusableFileError where the store is a file that cannot be used, before anything is served."""
    if url.startswith("sqlite://"):
        from app.sessions.sqlite_file import prepare

        prepare(sqlite_path(url))


def _memory(_: str) -> Store:
    return MemoryStore()


def _sqlite(url: str) -> Store:
    from app.sessions.sqlite_store import SqliteStore

    return SqliteStore(sqlite_path(url))


def _redis(url: str) -> Store:
    from app.sessions.redis_store import open_redis

    return open_redis(url)


OPENERS: dict[str, Callable[[str], Store]] = {
    "memory://": _memory,
    "sqlite://": _sqlite,
    "redis://": _redis,
    "redis+cluster://": _redis,
}


def sqlite_path(url: str) -> Path:
    """`sqlite:///relative`, `sqlite:////absolute`, or in the user's data directory where the URL says no more.

    >>> sqlite_path("sqlite:///there/d.sqlite3").as_posix(), sqlite_path("sqlite:////data/d.sqlite3").as_posix()
    ('there/d.sqlite3', '/data/d.sqlite3')
    """
    path = url.removeprefix("sqlite://")
    return Path(path[1:]) if path else data_folder() / FILE_NAME


def data_folder() -> Path:
    """Where programs of this user keep their data, on this kind of system; `XDG_DATA_HOME` is heard on all."""
    places = {"darwin": "Library/Application Support", "win32": "AppData/Local"}
    own = Path(Path.home(), *places.get(sys.platform, ".local/share").split("/"))
    return Path(os.environ.get("XDG_DATA_HOME") or own, "descent")
