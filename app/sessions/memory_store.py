"""The store inside the process: gone when it ends, and only for one worker. Also the reference for the others."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from app.sessions.store import Conflict, Record, Write


@dataclass(slots=True)
class _Entry:
    version: int
    data: bytes
    path: bytearray
    idle_seconds: float
    touched: float
    alias: str | None

    def write(self, write: Write, now: float) -> None:
        self.version += 1
        self.data, self.idle_seconds, self.touched = write.data, write.idle_seconds, now
        if write.rewrite:
            self.path = bytearray()
        self.path += write.append

    def is_over(self, now: float) -> bool:
        return now - self.touched >= self.idle_seconds


@dataclass(slots=True)
class _Kind:
    """The records of one kind: apart those nobody has worked with, and in both the least recently used first."""

    fresh: dict[str, _Entry] = field(default_factory=dict)
    used: dict[str, _Entry] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    data_bytes: int = 0

    def get(self, id_: str, now: float) -> _Entry | None:
        entry = self.used.get(id_) or self.fresh.get(id_)
        if entry is not None and entry.is_over(now):
            self.remove(id_)
            return None
        return entry

    def put(self, id_: str, entry: _Entry, *, fresh: bool) -> None:
        """Last in its order: a dict keeps the order in which keys came."""
        self.used.pop(id_, None)
        self.fresh.pop(id_, None)
        (self.fresh if fresh else self.used)[id_] = entry

    def remove(self, id_: str) -> bool:
        entry = self.used.pop(id_, None) or self.fresh.pop(id_, None)
        if entry is None:
            return False
        self.data_bytes -= len(entry.data)
        if entry.alias is not None:
            del self.aliases[entry.alias]
        return True

    def remove_over(self, now: float) -> None:
        for order in (self.fresh, self.used):
            while order and (first := next(iter(order))) and order[first].is_over(now):
                self.remove(first)


@dataclass(slots=True)
class _Members:
    members: set[str]
    ends: float


class MemoryStore:
    """Nothing is awaited between reading and writing, so every call is atomic."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kinds: defaultdict[str, _Kind] = defaultdict(_Kind)
        self._sets: dict[tuple[str, str], _Members] = {}

    async def load(self, kind: str, id_: str, *, path_from: int = 0) -> Record | None:
        entry = self._kinds[kind].get(id_, self._clock())
        return Record(entry.version, entry.data, bytes(entry.path[path_from:])) if entry else None

    async def touch(self, kind: str, id_: str) -> int | None:
        records, now = self._kinds[kind], self._clock()
        entry = records.get(id_, now)
        if entry is None:
            return None
        entry.touched = now
        records.put(id_, entry, fresh=id_ in records.fresh)
        return entry.version

    async def save(self, kind: str, id_: str, write: Write, *, expected: int) -> int:
        records, now = self._kinds[kind], self._clock()
        entry = records.get(id_, now)
        if (entry.version if entry else 0) != expected:
            raise Conflict(entry.version if entry else None)
        if entry is None:
            records.remove_over(now)
            entry = _Entry(0, b"", bytearray(), 0.0, now, write.alias)
            if write.alias is not None:
                records.aliases[write.alias] = id_
        records.data_bytes += len(write.data) - len(entry.data)
        entry.write(write, now)
        records.put(id_, entry, fresh=write.fresh)
        return entry.version

    async def find(self, kind: str, alias: str) -> str | None:
        records = self._kinds[kind]
        id_ = records.aliases.get(alias)
        return id_ if id_ is not None and records.get(id_, self._clock()) else None

    async def delete(self, kind: str, id_: str) -> bool:
        records = self._kinds[kind]
        return records.get(id_, self._clock()) is not None and records.remove(id_)

    async def count(self, kind: str) -> int:
        records = self._kinds[kind]
        records.remove_over(self._clock())
        return len(records.fresh) + len(records.used)

    async def data_bytes(self, kind: str) -> int:
        records = self._kinds[kind]
        records.remove_over(self._clock())
        return records.data_bytes

    async def evict_one(self, kind: str, *, idle_seconds: float) -> str | None:
        records = self._kinds[kind]
        latest = self._clock() - idle_seconds
        oldest = [next(iter(order)) for order in (records.fresh, records.used) if order]
        for id_ in oldest:
            entry = records.fresh.get(id_) or records.used[id_]
            if entry.touched <= latest:
                records.remove(id_)
                return id_
        return None

    async def add_member(self, kind: str, id_: str, member: str, *, idle_seconds: float) -> None:
        now = self._clock()
        self._sets = {key: held for key, held in self._sets.items() if held.ends > now}
        held = self._sets.setdefault((kind, id_), _Members(set(), now))
        held.members.add(member)
        held.ends = now + idle_seconds

    async def remove_member(self, kind: str, id_: str, member: str) -> None:
        if held := self._sets.get((kind, id_)):
            held.members.discard(member)

    async def members(self, kind: str, id_: str) -> frozenset[str]:
        held = self._sets.get((kind, id_))
        return frozenset(held.members) if held and held.ends > self._clock() else frozenset()

    async def ping(self) -> None:
        """Memory is always there."""

    async def close(self) -> None:
        self._kinds.clear()
        self._sets.clear()
