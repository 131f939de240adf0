"""The stores that every test of stores is run against; a new one is added here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.sessions.memory_store import MemoryStore
from app.sessions.sqlite_store import SqliteStore
from app.sessions.store import Store, Write

Maker = Callable[[Path], Store]
"""Makes a new, empty store; what it needs on disk goes into the folder."""

MAKERS: dict[str, Maker] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / f"{uuid4()}.sqlite3"),
}
LONG = 1000.0


def write(data: bytes = b"data", **rest: Any) -> Write:
    return Write(data=data, **{"idle_seconds": LONG, **rest})
