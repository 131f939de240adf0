from itertools import pairwise

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
    while (step := checkpoints.due_after(kept(checkpoints)[-1])) <= last:
        checkpoints.offer(state_at(step))
    assert len(kept(checkpoints)) <= MOST
    assert kept(checkpoints) == list(range(0, last + 1, checkpoints.stride))
    assert checkpoints.stride <= max(FIRST_STRIDE, last / 32)


def test_what_is_not_due_is_not_kept() -> None:
    checkpoints = Checkpoints(state_at(0))
    for step in (1, FIRST_STRIDE - 1, FIRST_STRIDE + 1):
        checkpoints.offer(state_at(step))
    assert kept(checkpoints) == [0]
    checkpoints.offer(state_at(2 * FIRST_STRIDE))
    checkpoints.offer(state_at(2 * FIRST_STRIDE))
    assert kept(checkpoints) == [0, 2 * FIRST_STRIDE]


def test_what_is_kept_is_a_copy() -> None:
    state = state_at(FIRST_STRIDE)
    checkpoints = Checkpoints(state_at(0))
    checkpoints.offer(state)
    state.theta[:] = -1.0
    assert checkpoints.nearest(FIRST_STRIDE + 8).theta[0] == FIRST_STRIDE


def three_kept() -> tuple[Checkpoints, int, int, int]:
    """The start and the first three that are due, with their steps."""
    checkpoints = Checkpoints(state_at(0))
    steps = FIRST_STRIDE, 2 * FIRST_STRIDE, 3 * FIRST_STRIDE
    for step in steps:
        checkpoints.offer(state_at(step))
    return checkpoints, *steps


def test_the_nearest_one_is_the_last_that_is_not_later() -> None:
    checkpoints, first, second, third = three_kept()
    asked = 0, first - 1, first, third - 1, third, 1000
    assert [checkpoints.nearest(step).step for step in asked] == [0, 0, first, second, third, third]
    checkpoints.truncate(second)
    assert checkpoints.nearest(1000).step == second
    assert checkpoints.due_after(second) == third


def test_one_kept_out_of_turn_is_the_last_and_the_next_is_due_after_it() -> None:
    checkpoints, first, second, _ = three_kept()
    checkpoints.keep(state_at(second - 5))
    assert kept(checkpoints) == [0, first, second - 5]
    assert checkpoints.due_after(second - 5) == second
    checkpoints.keep(state_at(0))
    assert kept(checkpoints) == [0]


@pytest.mark.parametrize("parameters", [10_000, 200_000])
def test_large_states_are_fewer(parameters: int) -> None:
    checkpoints = Checkpoints(state_at(0, parameters))
    for _ in range(80):
        checkpoints.offer(state_at(checkpoints.due_after(kept(checkpoints)[-1]), parameters))
    size = 16 * parameters
    assert len(kept(checkpoints)) <= max(4, MOST_BYTES // size)
    assert len(kept(checkpoints)) >= 2


def test_a_start_from_elsewhere_takes_the_place_of_the_start() -> None:
    checkpoints, start = Checkpoints(state_at(0)), state_at(0)
    start.loss = 5.0
    checkpoints.keep(start)
    assert kept(checkpoints) == [0]
    assert checkpoints.nearest(0).loss == 5.0


@given(st.lists(st.integers(1, 300), min_size=1, max_size=400))
def test_states_from_elsewhere_are_kept_about_a_stride_apart(gaps: list[int]) -> None:
    checkpoints, step = Checkpoints(state_at(0)), 0
    for gap in gaps:
        step += gap
        checkpoints.keep(state_at(step))
        assert kept(checkpoints)[-1] == step
        assert step < checkpoints.due_after(step) <= step + checkpoints.stride
    steps = kept(checkpoints)
    assert steps[0] == 0
    assert len(steps) <= MOST
    assert checkpoints.stride <= max(FIRST_STRIDE, step / 16)
    between = [later - earlier for earlier, later in pairwise(steps)]
    assert all(gap >= checkpoints.stride for gap in between[:-1])
    assert max(between) < checkpoints.stride + 2 * max(gaps) + FIRST_STRIDE
    for _ in range(2 * MOST):  # and it goes on by itself
        step = checkpoints.due_after(step)
        checkpoints.offer(state_at(step))
        assert kept(checkpoints)[-1] == step
    assert len(kept(checkpoints)) <= MOST
