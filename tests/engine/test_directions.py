import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.directions import Normalize, PlaneError, plane_through, principal_plane, random_plane
from app.engine.functions import FUNCTIONS
from app.engine.layout import flat_layout
from app.engine.lines import line_between
from app.engine.models import deep_network, multivariate_regression, two_layer, univariate_regression
from app.engine.objective import Objective
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]
MODEL = deep_network(*some_data(2, 20, 3), (4, 5), "tanh", None, "mean_squared_error", Penalty())
THETA = random_start(MODEL)


def named(theta: Array) -> dict[str, Array]:
    return {name: np.array(value) for name, value in MODEL.layout.unpack(theta).items()}


def test_raw_directions_are_the_draws_of_the_seed_in_the_order_clients_see() -> None:
    plane = random_plane(MODEL.layout, THETA, 7, "none")
    draws = np.random.default_rng([7, 5, 0]).standard_normal((2, MODEL.layout.size))
    for direction, expected in zip((plane.d1, plane.d2), draws, strict=True):
        assert np.array_equal(direction[MODEL.layout.order], expected)
    assert np.array_equal(plane.origin, THETA)


@pytest.mark.parametrize("normalize", ["none", "filter", "layer"])
def test_the_same_seed_is_the_same_plane_and_another_is_not(normalize: Normalize) -> None:
    first, again, other = (random_plane(MODEL.layout, THETA, seed, normalize).id for seed in (3, 3, 4))
    assert first == again != other


def test_filter_normalized_directions_have_the_length_of_each_filter() -> None:
    raw, plane = (random_plane(MODEL.layout, THETA, 1, kind) for kind in ("none", "filter"))
    for direction, unscaled in ((plane.d1, raw.d1), (plane.d2, raw.d2)):
        for name, weights in named(THETA).items():
            found, before = named(direction)[name], named(unscaled)[name]
            if name.startswith("b"):
                assert not found.any(), "biases stay where they are"
                continue
            for row in range(len(weights)):
                assert np.linalg.norm(found[row]) == pytest.approx(np.linalg.norm(weights[row]), rel=1e-14)
                assert found[row] / before[row] == pytest.approx(found[row][0] / before[row][0], rel=1e-13)


def test_layer_normalized_directions_have_the_length_of_each_layer() -> None:
    plane = random_plane(MODEL.layout, THETA, 1, "layer")
    for direction in (plane.d1, plane.d2):
        for name, weights in named(THETA).items():
            wanted = 0.0 if name.startswith("b") else np.linalg.norm(weights)
            assert np.linalg.norm(named(direction)[name]) == pytest.approx(wanted, rel=1e-14)


@pytest.mark.parametrize("normalize", ["filter", "layer"])
def test_normalization_needs_layers_and_weights_that_are_not_0(normalize: Normalize) -> None:
    with pytest.raises(PlaneError) as told:
        random_plane(flat_layout(("x", "y")), np.ones(2), 0, normalize)
    assert told.value.key == "plane.no_layers"
    with pytest.raises(PlaneError) as told:
        random_plane(MODEL.layout, np.zeros_like(THETA), 0, normalize)
    assert told.value.key == "plane.too_few_weights"
    line = univariate_regression(*some_data(1, 9))
    with pytest.raises(PlaneError) as told:  # one weight: both directions are its own
        random_plane(line.layout, np.ones(2), 0, normalize)
    assert told.value.key == "plane.too_few_weights"


def test_principal_components_are_the_eigenvectors_of_the_covariance() -> None:
    rng = np.random.default_rng(0)
    path = rng.standard_normal((50, 6)) * [3.0, 0.1, 2.0, 0.2, 0.1, 0.5] + 10.0
    plane = principal_plane(path, path[-1])
    values, vectors = np.linalg.eigh(np.cov(path.T))
    for direction, expected in ((plane.d1, vectors[:, -1]), (plane.d2, vectors[:, -2])):
        assert abs(direction @ expected) == pytest.approx(1.0, rel=1e-12)
        assert direction @ (path[-1] - path[0]) > 0.0
    assert plane.explained_variance == pytest.approx((values[::-1] / values.sum())[:2], rel=1e-12)
    assert np.array_equal(plane.origin, path[-1])


def test_a_path_in_a_plane_lies_in_its_principal_plane() -> None:
    rng = np.random.default_rng(1)
    d1, d2, theta = rng.standard_normal((3, 7))
    path = theta + np.outer(rng.standard_normal(20), d1) + np.outer(rng.standard_normal(20), 1e-4 * d2)
    plane = principal_plane(path, path[0])
    x, y, off = plane.coordinates(path)
    assert off.max() < 1e-12
    np.testing.assert_allclose(np.hypot(x, y), np.linalg.norm(path - path[0], axis=1), atol=1e-12)
    assert sum(plane.explained_variance or ()) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("path", [np.ones((1, 4)), np.ones((5, 4)), np.outer(np.arange(9.0), np.ones(4))])
