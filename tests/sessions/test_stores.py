"""What every store promises: one set of tests, run against each of them."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import pytest

from app.sessions.store import Conflict, Record, Store
from tests.sessions.conftest import MakeStore
from tests.sessions.writes import LONG, write

Scenario = Callable[[Store], Awaitable[None]]
InStore = Callable[[Scenario], None]

SHORT = 0.1


@pytest.fixture
def in_store(make_store: MakeStore) -> InStore:
    """Runs a scenario in a new store of each sort."""

    async def run(scenario: Scenario) -> None:
        store = make_store()
        try:
            await store.ping()  # so that connecting does not count where time does
            await scenario(store)
        finally:
            await store.close()

    return lambda scenario: asyncio.run(run(scenario))


def test_what_is_written_is_read_back(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        assert await store.load("session", "a") is None
        assert await store.touch("session", "a") is None
        data = bytes(range(256))
        assert await store.save("session", "a", write(data, append=b"\0\xff"), expected=0) == 1
        assert await store.load("session", "a") == Record(1, data, b"\0\xff")
        assert await store.touch("session", "a") == 1

    in_store(scenario)


def test_kinds_and_ids_are_apart(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        for kind, id_ in (("session", "a"), ("session", "b"), ("table", "a"), ("se", "ssiona")):
            await store.save(kind, id_, write(f"{kind}/{id_}".encode()), expected=0)
        assert await store.delete("session", "a")
        assert await store.load("session", "a") is None
        for kind, id_ in (("session", "b"), ("table", "a"), ("se", "ssiona")):
            record = await store.load(kind, id_)
            assert record is not None
            assert record.data == f"{kind}/{id_}".encode()

    in_store(scenario)


def test_only_who_knows_the_version_writes(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        with pytest.raises(Conflict) as caught:
            await store.save("session", "a", write(), expected=1)
        assert caught.value.actual is None
        await store.save("session", "a", write(b"first"), expected=0)
        assert await store.save("session", "a", write(b"second", append=b"2"), expected=1) == 2
        for stale in (0, 1, 3):
            with pytest.raises(Conflict) as caught:
                await store.save("session", "a", write(b"late", append=b"!"), expected=stale)
            assert caught.value.actual == 2
        assert await store.load("session", "a") == Record(2, b"second", b"2")

    in_store(scenario)


def test_of_many_writers_at_once_one_wins_each_round(in_store: InStore) -> None:
    async def add_one(store: Store) -> None:
        while True:
            record = await store.load("session", "a")
            assert record is not None
            await asyncio.sleep(0)
            try:
                data = str(int(record.data) + 1).encode()
                await store.save("session", "a", write(data, append=b"x"), expected=record.version)
                return
            except Conflict:
                await asyncio.sleep(0)

    async def scenario(store: Store) -> None:
        await store.save("session", "a", write(b"0"), expected=0)
        await asyncio.gather(*(add_one(store) for _ in range(30)))
        assert await store.load("session", "a") == Record(31, b"30", b"x" * 30)

    in_store(scenario)


def test_a_path_grows_at_its_end_or_is_written_anew(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        await store.save("session", "a", write(append=b"one "), expected=0)
        await store.save("session", "a", write(append=b"two "), expected=1)
        await store.save("session", "a", write(), expected=2)
        assert (await store.load("session", "a") or Record(0, b"", b"")).path == b"one two "
        await store.save("session", "a", write(append=b"thin ", rewrite=True), expected=3)
        await store.save("session", "a", write(append=b"more"), expected=4)
        assert (await store.load("session", "a") or Record(0, b"", b"")).path == b"thin more"
        for first, rest in ((0, b"thin more"), (5, b"more"), (7, b"re"), (9, b""), (99, b"")):
            record = await store.load("session", "a", path_from=first)
            assert record is not None
            assert record.path == rest
        await store.save("session", "a", write(rewrite=True), expected=5)
        assert (await store.load("session", "a") or Record(0, b"", b"x")).path == b""

    in_store(scenario)


def test_a_record_is_found_by_its_alias_as_long_as_it_lives(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        await store.save("session", "a", write(alias="view of a"), expected=0)
        await store.save("session", "a", write(b"later"), expected=1)
        assert await store.find("session", "view of a") == "a"
        assert await store.find("session", "a") is None
        assert await store.find("table", "view of a") is None
        assert await store.load("session", "view of a") is None
        await store.delete("session", "a")
        assert await store.find("session", "view of a") is None

    in_store(scenario)


def test_delete_says_whether_there_was_anything(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        assert not await store.delete("session", "a")
        await store.save("session", "a", write(append=b"old path"), expected=0)
        assert await store.delete("session", "a")
        assert not await store.delete("session", "a")
        await store.save("session", "a", write(), expected=0)
        assert await store.load("session", "a") == Record(1, b"data", b"")

    in_store(scenario)


def test_what_is_not_used_is_gone_and_what_is_used_stays(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        await store.save("session", "idle", write(idle_seconds=SHORT, alias="view"), expected=0)
        await store.save("session", "used", write(idle_seconds=8 * SHORT), expected=0)
        await store.save("session", "long", write(), expected=0)
        for _ in range(24):  # more often than needs be, for a machine that is busy
            await asyncio.sleep(SHORT / 2)
            assert await store.touch("session", "used") == 1
        assert await store.touch("session", "idle") is None
        assert await store.load("session", "idle") is None
        assert await store.find("session", "view") is None
        assert not await store.delete("session", "idle")
        assert await store.count("session") == 2
        assert await store.save("session", "idle", write(), expected=0) == 1

    in_store(scenario)


def test_usage_counts_the_records_and_bytes_of_a_kind(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        assert (await store.count("table"), await store.data_bytes("table")) == (0, 0)
        await store.save("table", "a", write(b"12345"), expected=0)
        await store.save("table", "b", write(b"123", fresh=True, append=b"path"), expected=0)
        await store.save("session", "c", write(b"1"), expected=0)
        assert (await store.count("table"), await store.data_bytes("table")) == (2, 8)
        await store.save("table", "a", write(b"1"), expected=1)
        assert (await store.count("table"), await store.data_bytes("table")) == (2, 4)
        await store.delete("table", "b")
        assert (await store.count("table"), await store.data_bytes("table")) == (1, 1)

    in_store(scenario)


def test_room_is_made_by_the_fresh_first_and_then_by_the_longest_idle(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        for id_, fresh in (("used 1", False), ("fresh 1", True), ("used 2", False), ("fresh 2", True), ("steps", True)):
            await store.save("session", id_, write(fresh=fresh), expected=0)
            await asyncio.sleep(0.02)
        await store.save("session", "steps", write(), expected=1)
        await asyncio.sleep(0.02)
        await store.touch("session", "used 1")
        await asyncio.sleep(0.02)
        await store.touch("session", "fresh 1")
        evicted = [await store.evict_one("session", idle_seconds=0) for _ in range(6)]
        assert evicted == ["fresh 2", "fresh 1", "used 2", "steps", "used 1", None]

    in_store(scenario)


def test_what_was_used_a_moment_ago_makes_no_room(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        await store.save("session", "idle", write(alias="view"), expected=0)
        await asyncio.sleep(2 * SHORT)
        begin = monotonic()
        await store.save("session", "fresh but new", write(fresh=True), expected=0)
        assert await store.evict_one("table", idle_seconds=0) is None
        assert await store.evict_one("session", idle_seconds=SHORT) == "idle"
        assert await store.evict_one("session", idle_seconds=SHORT + monotonic() - begin) is None
        assert await store.find("session", "view") is None
        assert await store.count("session") == 1

    in_store(scenario)


def test_members_come_and_go(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        assert await store.members("room", "a") == frozenset()
        for member in ("x", "y", "x"):
            await store.add_member("room", "a", member, idle_seconds=LONG)
        await store.add_member("room", "b", "z", idle_seconds=LONG)
        assert await store.members("room", "a") == {"x", "y"}
        await store.remove_member("room", "a", "x")
        await store.remove_member("room", "a", "nobody")
        await store.remove_member("nowhere", "a", "x")
        assert await store.members("room", "a") == {"y"}
        assert await store.members("room", "b") == {"z"}

    in_store(scenario)


def test_a_set_without_newcomers_ends(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        await store.add_member("room", "a", "x", idle_seconds=SHORT)
        await asyncio.sleep(2 * SHORT)
        assert await store.members("room", "a") == frozenset()
        await store.add_member("room", "a", "y", idle_seconds=LONG)
        assert await store.members("room", "a") == {"y"}

    in_store(scenario)


def test_a_store_that_is_open_can_be_reached(in_store: InStore) -> None:
    async def scenario(store: Store) -> None:
        await store.ping()

    in_store(scenario)
