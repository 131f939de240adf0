"""Sessions in memory, beside what the store has of them."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from time import monotonic

import orjson

from app.errors import TooMuchWork
from app.metrics import Metrics
from app.sessions.session import Session
from app.sessions.snapshot import PathWriter, Snapshot, follow, pack, recipe_bytes
from app.sessions.store import Write
from app.settings import Settings

MOST_LIVE = 1000
"""The one used longest ago leaves first."""

LIVE_IDLE_SECONDS = 120.0
"""A session not used for so long leaves memory."""

SWEEP_SECONDS = 15.0

UNDISTURBED_AFTER = 8
"""Writes in a row that nobody came in between."""

MOST_WAITING = 1000
"""Requests for one session, one behind the other."""


class Live:
    """A session as this process has it; whoever changes it holds `lock`.

    It is `trusted` while it is what was last read from the store or written there, with nothing done to it since.
    """

    def __init__(self, session: Session, path_bytes: int = 0) -> None:
        self.lock = asyncio.Lock()
        self.used = monotonic()
        self.waiting = 0
        self.become(session, path_bytes)

    def become(self, session: Session, path_bytes: int) -> None:
        """Stand for this session; `path_bytes` of its path are in the store, none for a new one."""
        self.session, self.trusted, self._own_writes = session, True, 0
        self.path_bytes, self._paths = path_bytes, PathWriter()
        self._recipe, self._recipe_json = session.recipe, recipe_bytes(session.recipe)
        if path_bytes:
            self._paths.note_written(session)

    @property
    def is_undisturbed(self) -> bool:
        """Whether it stands as this process wrote it, which has been the only one to write for a while."""
        return self.trusted and self._own_writes >= UNDISTURBED_AFTER

    def is_as_new_as(self, version: int) -> bool:
        return self.trusted and self.session.version >= version

    def follow(self, snapshot: Snapshot, settings: Settings) -> bool:
        """Go on to a newer snapshot; its path begins after `path_bytes`. False where the session must be read anew."""
        if not follow(self.session, orjson.loads(self._recipe_json), snapshot, settings):
            return False
        self.path_bytes += len(snapshot.path)
        self._own_writes = 0
        self._paths.note_written(self.session)
        return True

    def unwritten(self, idle_seconds: float, alias: str | None = None) -> Write:
        """What has to be written; it counts as written only when `note_written` says so."""
        session = self.session
        if self._recipe is not session.recipe:
            self._recipe, self._recipe_json = session.recipe, recipe_bytes(session.recipe)
        path, rewrite = self._paths.unwritten(session)
        return Write(
            data=pack(session, self._recipe_json),
            idle_seconds=idle_seconds,
            fresh=session.clock == 0,
            append=path,
            rewrite=rewrite,
            alias=alias,
        )

    def note_written(self, write: Write, version: int) -> None:
        self.session.version, self.trusted = version, True
        self._own_writes += 1
        self.path_bytes = len(write.append) + (0 if write.rewrite else self.path_bytes)

    async def __aenter__(self) -> bool:
        """Take the lock; whether that had to be waited for. TooMuchWork where too many wait already."""
        if self.waiting >= MOST_WAITING:
            raise TooMuchWork
        waits = self.lock.locked() or self.waiting > 0
        self.waiting += 1
        try:
            await self.lock.acquire()
        finally:
            self.waiting -= 1
        return waits

    async def __aexit__(self, *_: object) -> None:
        self.lock.release()


class LiveSessions:
    """By id, the least recently used first; they leave when they are many, or after a while without use."""

    def __init__(self, metrics: Metrics | None = None) -> None:
        self._count = (metrics or Metrics()).sessions_live
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._owners: dict[str, str] = {}
        self._sweep: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[Live]:
        return iter(self._live.values())

    def owner(self, view_id: str) -> str | None:
        """The id of the session that this id shows."""
        return self._owners.get(view_id)

    def get(self, id_: str) -> Live | None:
        """The session, which counts as used."""
        live = self._live.get(id_)
        if live is not None:
            live.used = monotonic()
            self._live.move_to_end(id_)
        return live

    def holds(self, live: Live) -> bool:
        return self._live.get(live.session.id) is live

    def put(self, live: Live) -> Live:
        self._live[live.session.id] = live
        self._owners[live.session.view_id] = live.session.id
        self._count.set(len(self._live))
        self._remove_idle(MOST_LIVE, float("inf"))
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep_idle)
        return live

    def drop(self, id_: str) -> None:
        live = self._live.pop(id_, None)
        if live is not None:
            self._owners.pop(live.session.view_id, None)
            self._count.set(len(self._live))

    def close(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()

    def _sweep_idle(self) -> None:
        self._remove_idle(MOST_LIVE, LIVE_IDLE_SECONDS)
        again = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep_idle) if self._live else None
        self._sweep = again

    def _remove_idle(self, most: int, idle_seconds: float) -> None:
        """None that is being worked with."""
        now, excess = monotonic(), len(self._live) - most
        gone: list[str] = []
        for id_, live in self._live.items():
            if len(gone) >= excess and now - live.used < idle_seconds:
                break
            if not live.lock.locked():
                gone.append(id_)
        for id_ in gone:
            self.drop(id_)
