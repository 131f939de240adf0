"""Studies at work: each a few milliseconds at a time in the pool, seen through the store, ended from anywhere."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic, perf_counter
from typing import Any, TypeVar

import orjson

from app.errors import StoreUnavailable, TooMuchWork
from app.sessions.store import Conflict, Store
from app.sessions.study_records import Kept, Status, StudyRecords
from app.sessions.study_work import Prepared, Study
from app.sessions.work import WorkPool
from app.settings import Settings

T = TypeVar("T")
log = logging.getLogger("descent")

SLICE_SECONDS = 0.04
"""So long a study works before others have a turn, and before it is seen whether it is to end."""

TELL_SECONDS = 0.5
LAST_TRIES = 5
STOP_SECONDS = 2.0


@dataclass(eq=False)
class Job:
    """A study that this process works on; `end` is how it is to end, once that is known."""

    session_id: str
    kept: Kept
    study: Study
    work: Iterator[float]
    end: Status | None = None
    is_forgotten: bool = False
    written: bytes = b"null"
    told: float = field(default_factory=monotonic)
    task: "asyncio.Task[None] | None" = None

    def work_on(self, seconds: float) -> tuple[float, bool, float]:
        """For about so long; the share that is done, whether that was all, and how long it took."""
        start, share = perf_counter(), self.kept.progress
        for share in self.work:
            if perf_counter() - start >= seconds:
                return share, False, perf_counter() - start
        return share, True, perf_counter() - start


class Studies:
    """Those that this process works on, half as many at a time as there are cores, the others wait."""

    def __init__(self, settings: Settings, store: Store, pool: WorkPool) -> None:
        self.records = StudyRecords(store, settings)
        self._settings, self._pool = settings, pool
        self._turns = asyncio.Semaphore(max(1, pool.width // 2))
        self._jobs: dict[str, Job] = {}
        self._beginning = asyncio.Lock()

    @property
    def at_work(self) -> int:
        """How many this process has not brought to their end."""
        return len(self._jobs)

    async def begin(self, session_id: str, kind: str, asked: dict[str, Any], made: Prepared) -> Kept:
        """Begin it; TooMuchWork where there are too many already."""
        async with self._beginning:
            kept = await self.records.begin(session_id, kind, asked, made.about)
        job = Job(session_id, kept, made.study, made.study.work())
        self._jobs[kept.id] = job
        job.task = asyncio.get_running_loop().create_task(self._see_to(job))
        return kept

    async def cancel(self, session_id: str, id_: str) -> None:
        """End an unfinished one with what is known; forget one that has ended. UnknownStudy."""
        await self.records.get(session_id, id_)
        before = await self.records.end(session_id, id_, "cancelled")
        if before is not None and not before.is_unfinished:
            await self.records.forget(session_id, id_)
        elif id_ in self._jobs:
            self._jobs[id_].end = "cancelled"

    async def forget_all(self, session_id: str) -> None:
        """Those of a session that is no more."""
        for kept in await self.records.all(session_id):
            await self.records.forget(session_id, kept.id)
            if kept.id in self._jobs:
                self._jobs[kept.id].end = "cancelled"

    async def stop(self) -> None:
        """Before the process ends: what is unfinished has failed, and says so."""
        for job in self._jobs.values():
            job.end = job.end or "failed"
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
        self.close()

    def close(self) -> None:
        """Leave all of them; their leases end."""
        for job in self._jobs.values():
            if job.task is not None:
                job.task.cancel()

    async def _see_to(self, job: Job) -> None:
        """From its beginning to its end."""
        try:
            if await self._has_its_turn(job):
                try:
                    await self._carry_out(job)
                finally:
                    self._turns.release()
        except Exception:
            log.exception("a study failed")
            job.end = "failed"
        finally:
            self._jobs.pop(job.kept.id, None)
        await self._tell_the_end(job)

    async def _has_its_turn(self, job: Job) -> bool:
        """Wait for it; False where the study is to end before."""
        while job.end is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(TELL_SECONDS):
                    return await self._turns.acquire()
            await self._tell(job)
        return False

    async def _carry_out(self, job: Job) -> None:
        """Until it is done, out of time, or ended by somebody."""
        job.kept = replace(job.kept, status="running")
        await self._tell(job)
        while job.end is None:
            share, is_done, seconds = await self._in_pool(job, lambda: job.work_on(SLICE_SECONDS))
            job.kept = replace(job.kept, progress=min(1.0, share), seconds=job.kept.seconds + seconds)
            if is_done:
                job.end = job.end or "done"
            elif job.kept.seconds >= self._settings.study_seconds:
                job.end = job.end or "out of time"
            elif monotonic() - job.told >= TELL_SECONDS:
                await self._know(job)
                await self._tell(job)
        await self._know(job)

    async def _in_pool(self, job: Job, work: Callable[[], T]) -> T:
        """What it returns; people who wait for an answer come first."""
        while True:
            try:
                return await self._pool.run(work)
            except TooMuchWork:
                await asyncio.sleep(SLICE_SECONDS)
                if monotonic() - job.told >= TELL_SECONDS:
                    await self._tell(job)

    async def _know(self, job: Job) -> None:
        """Have the result so far as it is told."""
        result = await self._in_pool(job, lambda: orjson.dumps(job.study.shown()))
        job.kept = replace(job.kept, result=result)

    async def _tell(self, job: Job) -> None:
        """Write how it stands; hear whether it is to end."""
        job.told = monotonic()
        with suppress(StoreUnavailable):
            await self.records.renew_lease(job.session_id, job.kept.id)
            await self._is_written(job, job.kept)

    async def _tell_the_end(self, job: Job) -> None:
        for _ in range(LAST_TRIES):
            assert job.end is not None
            with suppress(StoreUnavailable):
                if await self._is_written(job, replace(job.kept, status=job.end)) or job.is_forgotten:
                    return
            await asyncio.sleep(SLICE_SECONDS)

    async def _is_written(self, job: Job, kept: Kept) -> bool:
        """Whether this is in the store now; if somebody else wrote first, that is heeded."""
        try:
            kept = await self.records.save(job.session_id, kept, with_result=kept.result != job.written)
        except Conflict:
            await self._heed(job)
            return False
        job.kept, job.written = kept, kept.result
        return True

    async def _heed(self, job: Job) -> None:
        """What the store has: the study was ended or forgotten, or a write of our own came through unheard."""
        found = await self.records.find(job.session_id, job.kept.id)
        if found is None:
            job.end, job.is_forgotten = job.end or "cancelled", True
            return
        job.kept, job.written = replace(job.kept, version=found.version), b""
        if not found.is_unfinished:
            job.end = found.status
