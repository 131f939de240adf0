"""The pool in which long work is done: as many threads as cores, and a queue that refuses what would wait too long."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from time import perf_counter
from typing import TypeVar

from app.errors import TooMuchWork
from app.metrics import Metrics

MOST_WAITING = 1000
"""However short the jobs are."""

MEMORY = 0.9
"""How much of the mean duration is remembered from one job to the next."""

LONG_SECONDS = 0.05
"""When a job has taken so long, another may begin beside it: shorter ones would only fight for the interpreter."""

GIVES_WAY = 10
"""Niceness, of which an ordinary thread has 0."""

T = TypeVar("T")


class WorkPool:
    """Jobs wait for at most about `longest_wait_seconds`, as far as the last jobs tell how long one takes.

    Short ones are done one after another; of long ones so many at a time as `width` says: without it, as there are
    cores. `name` is that of the metrics.
    """

    def __init__(
        self,
        longest_wait_seconds: float,
        width: int | None = None,
        *,
        name: str = "computing",
        metrics: Metrics | None = None,
    ) -> None:
        self._metrics, self._labels = metrics or Metrics(), (name,)
        self._longest_wait_seconds = longest_wait_seconds
        self.width = width or os.cpu_count() or 1
        self.waiting = 0
        self._mean_seconds = 0.0
        self._turn = asyncio.Semaphore(1)
        self._threads = ThreadPoolExecutor(self.width, thread_name_prefix="work", initializer=_give_way)
        self._metrics.pool_threads.set(self.width, self._labels)

    @property
    def wait_seconds(self) -> float:
        """About how long a job would wait that came now."""
        abreast = self.width if self._mean_seconds > LONG_SECONDS else 1
        return max(0, self.waiting - abreast + 1) * self._mean_seconds / abreast

    async def run(self, work: Callable[[], T]) -> T:
        """What the job returns; TooMuchWork where the queue is too long."""
        wait = self.wait_seconds
        if wait > self._longest_wait_seconds or self.waiting >= MOST_WAITING:
            self._metrics.pool_refused.add(1, self._labels)
            raise TooMuchWork(retry_after_seconds=max(1, ceil(wait)))
        self._count(1)
        job = asyncio.ensure_future(self._done(work))
        job.add_done_callback(self._note)
        return (await asyncio.shield(job))[0]

    def close(self) -> None:
        """Let the threads end; what has not begun is not done any more."""
        self._threads.shutdown(cancel_futures=True)

    async def _done(self, work: Callable[[], T]) -> tuple[T, float]:
        """Result and seconds, when it was this job's turn; the next one's is when this has ended or is a long one."""
        loop = asyncio.get_running_loop()
        await self._turn.acquire()
        turns = [self._turn.release]

        def pass_on() -> None:
            while turns:
                turns.pop()()

        long = loop.call_later(LONG_SECONDS, pass_on)
        try:
            return await loop.run_in_executor(self._threads, _timed, work)
        finally:
            long.cancel()
            pass_on()

    def _count(self, more: int) -> None:
        self.waiting += more
        self._metrics.pool_jobs.set(self.waiting, self._labels)

    def _note(self, job: "asyncio.Future[tuple[T, float]]") -> None:
        self._count(-1)
        if not job.cancelled() and job.exception() is None:
            self._mean_seconds += (1 - MEMORY) * (job.result()[1] - self._mean_seconds)


def _give_way() -> None:
    """Where threads have priorities of their own, those that compute come after those that answer."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = perf_counter()
    result = work()
    return result, perf_counter() - started
