"""The pool for long work: as wide as the machine, with a queue that refuses what would wait too long."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from threading import Event

import pytest

from app.errors import TooMuchWork
from app.sessions import work
from app.sessions.work import WorkPool


def in_pool(scenario: Callable[[WorkPool], Awaitable[None]], longest_wait_seconds: float = 2.0) -> None:
    async def run() -> None:
        with closing(WorkPool(longest_wait_seconds)) as pool:
            await scenario(pool)

    asyncio.run(run())


def test_what_a_job_returns_or_raises_comes_back() -> None:
    async def scenario(pool: WorkPool) -> None:
        assert await asyncio.gather(*(pool.run(partial(pow, i, 2)) for i in range(100))) == [i * i for i in range(100)]
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda: 1 // 0)
        assert pool.waiting == 0

    in_pool(scenario)


def test_a_queue_that_would_take_too_long_takes_no_more_until_it_is_shorter() -> None:
    async def scenario(pool: WorkPool) -> None:
        pool._mean_seconds = 1.0
        go_on = Event()
        jobs = [asyncio.ensure_future(pool.run(go_on.wait)) for _ in range(3 * pool.width)]
        await asyncio.sleep(0)
        assert pool.wait_seconds == pytest.approx(2.0, abs=1.0)
        jobs += [asyncio.ensure_future(pool.run(go_on.wait)) for _ in range(pool.width)]
        await asyncio.sleep(0)
        with pytest.raises(TooMuchWork) as refused:
            await pool.run(lambda: None)
        assert refused.value.headers["Retry-After"] in {"3", "4"}
        go_on.set()
        done = await asyncio.gather(*jobs, return_exceptions=True)
        assert sum(result is True for result in done) >= 3 * pool.width
        await pool.run(lambda: None)

    in_pool(scenario)


def test_short_jobs_may_queue_in_larger_numbers_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 50)

    async def scenario(pool: WorkPool) -> None:
        done = await asyncio.gather(*(pool.run(lambda: None) for _ in range(80)), return_exceptions=True)
        assert sum(result is None for result in done) == 50
        assert sum(isinstance(result, TooMuchWork) for result in done) == 30

    in_pool(scenario)


def test_a_job_that_is_given_up_is_counted_until_its_thread_is_free() -> None:
    async def scenario(pool: WorkPool) -> None:
        go_on = Event()
        job = asyncio.ensure_future(pool.run(go_on.wait))
        await asyncio.sleep(0.01)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        assert pool.waiting == 1
        go_on.set()
        assert await asyncio.gather(*(pool.run(lambda: 1) for _ in range(10))) == [1] * 10
        await asyncio.sleep(0.01)
        assert pool.waiting == 0

    in_pool(scenario)
