"""Classes without noise lie exactly where their formulas say."""

import numpy as np
import pytest

from app.engine.data.classes import Blobs, Circles, Moons, Spirals, Xor
from app.engine.data.dataset import Array, Table


def members(table: Table, label: int) -> Array:
    return table.X[:, table.Y[0] == label]


def test_circles_have_their_radii_and_go_all_the_way_round() -> None:
    table = Circles(noise=0, inner_radius=0.25, samples=2000).table()
    for label, radius in enumerate([1.0, 0.25]):
        x, y = members(table, label)
        np.testing.assert_allclose(np.hypot(x, y), radius, rtol=1e-14)
        assert np.histogram(np.arctan2(y, x), bins=8)[0].min() > 80


def test_moons_are_half_circles_that_reach_into_each_other() -> None:
    table = Moons(noise=0).table()
    upper, lower = members(table, 0), members(table, 1)
    np.testing.assert_allclose(np.hypot(*upper), 1, rtol=1e-14)
    np.testing.assert_allclose(np.hypot(*(lower - [[1], [0.5]])), 1, rtol=1e-14)
    assert upper[1].min() >= 0
    assert lower[1].max() <= 0.5
    assert lower[0].min() < upper[0].max()


@pytest.mark.parametrize("class_count", [2, 5])
@pytest.mark.parametrize("turns", [0.5, 2.0])
def test_the_arms_of_a_spiral_are_one_arm_turned(class_count: int, turns: float) -> None:
    table = Spirals(noise=0, class_count=class_count, turns=turns, samples=500).table()
    for label in range(class_count):
        x, y = members(table, label)
        radius = np.hypot(x, y)
        angle = 2 * np.pi * (label / class_count + turns * (radius - 0.1) / 0.9)
        np.testing.assert_allclose(np.exp(1j * np.arctan2(y, x)), np.exp(1j * angle), atol=1e-12)
        assert 0.1 <= radius.min() < 0.2
        assert 0.9 < radius.max() <= 1


@pytest.mark.parametrize("class_count", [2, 3, 20])
def test_blobs_lie_around_the_centers_they_report(class_count: int) -> None:
    table = Blobs(class_count=class_count, noise=0, samples=200).table()
    assert table.truth is not None
    centers = np.array(table.truth["centers"])
    np.testing.assert_array_equal(table.X, centers[table.Y[0].astype(int)].T)
    np.testing.assert_allclose(np.hypot(*centers.T), 3, rtol=1e-14)
    np.testing.assert_allclose(centers.sum(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(centers[0], [3, 0])


def test_the_exclusive_or_is_that_of_the_signs() -> None:
    table = Xor(samples=1000).table()
    np.testing.assert_array_equal(table.Y[0] == 1, (table.X[0] > 0) != (table.X[1] > 0))
    assert np.abs(table.X).max() <= 1


def test_noise_moves_points_of_the_exclusive_or_but_not_their_labels() -> None:
    np.testing.assert_array_equal(Xor(noise=0.5).table().Y, Xor(noise=0).table().Y)


@pytest.mark.parametrize(
    "dataset", [Circles(samples=101), Moons(samples=101), Spirals(samples=101), Blobs(samples=101)]
)
def test_classes_are_as_equal_in_size_as_they_can_be(dataset: Circles | Moons | Spirals | Blobs) -> None:
    table = dataset.table()
    sizes = np.bincount(table.Y[0].astype(int))
    assert sizes.max() - sizes.min() <= 1
    assert table.classes == ("A", "B", "C")[: len(sizes)]
