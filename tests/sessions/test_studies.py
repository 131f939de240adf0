"""Studies as several workers see them: how far they are, how they end, and what becomes of those of a dead process."""

import asyncio
from collections.abc import Iterator
from itertools import count
from time import sleep
from typing import Any

import pytest

from app.errors import StoreUnavailable, UnknownStudy
from app.sessions.memory_store import MemoryStore
from app.sessions.sessions import Sessions
from app.sessions.store import Write
from app.sessions.study_records import LEASE, STUDY, Kept
from app.sessions.study_work import Prepared
from tests.sessions.conftest import MakeStore
from tests.sessions.workers import start, with_workers


class Endless:
    """Works until it is ended; its result is how often it was taken up."""

    def __init__(self, rounds: int | None = None) -> None:
        self.rounds, self.made = rounds, 0

    def work(self) -> Iterator[float]:
        for self.made in count(1):
            sleep(0.002)
            yield 0.5
            if self.made == self.rounds:
                return

    def shown(self) -> dict[str, Any]:
        return {"rounds": self.made}


class Broken(Endless):
    def work(self) -> Iterator[float]:
        yield 0.1
        raise ZeroDivisionError


async def begun(worker: Sessions, session_id: str, study: Endless) -> Kept:
    return await worker.studies.begin(session_id, "basins", {}, Prepared(study, {"run": None, "settings": None}))


async def seen(worker: Sessions, session_id: str, id_: str, *statuses: str) -> Kept:
    """As another process sees it, once it stands so."""
    for _ in range(500):
        kept = await worker.studies.records.get(session_id, id_)
        if kept.status in statuses:
            return kept
        await asyncio.sleep(0.01)
    raise AssertionError(f"the study is {kept.status}")


async def at_rest(worker: Sessions) -> None:
    for _ in range(500):
        if not worker.studies.at_work:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it is still at work")


@pytest.fixture(autouse=True)
def told_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.studies.TELL_SECONDS", 0.02)


def test_another_worker_sees_how_far_it_is_and_what_came_out(make_store: MakeStore) -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one)
        study = await begun(one, session.id, Endless(100))
        assert (await seen(other, session.id, study.id, "running")).progress <= 0.5
        done = await seen(other, session.id, study.id, "done")
        assert done.result == b'{"rounds":100}'
        assert [kept.id for kept in await other.studies.records.all(session.id)] == [study.id]

    with_workers(scenario, store=make_store)


def test_another_worker_ends_it_and_the_work_stops(make_store: MakeStore) -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session, work = await start(one), Endless()
        study = await begun(one, session.id, work)
        await seen(other, session.id, study.id, "running")
        await other.studies.cancel(session.id, study.id)
        assert (await other.studies.records.get(session.id, study.id)).status == "cancelled"
        await at_rest(one)
        made = work.made
        await asyncio.sleep(0.05)
        assert work.made == made
        kept = await other.studies.records.get(session.id, study.id)
        assert (kept.status, kept.result) == ("cancelled", b'{"rounds":%d}' % made)
        await other.studies.cancel(session.id, study.id)
        with pytest.raises(UnknownStudy):
            await one.studies.records.get(session.id, study.id)

    with_workers(scenario, store=make_store)


def test_what_was_forgotten_elsewhere_does_not_come_back(make_store: MakeStore) -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one)
        study = await begun(one, session.id, Endless())
        await other.read(session.id)
        await other.delete(session.id)
        await at_rest(one)
        await asyncio.sleep(0.05)
        assert await one.store.count(STUDY) == 0
        with pytest.raises(UnknownStudy):
            await other.studies.records.get(session.id, study.id)

    with_workers(scenario, store=make_store)


def test_the_study_of_a_killed_worker_has_failed_once_its_lease_is_over(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sessions.study_records.LEASE_SECONDS", 1.0)

    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one)
        study = await begun(one, session.id, Endless())
        await seen(other, session.id, study.id, "running")
        one.studies.close()
        await asyncio.sleep(0.1)
        assert (await other.studies.records.get(session.id, study.id)).status == "running"
        await seen(other, session.id, study.id, "failed")
        assert await other.store.load(LEASE, f"{session.id}.{study.id}") is None

    with_workers(scenario, store=make_store)


def test_a_worker_that_ends_in_order_says_so_at_once() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one)
        study = await begun(one, session.id, Endless())
        await seen(other, session.id, study.id, "running")
        await one.studies.stop()
        kept = await other.studies.records.get(session.id, study.id)
        assert kept.status == "failed"
        assert kept.result != b"null"

    with_workers(scenario)


def test_others_wait_until_it_is_their_turn_and_can_be_ended_meanwhile() -> None:
    async def scenario(one: Sessions) -> None:
        session, another = await start(one), await start(one)
        busy = [await start(one) for _ in range(max(1, one.pool.width // 2))]
        first = [await begun(one, of.id, Endless()) for of in busy]
        waits, given_up = await begun(one, session.id, Endless(3)), await begun(one, another.id, Endless())
        await asyncio.sleep(0.1)
        assert (await one.studies.records.get(session.id, waits.id)).status == "waiting"
        await one.studies.cancel(another.id, given_up.id)
        await seen(one, another.id, given_up.id, "cancelled")
        for of, study in zip(busy, first, strict=True):
            await one.studies.cancel(of.id, study.id)
        assert (await seen(one, session.id, waits.id, "done")).result == b'{"rounds":3}'
        await at_rest(one)

    with_workers(scenario, 1)


def test_a_defect_in_a_study_ends_it_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(one: Sessions) -> None:
        session = await start(one)
        study = await begun(one, session.id, Broken())
        await seen(one, session.id, study.id, "failed")
        after = await begun(one, session.id, Endless(2))
        await seen(one, session.id, after.id, "done")

    with_workers(scenario, 1)
    assert "ZeroDivisionError" in caplog.text


class Shaky(MemoryStore):
    """Refuses every third write of a study, and does every fifth and denies it."""

    writes = 0

    async def save(self, kind: str, id_: str, write: Write, *, expected: int) -> int:
        if kind != STUDY or expected == 0:
            return await super().save(kind, id_, write, expected=expected)
        self.writes += 1
        if self.writes % 3 == 0:
            raise StoreUnavailable
        version = await super().save(kind, id_, write, expected=expected)
        if self.writes % 5 == 0:
            raise StoreUnavailable
        return version


def test_a_store_that_fails_now_and_then_does_not_stop_it() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one)
        study = await begun(one, session.id, Endless(200))
        done = await seen(other, session.id, study.id, "done")
        assert done.result == b'{"rounds":200}'

    with_workers(scenario, store=Shaky)


def test_a_step_does_not_wait_for_a_study() -> None:
    """The pool has a thread left for people, and slices are short on a machine with one core."""

    async def scenario(one: Sessions) -> None:
        session = await start(one)
        await begun(one, session.id, Endless())
        await asyncio.sleep(0.05)
        before = one.studies.at_work
        for _ in range(20):
            await one.aside(lambda: None)
        assert before == one.studies.at_work == 1

    with_workers(scenario, 1)
