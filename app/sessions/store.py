"""What lives between requests, behind one small asynchronous protocol that memory, SQLite and Redis can all keep.

A **record** is opaque bytes under (kind, id), with a version that a writer has to know (compare-and-set), a path of
bytes that grows at its end, perhaps an alias, and an idle time after which it is gone. A **set of members** is a set
of texts under (kind, id) with an idle time of its own. The clock is the store's: monotonic in a process, the server's
where there is one; no wall clock is read.
"""

from dataclasses import dataclass
from typing import Protocol

SESSION = "session"
"""The kind of records that sessions are."""


class Conflict(Exception):  # noqa: N818 - an outcome to be expected, not an error
    """Somebody else wrote first. `actual` is the version that stands in the store, None where there is no record."""

    def __init__(self, actual: int | None) -> None:
        super().__init__(f"the store holds version {actual}")
        self.actual = actual


@dataclass(frozen=True, slots=True)
class Record:
    """What stands in the store; data and path were written together."""

    version: int
    data: bytes
    path: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """What to write. `append` goes behind the path, or with `rewrite` in its place.

    `fresh` marks what nobody has worked with yet: it makes room first. `alias` is given once, when the record is
    created, and lives as long as it.
    """

    data: bytes
    idle_seconds: float
    fresh: bool = False
    append: bytes = b""
    rewrite: bool = False
    alias: str | None = None


class Store(Protocol):
    """Any call may raise `app.errors.StoreUnavailable`; then it is unknown whether it was done."""

    async def load(self, kind: str, id_: str, *, path_from: int = 0) -> Record | None:
        """Data and path as they were written together; None where there is nothing (any more). This is no use of it.

        The path's first `path_from` bytes are left out.
        """
        ...

    async def touch(self, kind: str, id_: str) -> int | None:
        """Note that the record is in use, which starts its idle time again, and tell its version.

        What every request about a record asks first; a store may note uses no finer than to the minute.
        """
        ...

    async def save(self, kind: str, id_: str, write: Write, *, expected: int) -> int:
        """Write data and path in one go if the version is still `expected`; 0 creates. Returns the new version.

        Raises Conflict.
        """
        ...

    async def find(self, kind: str, alias: str) -> str | None:
        """The id of the record that was created with this alias."""
        ...

    async def delete(self, kind: str, id_: str) -> bool:
        """Remove a record with path and alias; whether there was one."""
        ...

    async def count(self, kind: str) -> int:
        """Records of this kind."""
        ...

    async def data_bytes(self, kind: str) -> int:
        """Bytes of their data, without paths."""
        ...

    async def evict_one(self, kind: str, *, idle_seconds: float) -> str | None:
        """Remove the record idle longest, fresh ones first, of those idle for at least `idle_seconds`; its id."""
        ...

    async def add_member(self, kind: str, id_: str, member: str, *, idle_seconds: float) -> None: ...

    async def remove_member(self, kind: str, id_: str, member: str) -> None: ...

    async def members(self, kind: str, id_: str) -> frozenset[str]: ...

    async def ping(self) -> None:
        """Return if the store can be reached, else raise StoreUnavailable."""
        ...

    async def close(self) -> None: ...
