"""The stores that every test of stores is run against; a new one is added here."""

from collections.abc import Callable
from typing import Any

from app.sessions.memory_store import MemoryStore
from app.sessions.store import Store, Write

MAKERS: dict[str, Callable[[], Store]] = {"memory": MemoryStore}
LONG = 1000.0


def write(data: bytes = b"data", **rest: Any) -> Write:
    return Write(data=data, **{"idle_seconds": LONG, **rest})
