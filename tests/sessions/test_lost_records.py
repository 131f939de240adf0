"""A store that lost its last writes, and records that cannot be read: what is there then is the truth for all."""

from typing import Any

import orjson
import pytest

from app.sessions.memory_store import MemoryStore
from app.sessions.sessions import Sessions
from app.sessions.snapshot import FORMAT
from app.sessions.store import SESSION, Record, Write
from tests.sessions.workers import LINE, clock, everything, start, step, with_workers, worker


class RollingBackStore(MemoryStore):
    """Forgets its last writes, as a Redis that does not keep each of them on disk when it is killed."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Record] = {}

    async def remember(self, id_: str) -> None:
        record = await self.load(SESSION, id_)
        assert record is not None
        self.kept[id_] = record

    async def roll_back(self, id_: str) -> None:
        record = self.kept[id_]
        await self.delete(SESSION, id_)
        for version in range(record.version):
            write = Write(data=record.data, idle_seconds=1000, append=record.path, rewrite=True)
            await self.save(SESSION, id_, write, expected=version)


def test_a_store_that_lost_its_last_writes_is_the_truth_for_all() -> None:
    store = RollingBackStore()

    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = (await start(one)).id
        await step(one, id_, 10)
        await store.remember(id_)
        await step(one, id_, 10)
        await step(one, id_, 10)
        await store.roll_back(id_)
        assert await clock(one, id_) == await clock(other, id_) == 10
        assert await step(one, id_, 5) == 15
        assert await clock(other, id_) == 15

    with_workers(scenario, store=lambda: store)


def test_two_pasts_of_the_same_version_do_not_mix_in_one_path() -> None:
    """One worker still has what the store lost; another has gone on elsewhere, to the same version."""
    store = RollingBackStore()

    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = (await start(one)).id
        await step(one, id_, 10)
        await store.remember(id_)
        await step(one, id_, 10)
        await store.roll_back(id_)
        await step(other, id_, 300)
        assert await step(one, id_, 1) in {21, 311}
        third = worker(store)
        truth = (await third.read(id_))[0]
        exact = (await start(third)).id
        await step(third, exact, truth.clock)
        alone = (await third.read(exact))[0]
        assert truth.runs[0].state.theta.tolist() == alone.runs[0].state.theta.tolist()
        assert truth.runs[0].path.scalars.rows.tolist() == alone.runs[0].path.scalars.rows.tolist()
        assert await step(third, id_, 1) == truth.clock
        third.close()
        assert await step(worker(store), id_, 1) == truth.clock + 1

    with_workers(scenario, store=lambda: store)


def of_another_format(data: dict[str, Any], path: bytes) -> bytes:
    data["format"] = 0
    return path


def cut_short(data: dict[str, Any], path: bytes) -> bytes:
    return path[:-9]


def without_the_last_chunk(data: dict[str, Any], path: bytes) -> bytes:
    return path[:-328]


@pytest.mark.parametrize("spoil", [of_another_format, cut_short, without_the_last_chunk])
@pytest.mark.parametrize("rate", [0.01, 3.0], ids=["converging", "diverged"])
def test_a_record_that_cannot_be_taken_up_is_computed_again_from_its_recipe(spoil: Any, rate: float) -> None:
    store = MemoryStore()
    recipe = {**LINE, "runs": [{"optimizer": {"kind": "gradient_descent", "learning_rate": rate}}]}

    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = (await start(one, recipe)).id
        await step(one, id_, 100)
        await step(one, id_, 10)
        expected = everything((await one.read(id_))[0])
        record = await store.load(SESSION, id_)
        assert record is not None
        data = orjson.loads(record.data)
        path = spoil(data, record.path)
        spoilt = Write(data=orjson.dumps(data), idle_seconds=1000, append=path, rewrite=True)
        await store.save(SESSION, id_, spoilt, expected=record.version)
        found = everything((await other.read(id_))[0])
        assert found[1:] == expected[1:]
        await step(other, id_, 10)
        healed = await store.load(SESSION, id_)
        assert healed is not None
        assert orjson.loads(healed.data)["format"] == FORMAT or rate == 3.0  # what diverged makes no step any more
        assert everything((await worker(store).read(id_))[0]) == everything((await other.read(id_))[0])

    with_workers(scenario, store=lambda: store)
