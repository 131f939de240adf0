"""The planes a session was asked for, by id: bounded, the one used longest ago goes first; the rest is in the store."""

import re
import zlib
from collections import OrderedDict
from dataclasses import fields
from math import ceil
from time import monotonic
from typing import Any

import numpy as np
import orjson

from app.engine.planes import Plane
from app.sessions.store import Conflict, Store, Write

PLANE = "plane"
MOST_BYTES = 4 * 2**20
MOST = 512
MOST_KEPT_BYTES = 64 * 2**20
"""Of all sessions together, packed, in the store."""

LOOK_BYTES = 256 * 2**10
"""Between two looks at how many bytes there are: the store counts them one by one."""

PLANE_ID = re.compile("[0-9a-f]{24}")
ARRAYS = ("origin", "d1", "d2")


class Planes:
    """Those at hand, and which of them are not in the store yet."""

    def __init__(self) -> None:
        self._planes: OrderedDict[str, Plane] = OrderedDict()
        self.unwritten: dict[str, Plane] = {}
        self.used: dict[str, float] = {}

    def put(self, plane: Plane) -> Plane:
        """Remember a plane under its id."""
        if plane.id not in self._planes:
            self.unwritten[plane.id] = plane
        self._planes[plane.id] = plane
        self._planes.move_to_end(plane.id)
        most = max(16, min(MOST, MOST_BYTES // (3 * plane.origin.nbytes)))
        while len(self._planes) > most:
            gone, _ = self._planes.popitem(last=False)
            self.unwritten.pop(gone, None)
            self.used.pop(gone, None)
        return plane

    def get(self, plane_id: str) -> Plane | None:
        """The plane, or None."""
        if plane_id in self._planes:
            self._planes.move_to_end(plane_id)
        return self._planes.get(plane_id)


class KeptPlanes:
    """The planes of all sessions in the store, so that every process knows an id that one of them gave."""

    def __init__(self, store: Store, idle_seconds: float) -> None:
        self._store, self._idle_seconds = store, idle_seconds
        self._unseen_bytes = LOOK_BYTES

    async def keep(self, session_id: str, planes: Planes) -> None:
        """Write those that are new; to be done before a client is told their ids."""
        while planes.unwritten:
            plane_id, plane = planes.unwritten.popitem()
            write = Write(data=packed(plane), idle_seconds=self._idle_seconds)
            await self._make_room(len(write.data))
            try:
                await self._store.save(PLANE, f"{session_id}.{plane_id}", write, expected=0)
            except Conflict:
                pass  # it was asked for elsewhere, too
            except BaseException:
                planes.unwritten[plane_id] = plane
                raise
            planes.used[plane_id] = monotonic()

    async def fetch(self, session_id: str, planes: Planes, plane_id: str) -> None:
        """Have a plane at hand that is in the store; one in use stays there."""
        name, now = f"{session_id}.{plane_id}", monotonic()
        if planes.get(plane_id) is None:
            record = await self._store.load(PLANE, name) if PLANE_ID.fullmatch(plane_id) else None
            if record is None:
                return
            planes.put(unpacked(record.data))
            planes.unwritten.pop(plane_id, None)
        if now - planes.used.get(plane_id, float("-inf")) > self._idle_seconds / 4:
            planes.used[plane_id] = now
            await self._store.touch(PLANE, name)

    async def _make_room(self, new_bytes: int) -> None:
        self._unseen_bytes += new_bytes
        if self._unseen_bytes < LOOK_BYTES:
            return
        self._unseen_bytes = 0
        while (held := await self._store.data_bytes(PLANE)) > MOST_KEPT_BYTES:
            too_many = ceil((held - MOST_KEPT_BYTES) / held * await self._store.count(PLANE))
            for _ in range(too_many):
                if await self._store.evict_one(PLANE, idle_seconds=0) is None:
                    return


def packed(plane: Plane) -> bytes:
    """A line of JSON, and the arrays compressed: of a plane of two named parameters most is zero."""
    rest: dict[str, Any] = {item.name: getattr(plane, item.name) for item in fields(Plane) if item.name not in ARRAYS}
    arrays = np.stack([getattr(plane, name) for name in ARRAYS]).astype("<f8")
    return orjson.dumps(rest) + b"\n" + zlib.compress(arrays.tobytes(), 1)


def unpacked(data: bytes) -> Plane:
    """What was packed, to the last bit."""
    rest, _, arrays = data.partition(b"\n")
    origin, d1, d2 = np.frombuffer(zlib.decompress(arrays), "<f8").reshape(len(ARRAYS), -1)
    return Plane(origin, d1, d2, **orjson.loads(rest))
