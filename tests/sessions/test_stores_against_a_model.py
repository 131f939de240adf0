"""Any order of writes, deletions and evictions leaves in a store what a dictionary would hold."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.sessions.store import Conflict, Record, Store
from tests.sessions.conftest import MakeStore
from tests.sessions.writes import write


class AgainstAModel(RuleBasedStateMachine):
    ids = st.sampled_from(["a", "b", "c"])

    make: ClassVar[Callable[[], Store]]

    def __init__(self) -> None:
        super().__init__()
        self.store = type(self).make()
        self.loop = asyncio.new_event_loop()
        self.model: dict[str, Record] = {}
        self.order: list[tuple[bool, str]] = []  # whether used, id; the longest idle first
        self.noted: set[str] = set()  # used after they were written

    def run(self, awaitable: Awaitable[Any]) -> Any:
        async def once() -> Any:
            return await awaitable

        return self.loop.run_until_complete(once())

    def teardown(self) -> None:
        self.run(self.store.close())
        self.loop.close()

    def use(self, id_: str, used: bool) -> None:
        self.order = [pair for pair in self.order if pair[1] != id_] + [(used, id_)]

    @rule(id_=ids, data=st.binary(max_size=4), append=st.binary(max_size=4), rewrite=st.booleans(), fresh=st.booleans())
    def save(self, id_: str, data: bytes, append: bytes, rewrite: bool, fresh: bool) -> None:
        old = self.model.get(id_, Record(0, b"", b""))
        wanted = write(data, append=append, rewrite=rewrite, fresh=fresh)
        assert self.run(self.store.save("k", id_, wanted, expected=old.version)) == old.version + 1
        self.model[id_] = Record(old.version + 1, data, append if rewrite else old.path + append)
        self.use(id_, not fresh)
        self.noted.discard(id_)

    @rule(id_=ids, lag=st.integers(1, 3))
    def save_late(self, id_: str, lag: int) -> None:
        actual = self.model[id_].version if id_ in self.model else None
        with pytest.raises(Conflict) as caught:
            self.run(self.store.save("k", id_, write(append=b"!"), expected=(actual or 0) + lag))
        assert caught.value.actual == actual

    @rule(id_=ids)
    def touch(self, id_: str) -> None:
        record = self.model.get(id_)
        assert self.run(self.store.touch("k", id_)) == (record.version if record else None)
        if record:
            self.use(id_, {name: used for used, name in self.order}[id_])
            self.noted.add(id_)

    @rule(id_=ids)
    def delete(self, id_: str) -> None:
        assert self.run(self.store.delete("k", id_)) == (self.model.pop(id_, None) is not None)
        self.order = [pair for pair in self.order if pair[1] != id_]

    @precondition(lambda self: self.order)
    @rule()
    def evict(self) -> None:
        """The longest idle; but a note of a use may be taken down as of some milliseconds later, a write not."""
        first_used, _ = min(self.order, key=lambda pair: pair[0])
        alike = [id_ for used, id_ in self.order if used == first_used]
        written = (place for place, id_ in enumerate(alike) if id_ not in self.noted)
        gone = self.run(self.store.evict_one("k", idle_seconds=0))
        assert gone in alike[: next(written, len(alike)) + 1]
        self.order.remove((first_used, gone))
        del self.model[gone]

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        for id_ in ("a", "b", "c"):
            assert self.run(self.store.load("k", id_)) == self.model.get(id_)
        size = sum(len(record.data) for record in self.model.values())
        assert self.run(self.store.count("k")) == len(self.model)
        assert self.run(self.store.data_bytes("k")) == size


def test_any_order_of_calls_leaves_what_a_dictionary_would_hold(make_store: MakeStore) -> None:
    class Machine(AgainstAModel):
        pass

    Machine.make = staticmethod(make_store)
    run_state_machine_as_test(Machine, settings=settings(max_examples=30, stateful_step_count=30))