def test_a_path_that_stands_or_runs_straight_has_no_principal_plane(path: Array) -> None:
    with pytest.raises(PlaneError) as told:
        principal_plane(path, path[0])
    assert told.value.key == "plane.straight_path"


def test_the_principal_plane_of_a_run_holds_most_of_its_way() -> None:
    run = run_from(two_layer(*some_data(2, 30), 4, "sigmoid"), random_start(two_layer(*some_data(2, 30), 4, "sigmoid")))
    run.advance(200)
    plane = principal_plane(run.path.thetas.rows, run.state.theta)
    assert 0.9 < sum(plane.explained_variance or ()) <= 1.0 + 1e-12


def test_a_plane_through_three_points_holds_them_in_true_distances() -> None:
    points = np.random.default_rng(2).standard_normal((3, 9))
    plane = plane_through(list(points))
    x, y, off = plane.coordinates(points)
    assert off.max() < 1e-14
    np.testing.assert_allclose([x[0], y[0], y[1]], 0.0, atol=1e-14)
    assert x[1] > 0.0
    assert y[2] > 0.0
    assert np.hypot(x[2] - x[1], y[2]) == pytest.approx(np.linalg.norm(points[2] - points[1]), rel=1e-13)
    np.testing.assert_allclose([plane.d1 @ plane.d1, plane.d2 @ plane.d2, plane.d1 @ plane.d2], [1, 1, 0], atol=1e-14)


def test_points_almost_on_a_line_still_span_directions_at_right_angles() -> None:
    first, along, aside = np.random.default_rng(3).standard_normal((3, 9))
    plane = plane_through([first, first + along, first + 2.0 * along + 1e-7 * aside])
    assert abs(plane.d1 @ plane.d2) < 1e-14


def test_points_that_span_no_plane_are_refused() -> None:
    a, b = np.random.default_rng(4).standard_normal((2, 5))
    for points in ([a, a, b], [a, b, a], [b, a, a]):
        with pytest.raises(PlaneError) as told:
            plane_through(points)
        assert told.value.key == "plane.same_points"
    with pytest.raises(PlaneError) as told:
        plane_through([a, b, a + 0.3 * (b - a)])
    assert told.value.key == "plane.points_on_a_line"


@pytest.mark.parametrize("normalize", ["none", "filter"])
def test_components_of_a_vector_are_those_of_its_shadow_in_the_plane(normalize: Normalize) -> None:
    plane = random_plane(MODEL.layout, THETA, 1, normalize)
    vectors = np.random.default_rng(5).standard_normal((4, MODEL.layout.size))
    x, y = plane.components(vectors)
    rest = vectors - np.outer(x, plane.d1) - np.outer(y, plane.d2)
    np.testing.assert_allclose([rest @ plane.d1, rest @ plane.d2], 0.0, atol=1e-11)


def along(objective: Objective, start: Array, end: Array, t: Array) -> Array:
    return objective.plane_losses(line_between(start, end), t, np.zeros(1)).ravel()


@pytest.mark.parametrize("activation", ["identity", "sigmoid"])
def test_a_line_has_the_losses_of_its_points(activation: str) -> None:
    model = two_layer(*some_data(2, 30), 4, activation)
    start, end = random_start(model, 1), random_start(model, 2)
    t = np.linspace(-0.5, 1.5, 41)
    expected = [model.loss((1 - s) * start + s * end) for s in t]
    np.testing.assert_allclose(along(model, start, end, t), expected, rtol=1e-12)


def test_lines_of_linear_models_and_of_functions_have_the_losses_of_their_points() -> None:
    linear, function = multivariate_regression(*some_data(3, 30)), PlaneObjective(FUNCTIONS["rosenbrock"]())
    t = np.linspace(0.0, 1.0, 21)
    for objective, size in ((linear, 4), (function, 2)):
        start, end = np.random.default_rng(6).standard_normal((2, size))
        expected = [objective.loss((1 - s) * start + s * end) for s in t]
        np.testing.assert_allclose(along(objective, start, end, t), expected, rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-160, 1e200, 1e307])
def test_very_small_and_very_large_paths_have_the_principal_plane_of_ordinary_ones(scale: float) -> None:
    path = np.random.default_rng(5).standard_normal((9, 4)) / 8
    plane, other = (principal_plane(each, each[-1]) for each in (path, scale * path))
    np.testing.assert_allclose([other.d1, other.d2], [plane.d1, plane.d2], atol=1e-9)
    assert other.explained_variance == pytest.approx(plane.explained_variance)


def test_points_whose_distance_is_no_number_are_refused() -> None:
    a = np.array([1.7e308, 0.0, 0.0])
    with pytest.raises(PlaneError) as told:
        plane_through([a, -a, np.array([0.0, 1.0, 0.0])])
    assert told.value.key == "plane.too_far"
