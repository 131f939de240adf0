"""Uses are noted with every request and written in bundles."""

import asyncio

from app.errors import StoreUnavailable
from app.sessions.uses import LONGEST_DELAY_SECONDS, Key, UseNotes, Uses

A, B = ("session", "a"), ("session", "b")


class Taker:
    """Takes down uses, unless it refuses; its clock is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.written: list[dict[Key, float]] = []
        self.refuses = False
        self.notes = UseNotes(lambda: self.now, self.write)

    async def write(self, uses: Uses) -> None:
        if self.refuses:
            raise StoreUnavailable
        self.written.append(dict(uses))


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


def test_many_uses_are_written_as_one() -> None:
    async def scenario() -> None:
        taker = Taker()
        for _ in range(100):
            taker.now += 0.1
            assert taker.notes.note(A, 1000.0, 1000.0)
            assert taker.notes.note(B, 1000.0, 1000.0)
        await turns()
        assert taker.written == []
        await taker.notes.close()
        assert taker.written == [{A: taker.now, B: taker.now}]

    asyncio.run(scenario())


def test_a_use_is_written_at_once_when_the_last_one_written_is_long_ago() -> None:
    async def scenario() -> None:
        patient, prompt = Taker(), Taker()
        patient.now += LONGEST_DELAY_SECONDS - 1
        prompt.now += LONGEST_DELAY_SECONDS
        for taker in (patient, prompt):
            assert taker.notes.note(A, 1000.0, 1000.0)
        await asyncio.sleep(0.001)
        await turns()
        assert patient.written == []
        assert prompt.written == [{A: prompt.now}]
        await patient.notes.close()

    asyncio.run(scenario())


def test_what_is_over_is_not_used_any_more() -> None:
    async def scenario() -> None:
        taker = Taker()
        taker.now += 9.9
        assert taker.notes.note(A, 1000.0, 10.0)
        taker.now += 9.9
        assert taker.notes.note(A, 1000.0, 10.0)
        taker.now += 10
        assert not taker.notes.note(A, 1000.0, 10.0)
        await taker.notes.close()

    asyncio.run(scenario())


def test_uses_that_could_not_be_written_stay_noted() -> None:
    async def scenario() -> None:
        taker = Taker()
        taker.refuses = True
        taker.now += 500
        taker.notes.note(A, 1000.0, 1000.0)
        await asyncio.sleep(0.001)
        await turns()
        assert taker.notes.latest(A) == 1500.0
        taker.refuses = False
        taker.now += 1
        taker.notes.note(B, 1000.0, 1000.0)
        await asyncio.sleep(0.001)
        await turns()
        assert taker.written == [{A: 1500.0, B: 1501.0}]

    asyncio.run(scenario())


def test_a_use_that_was_written_with_the_record_is_not_written_again() -> None:
    async def scenario() -> None:
        taker = Taker()
        taker.notes.note(A, 1000.0, 1000.0)
        taker.notes.note(B, 1000.0, 1000.0)
        taker.notes.forget(A, 999.0)
        assert taker.notes.latest(A) == 1000.0
        taker.notes.forget(A, 1000.0)
        assert taker.notes.latest(A) == 0.0
        await taker.notes.close()
        assert taker.written == [{B: 1000.0}]

    asyncio.run(scenario())
