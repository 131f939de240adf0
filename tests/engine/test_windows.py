import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.functions import FUNCTIONS
from app.engine.models import two_layer, univariate_regression
from app.engine.plane_objective import PlaneObjective
from app.engine.planes import named_plane
from app.engine.windows import LARGEST, natural_units, window_around
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, some_data, some_plane

XY = named_plane(np.zeros(2), 0, 1, "x", "y")
Units = tuple[float, float]


def sides(points: list[tuple[float, float]], units: Units) -> tuple[float, float]:
    x, y = np.array(points).T
    x_min, x_max, y_min, y_max = window_around(x, y, units)
    return x_max - x_min, y_max - y_min


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=8),
    st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)),
)
def test_a_window_holds_its_points_and_has_room_on_every_side(points: list[tuple[float, float]], units: Units) -> None:
    x, y = np.array(points).T
    x_min, x_max, y_min, y_max = window_around(x, y, units)
    assert x_min < x.min() <= x.max() < x_max
    assert y_min < y.min() <= y.max() < y_max


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=8),
    st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)),
)
def test_a_window_is_never_flat(points: list[tuple[float, float]], units: Units) -> None:
    across, up = (side / unit for side, unit in zip(sides(points, units), units, strict=True))
    assert min(across, up) >= 2.0 - 1e-6
    assert min(across, up) >= 0.249 * max(across, up)


def test_a_wide_path_sets_its_window_alone() -> None:
    x_min, x_max, y_min, y_max = window_around(np.array([0.0, 10.0]), np.array([-5.0, 5.0]), (1.0, 1.0))
    assert (x_min, x_max) == pytest.approx((-1.5, 11.5))
    assert (y_min, y_max) == pytest.approx((-6.5, 6.5))


def test_a_window_of_the_largest_numbers_has_sides_that_are_numbers() -> None:
    window = window_around(np.array([-1.7e308, 1.7e308]), np.array([0.0, 1.0]), (1.0, 1.0))
    assert window == (-LARGEST, LARGEST, -LARGEST, LARGEST)


def test_a_unit_is_where_the_curvature_has_changed_the_loss_by_its_size() -> None:
    """½λh² = size along an axis of a quadratic."""
    units = natural_units(Bowl((8.0, 50.0)), XY, 0.1, 0.2, 1.0)
    assert units == pytest.approx((np.sqrt(2 / 8), np.sqrt(2 / 50)), rel=1e-6)


def test_flat_directions_have_the_unit_of_their_coordinate() -> None:
    assert natural_units(Bowl((1e-30, 1e-30)), XY, 0.5, -300.0, 1.0) == (1.0, 30.0)


def test_features_of_other_sizes_have_weights_of_other_units() -> None:
    """Years and a share: their weights differ as much the other way round."""
    X, Y = some_data(1, 50)
    thousands, ones = (univariate_regression(scale * X, Y) for scale in (1e3, 1.0))
    (w, b), (w_1, b_1) = (natural_units(model, XY, 0.0, 0.0, 0.1) for model in (thousands, ones))
    assert w == pytest.approx(1e-3 * w_1, rel=1e-6)
    assert b == pytest.approx(b_1, rel=1e-6)


def test_a_unit_without_effect_still_has_a_width() -> None:
    model = two_layer(*some_data(2, 20), 4, "sigmoid")
    theta = random_start(model)
    theta[-5:-1] = 0.0  # w2: no weight before it matters
    assert natural_units(model, named_plane(theta, 0, 1, "a", "b"), 0.3, 0.4, 2.0) == (1.0, 1.0)


@pytest.mark.parametrize("size", [0.0, 1e-300, 1.0, 1e300, float("inf")])
def test_units_are_numbers_above_0_whatever_the_loss(size: float) -> None:
    for name, function in FUNCTIONS.items():
        for x in (0.0, 1.0, 1e3, 1e150):
            units = natural_units(PlaneObjective(function()), some_plane(2), x, -x, size)
            assert all(0.0 < unit < np.inf for unit in units), (name, x)
