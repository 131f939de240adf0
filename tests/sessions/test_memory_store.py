"""What only the store in memory can be asked, since its clock can be set."""

import asyncio

from app.sessions.memory_store import MemoryStore
from app.sessions.store import Write


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_time_is_counted_from_the_last_use_to_the_second() -> None:
    clock = Clock()

    async def scenario() -> None:
        store = MemoryStore(clock)
        await store.save("session", "a", Write(data=b"", idle_seconds=60), expected=0)
        clock.now += 59.9
        assert await store.touch("session", "a") == 1
        clock.now += 59.9
        assert await store.load("session", "a") is not None
        clock.now += 0.1
        assert await store.load("session", "a") is None

    asyncio.run(scenario())


def test_loading_is_no_use() -> None:
    clock = Clock()

    async def scenario() -> None:
        store = MemoryStore(clock)
        await store.save("session", "a", Write(data=b"", idle_seconds=60), expected=0)
        clock.now += 30
        await store.load("session", "a")
        clock.now += 30
        assert await store.touch("session", "a") is None

    asyncio.run(scenario())


def test_what_has_ended_leaves_no_trace_in_memory_although_nobody_asks_for_it() -> None:
    clock = Clock()

    async def scenario() -> None:
        store = MemoryStore(clock)
        for i in range(100):
            await store.save("session", str(i), Write(data=b"x", idle_seconds=60, alias=f"v{i}"), expected=0)
            await store.add_member("room", str(i), "x", idle_seconds=60)
        clock.now += 60
        await store.save("session", "new", Write(data=b"x", idle_seconds=60), expected=0)
        await store.add_member("room", "new", "x", idle_seconds=60)
        assert (await store.count("session"), await store.data_bytes("session")) == (1, 1)
        assert len(store._kinds["session"].aliases) == 0
        assert len(store._sets) == 1

    asyncio.run(scenario())
