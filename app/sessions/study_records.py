"""Studies in the store: a record each, and a lease that its worker renews, so that all processes see how it stands.

The record's data say how far the study is, its path is the result so far. Where the lease of an unfinished study is
gone the process that worked on it is gone, too.
"""

import re
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import Any, Literal

import orjson

from app.errors import TooMuchWork, UnknownStudy
from app.sessions.store import Conflict, Store, Write
from app.settings import Settings

Json = dict[str, Any]
Status = Literal["waiting", "running", "done", "cancelled", "failed", "out of time"]

STUDY, LEASE, OF_SESSION = "study", "study-lease", "studies"
UNFINISHED: tuple[Status, ...] = ("waiting", "running")
LEASE_SECONDS = 10.0
ACTIVE_SECONDS = 60.0
"""A study that was worked on within this time does not make room for a new one."""

MOST_UNFINISHED = 2
MOST_TRIES = 20
HEADER_ONLY = 2**40
"""Longer than any result."""

ID = re.compile(r"[A-Za-z0-9_-]{11}")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A study as the store has it; `result` is JSON, "null" as long as nothing is known."""

    id: str
    kind: str
    asked: Json
    about: Json
    number: int
    status: Status = "waiting"
    progress: float = 0.0
    seconds: float = 0.0
    version: int = 0
    result: bytes = b"null"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED


class StudyRecords:
    """The studies of all sessions, a bounded number of each and of all."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    async def begin(self, session_id: str, kind: str, asked: Json, about: Json) -> Kept:
        """A new one, for which older ones make room; TooMuchWork where they are still being worked on."""
        known = await self.all(session_id)
        if sum(one.is_unfinished for one in known) >= MOST_UNFINISHED:
            raise TooMuchWork("problem.studies-running.detail", retry_after_seconds=5, most=MOST_UNFINISHED)
        ended = [one for one in known if not one.is_unfinished]
        for one in ended[: max(0, len(known) + 1 - self._settings.max_studies_per_session)]:
            await self.forget(session_id, one.id)
        while await self._store.count(STUDY) >= self._settings.max_studies:
            if await self._store.evict_one(STUDY, idle_seconds=ACTIVE_SECONDS) is None:
                raise TooMuchWork("problem.too-many-studies.detail", retry_after_seconds=int(ACTIVE_SECONDS))
        number = 1 + max((one.number for one in known), default=0)
        new = Kept(id=token_urlsafe(8), kind=kind, asked=asked, about=about, number=number)
        await self.renew_lease(session_id, new.id)
        kept = await self.save(session_id, new, with_result=False)
        idle_seconds = self._settings.study_idle_seconds
        await self._store.add_member(OF_SESSION, session_id, new.id, idle_seconds=idle_seconds)
        return kept

    async def all(self, session_id: str) -> list[Kept]:
        """Those of a session, the oldest first, without results."""
        found = []
        for id_ in await self._store.members(OF_SESSION, session_id):
            kept = await self.find(session_id, id_)
            if kept is None:
                await self._store.remove_member(OF_SESSION, session_id, id_)
            else:
                found.append(kept)
        return sorted(found, key=lambda one: one.number)

    async def get(self, session_id: str, id_: str) -> Kept:
        """One that is asked for stays; UnknownStudy."""
        known = ID.fullmatch(id_) and await self._store.touch(STUDY, f"{session_id}.{id_}") is not None
        kept = await self._load(session_id, id_) if known else None
        if kept is None:
            raise UnknownStudy
        return kept

    async def find(self, session_id: str, id_: str) -> Kept | None:
        """How one stands, without its result; None where there is none."""
        return await self._load(session_id, id_, path_from=HEADER_ONLY)

    async def save(self, session_id: str, kept: Kept, *, with_result: bool) -> Kept:
        """Write how it stands; Conflict where somebody else wrote since it was read."""
        write = Write(
            data=_packed(kept),
            idle_seconds=self._settings.study_idle_seconds,
            append=zlib.compress(kept.result, 1) if with_result else b"",
            rewrite=with_result,
        )
        version = await self._store.save(STUDY, f"{session_id}.{kept.id}", write, expected=kept.version)
        return replace(kept, version=version)

    async def end(self, session_id: str, id_: str, status: Status) -> Kept | None:
        """Make an unfinished one end so, with what is known; as it stood before. None where it is gone."""
        for _ in range(MOST_TRIES):
            kept = await self.find(session_id, id_)
            if kept is None or not kept.is_unfinished:
                return kept
            with suppress(Conflict):
                await self.save(session_id, replace(kept, status=status), with_result=False)
                return kept
        raise TooMuchWork

    async def forget(self, session_id: str, id_: str) -> None:
        """Remove it for good."""
        await self._store.delete(STUDY, f"{session_id}.{id_}")
        await self._store.delete(LEASE, f"{session_id}.{id_}")
        await self._store.remove_member(OF_SESSION, session_id, id_)

    async def renew_lease(self, session_id: str, id_: str) -> None:
        """Say that the study is being seen to."""
        name = f"{session_id}.{id_}"
        lease = await self._store.load(LEASE, name)
        write = Write(data=b"", idle_seconds=LEASE_SECONDS)
        with suppress(Conflict):  # somebody else renewed it
            await self._store.save(LEASE, name, write, expected=lease.version if lease else 0)

    async def _load(self, session_id: str, id_: str, path_from: int = 0) -> Kept | None:
        """As it stands; one that nobody sees to any more has failed."""
        name = f"{session_id}.{id_}"
        for _ in range(MOST_TRIES):
            record = await self._store.load(STUDY, name, path_from=path_from)
            if record is None:
                return None
            kept = _unpacked(id_, record.version, record.data, record.path)
            if not kept.is_unfinished or await self._store.load(LEASE, name) is not None:
                return kept
            with suppress(Conflict):
                return await self.save(session_id, replace(kept, status="failed"), with_result=False)
        raise TooMuchWork


def _packed(kept: Kept) -> bytes:
    names = ("kind", "asked", "about", "number", "status", "progress", "seconds")
    return orjson.dumps({name: getattr(kept, name) for name in names})


def _unpacked(id_: str, version: int, data: bytes, path: bytes) -> Kept:
    result = zlib.decompress(path) if path else b"null"
    return Kept(id=id_, version=version, result=result, **orjson.loads(data))
