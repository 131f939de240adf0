"""The pool for long work: as wide as the machine, with a queue that refuses what would wait too long."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from threading import Event

import pytest

from app.errors import TooMuchWork
from app.sessions import work
from app.sessions.work import WorkPool


def in_pool(scenario: Callable[[WorkPool], Awaitable[None]], width: int | None = None) -> None:
    async def run() -> None:
        with closing(WorkPool(2.0, width)) as pool:
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


def test_what_is_short_is_expected_to_wait_for_all_before_it() -> None:
    async def scenario(pool: WorkPool) -> None:
        pool._mean_seconds = 0.01
        go_on = Event()
        jobs = [asyncio.ensure_future(pool.run(go_on.wait)) for _ in range(6)]
        await asyncio.sleep(0)
        assert pool.wait_seconds == pytest.approx(0.06)
        go_on.set()
        await asyncio.gather(*jobs)

    in_pool(scenario)


def test_short_jobs_may_queue_in_larger_numbers_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 50)

    async def scenario(pool: WorkPool) -> None:
        done = await asyncio.gather(*(pool.run(lambda: None) for _ in range(80)), return_exceptions=True)
        assert sum(result is None for result in done) == 50
        assert sum(isinstance(result, TooMuchWork) for result in done) == 30

    in_pool(scenario)


def test_short_jobs_take_turns_in_the_order_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "LONG_SECONDS", 30)
    under_way, met, order = set[int](), list[int](), list[int]()

    def job(number: int) -> None:
        under_way.add(number)
        time.sleep(0.001)
        met.append(len(under_way))
        order.append(number)
        under_way.remove(number)

    async def scenario(pool: WorkPool) -> None:
        await asyncio.gather(*(pool.run(partial(job, number)) for number in range(20)))

    in_pool(scenario)
    assert met == [1] * 20
    assert order == list(range(20))


def test_beside_a_long_job_others_begin_until_all_threads_are_taken() -> None:
    async def scenario(pool: WorkPool) -> None:
        begun, go_on = [Event() for _ in range(pool.width + 1)], Event()

        def job(number: int) -> int:
            begun[number].set()
            go_on.wait()
            return number

        jobs = [asyncio.ensure_future(pool.run(partial(job, number))) for number in range(pool.width + 1)]
        await asyncio.sleep(2 * len(begun) * work.LONG_SECONDS)
        assert [event.is_set() for event in begun] == [True] * pool.width + [False]
        go_on.set()
        assert await asyncio.gather(*jobs) == list(range(pool.width + 1))

    in_pool(scenario, width=3)


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
