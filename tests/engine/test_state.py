import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.state import Evaluations, State, norm
from tests.engine.setting import assert_same_state


def some_state() -> State:
    state = State(np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.ones((1, 2)), loss=5.0, step=7, kind="momentum", t=3)
    state.evaluations.add(Evaluations(1, 2, 3))
    return state


def test_a_copy_is_equal_and_has_nothing_in_common() -> None:
    state = some_state()
    copy = state.copy()
    assert_same_state(copy, state)
    copy.theta += 1.0
    copy.gradient += 1.0
    copy.memory += 1.0
    copy.evaluations.gradient += 1
    assert_same_state(state, some_state())


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_restoring_brings_everything_back_into_the_arrays_that_are_bound(rows: int) -> None:
    state, other = some_state(), some_state()
    other.forget("adam", rows)
    other.theta[:] = 9.0
    theta, gradient, evaluations = state.theta, state.gradient, state.evaluations
    state.restore(other)
    assert_same_state(state, other)
    assert state.theta is theta
    assert state.gradient is gradient
    assert state.evaluations is evaluations
    state.memory += 1.0
    assert not other.memory.any()


def test_the_lowest_point_is_the_first_of_its_height() -> None:
    state = State(np.zeros(1), np.zeros(1), np.zeros((0, 1)))
    for step, loss in enumerate([3.0, 1.0, 2.0, 1.0]):
        state.step = step
        state.arrive(loss, None)
    assert (state.best_loss, state.best_step, state.loss) == (1.0, 1, 1.0)


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=6), st.integers(-300, 300))
def test_a_norm_neither_overflows_nor_vanishes(values: list[float], exponent: int) -> None:
    vector = np.array(values)
    expected = float(np.linalg.norm(vector.astype(np.longdouble) * np.longdouble(10) ** exponent))
    assert norm(vector * 10.0**exponent) == pytest.approx(expected, rel=1e-12, abs=5e-323 * len(values))


def test_the_norm_of_nought_is_nought() -> None:
    assert norm(np.zeros(3)) == 0.0
