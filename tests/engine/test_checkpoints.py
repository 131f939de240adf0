import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.checkpoints import FIRST_STRIDE, MOST, MOST_BYTES, Checkpoints
from app.engine.state import State


def state_at(step: int, parameters: int = 1) -> State:
    state = State(np.full(parameters, float(step)), np.zeros(parameters), np.zeros((0, parameters)))
    state.step = step
    return state


def kept(checkpoints: Checkpoints) -> list[int]:
    return [state.step for state in checkpoints._states]


@given(st.integers(0, 40_000))
def test_the_way_to_any_step_is_never_longer_than_a_thirty_second_of_the_run(last: int) -> None:
    checkpoints = Checkpoints(state_at(0))
    while checkpoints.next_step <= last:
        checkpoints.offer(state_at(checkpoints.next_step))
    assert len(kept(checkpoints)) <= MOST
    assert kept(checkpoints) == list(range(0, last + 1, checkpoints.stride))
    assert checkpoints.stride <= max(FIRST_STRIDE, last / 32)


def test_what_is_not_due_is_not_kept() -> None:
    checkpoints = Checkpoints(state_at(0))
    for step in (1, 31, 33):
        checkpoints.offer(state_at(step))
    assert kept(checkpoints) == [0]
    checkpoints.offer(state_at(64))
    checkpoints.offer(state_at(64))
    assert kept(checkpoints) == [0, 64]


def test_what_is_kept_is_a_copy() -> None:
    state = state_at(FIRST_STRIDE)
    checkpoints = Checkpoints(state_at(0))
    checkpoints.offer(state)
    state.theta[:] = -1.0
    assert checkpoints.nearest(FIRST_STRIDE + 8).theta[0] == FIRST_STRIDE


def test_the_nearest_one_is_the_last_that_is_not_later() -> None:
    checkpoints = Checkpoints(state_at(0))
    for step in (64, 128, 192):
        checkpoints.offer(state_at(step))
    assert [checkpoints.nearest(step).step for step in (0, 63, 64, 191, 192, 1000)] == [0, 0, 64, 128, 192, 192]
    checkpoints.truncate(128)
    assert checkpoints.nearest(1000).step == 128
    assert checkpoints.next_step == 192


def test_one_kept_out_of_turn_is_the_last_and_the_next_is_due_after_it() -> None:
    checkpoints = Checkpoints(state_at(0))
    for step in (64, 128):
        checkpoints.offer(state_at(step))
    checkpoints.keep(state_at(100))
    assert kept(checkpoints) == [0, 64, 100]
    assert checkpoints.next_step == 128
    checkpoints.keep(state_at(0))
    assert kept(checkpoints) == [0]


@pytest.mark.parametrize("parameters", [10_000, 200_000])
def test_large_states_are_fewer(parameters: int) -> None:
    checkpoints = Checkpoints(state_at(0, parameters))
    for _ in range(80):
        checkpoints.offer(state_at(checkpoints.next_step, parameters))
    size = 16 * parameters
    assert len(kept(checkpoints)) <= max(4, MOST_BYTES // size)
    assert len(kept(checkpoints)) >= 2
