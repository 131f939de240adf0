"""Which store a URL opens. What needs a library of its own imports it where it is opened."""

from collections.abc import Callable

from app.sessions.memory_store import MemoryStore
from app.sessions.store import Store

OPENERS: dict[str, Callable[[str], Store]] = {"memory://": lambda _: MemoryStore()}


def open_store(url: str) -> Store:
    """The store behind a URL; `Settings` has refused every scheme that is not known."""
    return next(opener for scheme, opener in OPENERS.items() if url.startswith(scheme))(url)
