import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.planes import Plane, named_plane
from tests.engine.setting import some_plane


@given(seed=st.integers(0, 99), x=st.floats(-100, 100), y=st.floats(-100, 100))
def test_points_of_a_plane_have_their_coordinates_and_no_distance(seed: int, x: float, y: float) -> None:
    plane = some_plane(6, seed)
    a, b, off = plane.coordinates(plane.points(np.array([x]), np.array([y])))
    np.testing.assert_allclose([a[0], b[0], off[0]], [x, y, 0.0], atol=1e-9 * (1 + abs(x) + abs(y)))


@given(seed=st.integers(0, 99))
def test_the_distance_from_a_plane_is_the_shortest_there_is(seed: int) -> None:
    plane, rng = some_plane(6, seed), np.random.default_rng(seed + 1)
    point = rng.standard_normal((1, 6))
    x, y, off = plane.coordinates(point)
    assert off[0] == pytest.approx(np.linalg.norm(point - plane.points(x, y)), rel=1e-9)
    beside = plane.points(x + rng.standard_normal(50), y + rng.standard_normal(50))
    assert (np.linalg.norm(point - beside, axis=1) >= off[0]).all()


def test_on_a_plane_of_named_parameters_x_and_y_are_their_values_to_the_last_bit() -> None:
    theta = np.random.default_rng(0).standard_normal(5)
    plane = named_plane(theta, 3, 1, "w", "b")
    x, y, off = plane.coordinates(theta[None])
    assert (x[0], y[0], off[0]) == (theta[3], theta[1], 0.0)
    assert np.array_equal(plane.points(x, y)[0], theta)
    moved = theta.copy()
    moved[0] += 3.0
    assert plane.coordinates(moved[None])[2][0] == pytest.approx(3.0)


def test_coordinates_leave_the_points_they_are_of_alone() -> None:
    theta = np.random.default_rng(0).standard_normal((4, 5))
    before = theta.copy()
    named_plane(theta[0], 3, 1, "w", "b").coordinates(theta)
    assert np.array_equal(theta, before)


def test_the_same_plane_has_the_same_id_however_it_was_asked_for() -> None:
    line = np.array([2.0, -1.0])
    first, second = (named_plane(theta, 0, 1, "w", "b") for theta in (line, -3.0 * line))
    assert first.id == second.id, "a line fit has one plane, whatever the centre"
    zeros = Plane(np.array([0.0, -0.0]), first.d1, first.d2, "w", "b")
    assert zeros.id == first.id
    assert named_plane(line, 1, 0, "b", "w").id != first.id
    three = np.array([1.0, 2.0, 3.0])
    assert named_plane(three, 0, 1, "", "").id != named_plane(three + 1.0, 0, 1, "", "").id


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_directions_of_any_length_have_coordinates(scale: float) -> None:
    unit = some_plane(6, 1)
    plane = Plane(unit.origin, scale * unit.d1, unit.d2, "x", "y")
    x, y, off = plane.coordinates(unit.points(np.array([0.5]), np.array([-2.0])))
    np.testing.assert_allclose([x[0] * scale, y[0], off[0]], [0.5, -2.0, 0.0], atol=1e-9)


def test_a_distance_that_is_no_number_is_infinite_and_nobody_is_warned() -> None:
    plane = named_plane(np.zeros(3), 0, 1, "a", "b")
    x, y, off = plane.coordinates(np.array([[2.0, -3.0, 1.7e308]]))
    assert (x[0], y[0], off[0]) == (2.0, -3.0, np.inf)
