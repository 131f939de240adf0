import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.path import LEAST_THETAS, Path, Track

Array = NDArray[np.float64]


def rows(first: int, last: int) -> Array:
    """A row for each step from `first` to `last`: its number, and that squared."""
    steps = np.arange(first, last + 1, dtype=np.float64)
    return np.column_stack([steps, steps * steps])


def naive(count: int, capacity: int) -> tuple[int, list[int]]:
    """Points appended one by one; when there are too many, every second goes. The stride, and the steps kept."""
    stride, kept = 1, list[int]()
    for step in range(count):
        if step % stride == 0:
            if len(kept) == capacity:
                kept, stride = kept[::2], 2 * stride
            if step % stride == 0:
                kept.append(step)
    return stride, kept


@given(capacity=st.integers(1, 40), pieces=st.lists(st.integers(0, 150), max_size=8))
def test_a_track_keeps_what_thinning_point_by_point_would_keep(capacity: int, pieces: list[int]) -> None:
    track, step = Track(2, capacity), 0
    for piece in pieces:
        track.append(step, rows(step, step + piece - 1))
        step += piece
        stride, kept = naive(step, capacity)
        assert (track.stride, track.steps.tolist()) == (stride, kept)
        assert np.array_equal(track.rows, rows(0, step - 1)[kept] if kept else np.empty((0, 2)))
        assert track.count <= capacity


@given(capacity=st.integers(2, 20), until=st.integers(1, 200), back=st.integers(0, 199), more=st.integers(0, 200))
def test_going_back_forgets_what_came_after_and_goes_on_at_the_same_stride(
    capacity: int, until: int, back: int, more: int
) -> None:
    track = Track(2, capacity)
    track.append(0, rows(0, until))
    stride, back = track.stride, min(back, until)
    track.truncate(back)
    assert track.stride == stride
    assert track.steps.tolist() == list(range(0, back + 1, stride))
    track.append(back + 1, -rows(back + 1, back + more))
    assert track.stride >= stride
    for step, row in zip(track.steps, track.rows, strict=True):
        assert row.tolist() == ([step, step * step] if step <= back else [-step, -step * step])


def test_points_that_were_kept_elsewhere_make_the_same_track() -> None:
    whole, copy = Track(2, 100), Track(2, 100)
    whole.append(0, rows(0, 350))
    copy.replace(whole.rows[:30], whole.stride)
    copy.extend(whole.rows[30:])
    for track in (whole, copy):
        track.append(351, rows(351, 1000))
    assert copy.stride == whole.stride
    assert np.array_equal(copy.rows, whole.rows)


def test_the_first_point_is_always_kept() -> None:
    track = Track(1, 5)
    track.append(0, np.arange(100_000.0)[:, None])
    assert track.steps[0] == track.rows[0, 0] == 0
    assert track.thinnings == int(np.log2(track.stride))


@pytest.mark.parametrize("parameters", [1, 2, 17, 385, 10_000])
@pytest.mark.parametrize("max_bytes", [4_096, 65_536, 262_144])
def test_a_path_stays_within_its_bytes_but_for_the_64_thetas_every_model_may_keep(
    parameters: int, max_bytes: int
) -> None:
    path = Path(parameters, max_bytes)
    count = 9_000 if parameters < 1_000 else 700
    path.append(0, np.zeros(count), np.zeros(count), np.zeros((count, parameters)))
    held = path.scalars._rows.nbytes + path.thetas._rows.nbytes
    assert held <= max(max_bytes, max_bytes // 2 + 8 * LEAST_THETAS * parameters)
    assert path.thetas.count >= LEAST_THETAS // 2
    assert path.scalars.count >= path.thetas.count


def test_a_short_run_takes_little_memory() -> None:
    path = Path(2, 262_144)
    path.append(0, np.zeros(10), np.zeros(10), np.zeros((10, 2)))
    assert path.scalars._rows.nbytes + path.thetas._rows.nbytes < 4_096


def test_scalars_are_kept_more_densely_than_the_thetas_of_a_large_model() -> None:
    path = Path(1_000, 262_144)
    path.append(0, np.arange(4_000.0), np.ones(4_000), np.zeros((4_000, 1_000)))
    assert path.scalars.stride == 1
    assert path.thetas.stride > 1
    assert np.array_equal(path.scalars.rows[:, 0], np.arange(4_000.0))
