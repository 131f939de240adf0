"""What leaves memory, and who makes room at the caps."""

import asyncio

import pytest

from app.errors import TooMuchWork, UnknownSession
from app.sessions import live, sessions
from app.sessions.session import Session
from app.sessions.sessions import Sessions
from app.sessions.store import SESSION
from tests.sessions.workers import clock, start, step, with_workers


@pytest.fixture
def short_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_LIVE", 5)


@pytest.mark.usefixtures("short_of_room")
def test_sessions_that_left_memory_go_on_from_the_store() -> None:
    async def scenario(one: Sessions) -> None:
        ids = [(await start(one)).id for _ in range(20)]
        for turn in range(1, 4):
            assert [await step(one, id_) for id_ in ids] == [turn] * 20
        assert len(one.live) == 5
        assert await asyncio.gather(*(step(one, id_) for id_ in ids)) == [4] * 20
        assert len(one.live) == 5

    with_workers(scenario, 1)


def test_sessions_without_use_leave_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(live, "monotonic", lambda: now)

    async def scenario(one: Sessions) -> None:
        nonlocal now
        ids = [(await start(one)).id for _ in range(4)]
        now += live.LIVE_IDLE_SECONDS - 1
        await clock(one, ids[2])
        now += 1
        one.live._sweep_idle()
        assert [left.session.id for left in one.live] == [ids[2]]
        assert await clock(one, ids[0]) == 0

    with_workers(scenario, 1)


def test_at_the_cap_a_new_session_takes_the_place_of_the_longest_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "ACTIVE_SECONDS", 0.0)

    async def scenario(one: Sessions, other: Sessions) -> None:
        used = (await start(one)).id
        await step(one, used)
        fresh = [(await start(one)).id for _ in range(4)]
        newest = (await start(other)).id
        assert await one.store.count(SESSION) == 5
        with pytest.raises(UnknownSession):
            await one.read(fresh[0])
        for id_ in (used, *fresh[1:], newest):
            assert await clock(other, id_) >= 0

    with_workers(scenario, max_sessions=5)


def test_many_that_begin_at_once_do_not_go_beyond_the_cap() -> None:
    async def scenario(one: Sessions) -> None:
        begun = await asyncio.gather(*(start(one) for _ in range(30)), return_exceptions=True)
        assert sum(isinstance(session, Session) for session in begun) == 5
        refused = [error for error in begun if isinstance(error, TooMuchWork)]
        assert len(refused) == 25
        assert refused[0].headers["Retry-After"] == "60"
        assert await one.store.count(SESSION) == 5

    with_workers(scenario, 1, max_sessions=5)


def test_too_many_who_wait_for_one_session_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 10)

    async def scenario(one: Sessions) -> None:
        id_ = (await start(one)).id
        steps = await asyncio.gather(*(step(one, id_, heavy=True) for _ in range(30)), return_exceptions=True)
        assert sorted(at for at in steps if isinstance(at, int)) == list(range(1, 12))
        assert sum(isinstance(error, TooMuchWork) for error in steps) == 19
        assert await clock(one, id_) == 11

    with_workers(scenario, 1)
