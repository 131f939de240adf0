"""Splitting and rescaling: nothing is lost, nothing leaks from the test examples, nothing is done unasked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.data.dataset import Table
from app.engine.data.linear import Plane
from app.engine.data.preparation import prepare


def counting(examples: int) -> Table:
    """A table whose columns carry their own number."""
    numbers = np.arange(float(examples))
    return Table(np.stack([numbers, -numbers]), 10 * numbers[np.newaxis], ("a", "b"), ("y",))


@given(st.integers(1, 300), st.floats(0, 0.9), st.integers(0, 2**31 - 1))
def test_each_example_is_in_one_of_the_two_sets_and_keeps_its_target(m: int, fraction: float, seed: int) -> None:
    data = prepare(counting(m), test_fraction=fraction, seed=seed)
    assert sorted([*data.X[0], *data.X_test[0]]) == list(range(m))
    for X, Y, columns in ((data.X, data.Y, data.train), (data.X_test, data.Y_test, data.test)):
        np.testing.assert_array_equal(X, [columns, -columns])
        np.testing.assert_array_equal(Y[0], 10 * X[0])
        assert (np.diff(columns) > 0).all()
    assert data.X.shape[1] >= 1
    assert abs(data.test.size - fraction * m) <= 0.5 or data.X.shape[1] == 1


def test_the_split_is_the_first_of_a_permutation_from_its_own_stream() -> None:
    data = prepare(counting(50), test_fraction=0.2, seed=9)
    assert data.test.tolist() == sorted(np.random.default_rng([9, 4, 0]).permutation(50)[:10])


def test_a_larger_share_keeps_the_test_examples_of_a_smaller_one() -> None:
    few, many = (set(prepare(counting(40), test_fraction=share, seed=2).test.tolist()) for share in (0.1, 0.5))
    assert few < many


@pytest.mark.parametrize(("examples", "fraction", "tested"), [(1, 0.9, 0), (2, 0.9, 1), (5, 0.1, 0), (15, 0.1, 2)])
def test_small_tables_keep_an_example_for_training(examples: int, fraction: float, tested: int) -> None:
    assert prepare(counting(examples), test_fraction=fraction).test.size == tested


def test_nothing_is_rescaled_unless_asked() -> None:
    table = Plane().table()
    data = prepare(table)
    assert data.scaling is None
    assert data.X is table.X
    assert data.Y is table.Y


def test_features_are_scaled_by_the_training_examples_and_targets_never() -> None:
    table = Plane(samples=60, features=3).table()
    data, plain = (prepare(table, test_fraction=0.5, standardize=asked, seed=4) for asked in (True, False))
    mean, deviation = plain.X.mean(axis=1), plain.X.std(axis=1)
    np.testing.assert_allclose(data.X.mean(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose(data.X.std(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(data.X_test.T, (plain.X_test.T - mean) / deviation, rtol=1e-12)
    np.testing.assert_array_equal(data.Y, plain.Y)
    np.testing.assert_array_equal(data.Y_test, plain.Y_test)


@pytest.mark.parametrize("value", [0.1, -1e100, 0.0, 1e-300])
def test_a_feature_that_never_changes_becomes_zero_and_stays_in_its_unit(value: float) -> None:
    table = Table(np.stack([np.full(7, value), np.arange(7.0)]), np.zeros((1, 7)), ("a", "b"), ("y",))
    data = prepare(table, standardize=True)
    assert data.scaling is not None
    assert data.scaling.deviation[0, 0] == 1
    np.testing.assert_array_equal(data.X[0], 0)


@pytest.mark.parametrize("size", [1e100, 1e-200, 5e-324])
def test_scaled_features_are_finite_for_the_largest_and_smallest_numbers(size: float) -> None:
    table = Table(np.array([[-size, size, size]]), np.zeros((1, 3)), ("a",), ("y",))
    assert np.isfinite(prepare(table, standardize=True).X).all()


def test_weights_are_told_in_either_scale() -> None:
    table = Plane(features=3).table()
    data = prepare(table, standardize=True)
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(4, 3)), rng.normal(size=(4, 1))
    assert data.scaling is not None
    raw_W, raw_b = data.scaling.weights_for_raw(W, b)
    np.testing.assert_allclose(raw_W @ table.X + raw_b, W @ data.X + b, atol=1e-12)
    again_W, again_b = data.scaling.weights_for_scaled(raw_W, raw_b)
    np.testing.assert_allclose(again_W, W, rtol=1e-12)
    np.testing.assert_allclose(again_b, b, atol=1e-12)
