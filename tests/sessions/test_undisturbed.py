"""Who has long been the only one to write does not ask first; and finds out in time that he no longer is."""

import pytest

from app.errors import StaleCursor, UnknownSession
from app.sessions.live import UNDISTURBED_AFTER
from app.sessions.memory_store import MemoryStore
from app.sessions.session import Session
from app.sessions.sessions import Sessions
from tests.sessions.workers import clock, everything, start, step, with_workers


class AskedStore(MemoryStore):
    """Counts how often it is asked for a version."""

    asked = 0

    async def touch(self, kind: str, id_: str) -> int | None:
        self.asked += 1
        return await super().touch(kind, id_)


async def undisturbed(one: Sessions) -> str:
    """A session whose last writes were all this worker's."""
    session = await start(one)
    for _ in range(UNDISTURBED_AFTER):
        await step(one, session.id)
    return session.id


async def step_from(one: Sessions, id_: str, first: int, steps: int) -> int:
    """As a client does who says where he believes to be."""

    def work(session: Session) -> None:
        if first > session.clock:
            raise StaleCursor
        session.advance(max(0, first + steps - session.clock), float("inf"))

    return await one.change(id_, work, lambda session, _: session.clock)


def test_only_what_others_have_written_lately_is_asked_for() -> None:
    store = AskedStore()

    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = await undisturbed(one)
        before = store.asked
        assert await step(one, id_) == UNDISTURBED_AFTER + 1
        assert store.asked == before
        assert await step(other, id_) == UNDISTURBED_AFTER + 2
        assert await step(one, id_) == UNDISTURBED_AFTER + 3  # written first, and again when that was refused
        before = store.asked
        assert await step(one, id_) == UNDISTURBED_AFTER + 4
        assert store.asked == before + 1

    with_workers(scenario, store=lambda: store)


def test_a_step_that_would_be_wrong_here_is_taken_where_the_store_says_otherwise() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = await undisturbed(one)
        assert await step(other, id_, 100) == 100 + UNDISTURBED_AFTER
        assert await step_from(one, id_, 100 + UNDISTURBED_AFTER, 1) == 101 + UNDISTURBED_AFTER
        with pytest.raises(StaleCursor):
            await step_from(one, id_, 102 + UNDISTURBED_AFTER, 1)

    with_workers(scenario)


def test_who_asks_for_nothing_new_is_told_what_the_store_has() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = await undisturbed(one)
        assert await step(other, id_, 100) == 100 + UNDISTURBED_AFTER
        assert await step_from(one, id_, 0, UNDISTURBED_AFTER) == 100 + UNDISTURBED_AFTER

    with_workers(scenario)


def test_steps_between_those_of_another_leave_the_same_session_in_both() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = await undisturbed(one)
        for _ in range(3):
            await step(other, id_, 7)
            for _ in range(UNDISTURBED_AFTER + 1):
                await step(one, id_)
        assert await clock(other, id_) == await clock(one, id_) == UNDISTURBED_AFTER + 3 * (8 + UNDISTURBED_AFTER)
        assert everything((await one.read(id_))[0]) == everything((await other.read(id_))[0])

    with_workers(scenario)


def test_a_session_that_another_removed_is_not_written_again() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = await undisturbed(one)
        await other.delete(id_)
        with pytest.raises(UnknownSession):
            await step(one, id_)
        with pytest.raises(UnknownSession):
            await one.read(id_)

    with_workers(scenario)
