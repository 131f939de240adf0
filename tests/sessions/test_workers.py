"""What several workers on one store promise: what one has acknowledged, all have, and nothing is done twice."""

import asyncio
from itertools import cycle, islice
from random import Random
from typing import Any

import pytest

from app.errors import StoreUnavailable, UnknownSession, ViewOnly
from app.recipe.recipe import RECIPE
from app.sessions import changes, racing
from app.sessions.memory_store import MemoryStore
from app.sessions.session import Session
from app.sessions.sessions import Sessions
from app.sessions.store import SESSION, Record, Write
from app.sessions.supplies import TABLE
from app.settings import Settings
from tests.sessions.conftest import MakeStore
from tests.sessions.workers import LINE, RACE, clock, everything, start, step, with_workers, worker


class RefusingStore(MemoryStore):
    """Does what it is asked and says it could not, or refuses at once, as often as it is told to."""

    does_and_denies = 0
    refuses = 0

    async def save(self, kind: str, id_: str, write: Write, *, expected: int) -> int:
        if self.refuses:
            self.refuses -= 1
            raise StoreUnavailable
        version = await super().save(kind, id_, write, expected=expected)
        if self.does_and_denies:
            self.does_and_denies -= 1
            raise StoreUnavailable
        return version


class CountingStore(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[tuple[str, int]] = []

    async def load(self, kind: str, id_: str, *, path_from: int = 0) -> Record | None:
        self.loaded.append((kind, path_from))
        await asyncio.sleep(0)
        return await super().load(kind, id_, path_from=path_from)


def test_five_hundred_steps_at_once_through_several_workers_are_exactly_five_hundred(make_store: MakeStore) -> None:
    async def scenario(*workers: Sessions) -> None:
        session = await start(workers[0])
        clocks = await asyncio.gather(*(step(one, session.id) for one in islice(cycle(workers), 500)))
        assert sorted(clocks) == list(range(1, 501))
        for one in workers:
            assert await clock(one, session.id) == 500

    with_workers(scenario, 3, store=make_store)


@pytest.mark.parametrize("recipe", [LINE, RACE], ids=["a line", "a race"])
def test_taking_turns_leaves_what_one_worker_alone_would_have_left(recipe: dict[str, Any]) -> None:
    """Steps, changes, rewinds, runs that come and go, each by another worker, paths long enough to be thinned."""
    random = Random(7)

    def work(session: Session) -> None:
        kind = random.choices(["step", "patch", "rewind", "fork", "leave"], [12, 3, 1, 1, 1])[0]
        settings = Settings(max_path_bytes=16_384)
        if kind == "patch":
            rate = random.choice([0.01, 0.02])
            change = {"runs": [{"name": session.recipe.runs[0].name, "optimizer": {"learning_rate": rate}}]}
            changes.patch(session, change, settings, lambda _: session.built, float("inf"))
        elif kind == "rewind":
            changes.rewind(session, session.clock * 3 // 4, settings)
        elif kind == "fork" and len(session.runs) < 4:
            racing.add_run(session, racing.fork(session, str(session.recipe.runs[0].name), 0, {}, None), settings)
        elif kind == "leave" and len(session.runs) > 2:
            racing.remove_run(session, str(session.recipe.runs[-1].name))
        session.advance(random.choice([1, 10, 300]), float("inf"))

    async def scenario(*workers: Sessions) -> None:
        alone = (await start(workers[0], recipe)).id
        shared = (await start(workers[0], recipe)).id
        others = cycle(workers[1:])
        for seed in range(60):
            views = []
            for id_, by in ((alone, workers[0]), (shared, next(others))):
                random.seed(seed)
                await by.change(id_, work, lambda session, _: session)
                views.append(everything((await by.read(id_))[0]))
            assert views[0] == views[1]

    with_workers(scenario, 4, max_path_bytes=16_384)


def test_a_worker_that_follows_reads_only_what_is_new() -> None:
    store = CountingStore()

    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = (await start(one)).id
        await step(one, id_, 500)
        await step(other, id_)
        assert store.loaded == [(SESSION, 0)]
        await step(one, id_)
        await step(other, id_)
        assert all(kind == SESSION and path_from > 500 * 32 for kind, path_from in store.loaded[1:])
        assert len(store.loaded) == 3
        await clock(other, id_)
        assert len(store.loaded) == 3

    with_workers(scenario, store=lambda: store)


def test_going_back_is_as_exact_for_a_worker_that_only_followed() -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = (await start(one, RACE)).id
        losses = []
        for _ in range(40):
            await step(one, id_, 7)
            session, _ = await other.read(id_)
            losses.append([run.state.loss for run in session.runs])
        for turn in range(40):
            session, _ = await other.read(id_, 7 * (turn + 1))
            assert [session.state(run, 7 * (turn + 1)).loss for run in session.runs] == losses[turn]

    with_workers(scenario)


def test_a_session_is_taken_up_once_for_all_who_wait_for_it() -> None:
    store = CountingStore()

    async def scenario(one: Sessions, other: Sessions) -> None:
        id_ = (await start(one)).id
        assert await asyncio.gather(*(clock(other, id_) for _ in range(50))) == [0] * 50
        assert store.loaded == [(SESSION, 0)]

    with_workers(scenario, store=lambda: store)


def test_what_one_worker_deletes_is_gone_for_all(make_store: MakeStore) -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one)
        assert await clock(other, session.view_id) == 0
        with pytest.raises(ViewOnly):
            await other.delete(session.view_id)
        await other.delete(session.id)
        for sessions_ in (one, other):
            for id_ in (session.id, session.view_id):
                with pytest.raises(UnknownSession):
                    await sessions_.read(id_)
            with pytest.raises(UnknownSession):
                await step(sessions_, session.id)
            with pytest.raises(UnknownSession):
                await sessions_.delete(session.id)
            assert len(sessions_.live) == 0

    with_workers(scenario, store=make_store)


def test_a_step_of_one_worker_and_the_deletion_by_another_end_in_no_session() -> None:
    async def scenario(*workers: Sessions) -> None:
        for _ in range(20):
            id_ = (await start(workers[0])).id
            steps = [step(one, id_) for one in workers]
            await asyncio.gather(*steps, workers[1].delete(id_), *steps[:0], return_exceptions=True)
            for one in workers:
                with pytest.raises(UnknownSession):
                    await one.read(id_)

    with_workers(scenario, 3)


@pytest.mark.parametrize("heavy", [False, True], ids=["inline", "in the pool"])
def test_a_write_that_was_refused_leaves_what_was_acknowledged(heavy: bool) -> None:
    store = RefusingStore()

    async def scenario(one: Sessions) -> None:
        id_ = (await start(one)).id
        assert await step(one, id_, 5, heavy=heavy) == 5
        store.refuses = 1
        with pytest.raises(StoreUnavailable):
            await step(one, id_, 7, heavy=heavy)
        assert await clock(one, id_) == 5
        assert await step(one, id_, 1, heavy=heavy) == 6

    with_workers(scenario, 1, store=lambda: store)


def test_a_write_whose_answer_was_lost_counts() -> None:
    store = RefusingStore()

    async def scenario(one: Sessions) -> None:
        id_ = (await start(one)).id
        store.does_and_denies = 1
        with pytest.raises(StoreUnavailable):
            await step(one, id_, 7)
        assert await clock(one, id_) == 7

    with_workers(scenario, 1, store=lambda: store)


def test_a_session_that_could_not_be_written_is_none() -> None:
    store = RefusingStore()
    store.refuses = 1

    async def scenario(one: Sessions) -> None:
        with pytest.raises(StoreUnavailable):
            await start(one)
        assert len(one.live) == 0

    with_workers(scenario, 1, store=lambda: store)


def test_a_request_that_is_given_up_leaves_a_session_that_goes_on() -> None:
    async def scenario(one: Sessions) -> None:
        id_ = (await start(one)).id
        for _ in range(10):
            given_up = asyncio.ensure_future(step(one, id_, 20_000, heavy=True))
            await asyncio.sleep(0.001)
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
            before = await clock(one, id_)
            assert before % 20_000 == 0
            assert await step(one, id_, 20_000) == before + 20_000

    with_workers(scenario, 1)


def test_a_table_stays_as_long_as_a_session_uses_it() -> None:
    from app.engine.data.csv_columns import CsvLimits, read_columns
    from app.engine.data.csv_table import choose

    table = choose(read_columns(b"a,b\n1,2\n2,3\n3,5\n", limits=CsvLimits(1000, 100)), x=(), y=None)

    async def scenario(one: Sessions, other: Sessions) -> None:
        name = await one.tables.keep(table)
        recipe = {"problem": {"kind": "univariate_regression", "dataset": {"kind": "uploaded", "id": name}}}
        id_ = (await start(one, recipe)).id
        await one.store.delete(TABLE, name)
        one.tables._used.clear()
        await step(one, id_)
        assert await clock(other, id_) == 1
        await one.store.delete(TABLE, name)
        with pytest.raises(UnknownSession):
            await worker(one.store).read(id_)

    with_workers(scenario)


def test_ids_that_nobody_was_given_do_not_reach_the_store() -> None:
    class ClosedStore(MemoryStore):
        async def touch(self, kind: str, id_: str) -> int | None:
            raise AssertionError(id_)

    async def scenario(one: Sessions) -> None:
        for id_ in ("x", "a" * 100_000, "é" * 22, "../../../../etc/passwd"):
            with pytest.raises(UnknownSession):
                await one.read(id_)
            with pytest.raises(UnknownSession):
                await step(one, id_)

    with_workers(scenario, 1, store=ClosedStore)


def test_a_recipe_is_parsed_as_it_was_written() -> None:
    recipe = RECIPE.from_value(RACE)

    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await one.create(recipe)
        assert (await other.read(session.id))[0].recipe == session.recipe

    with_workers(scenario)
