import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.engine.batches import Batches
from app.engine.state import State


def fresh() -> State:
    return State(np.zeros(1), np.zeros(1), np.zeros((0, 1)))


@given(m=st.integers(1, 50), size=st.integers(1, 60), seed=st.integers(0, 99))
def test_an_epoch_shows_every_example_once_in_the_documented_order(m: int, size: int, seed: int) -> None:
    batches, state = Batches(seed, m), fresh()
    for epoch in range(3):
        seen: list[int] = []
        while state.epoch == epoch:
            batch = batches.take(state, size)
            assert len(batch) == min(size, m - len(seen))
            seen += batch.tolist()
        assert seen == np.random.default_rng([seed, 1, epoch]).permutation(m).tolist()


@given(sizes=st.lists(st.integers(1, 20), min_size=1, max_size=20), seed=st.integers(0, 99))
def test_another_size_acts_from_the_next_batch_on(sizes: list[int], seed: int) -> None:
    batches, state, taken = Batches(seed, 13), fresh(), list[int]()
    for size in sizes:
        taken += batches.take(state, size).tolist()
    orders = [np.random.default_rng([seed, 1, epoch]).permutation(13) for epoch in range(state.epoch + 1)]
    assert taken == np.concatenate(orders)[: len(taken)].tolist()


def test_looking_ahead_changes_nothing_and_a_state_alone_says_which_batch_is_next() -> None:
    batches, state = Batches(4, 10), fresh()
    batches.take(state, 3)
    ahead = batches.peek(state, 3).tolist()
    assert (state.epoch, state.offset) == (0, 3)
    batches.take(state, 3)
    state.epoch, state.offset = 0, 3
    assert Batches(4, 10).take(state, 3).tolist() == ahead
