import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.engine.data.named import Longley
from app.engine.models import multivariate_regression, univariate_regression
from app.engine.planes import Plane, named_plane
from app.engine.quadratic import QuadraticForm
from tests.engine.setting import some_data, some_plane

Array = NDArray[np.float64]

# NIST, Statistical Reference Datasets, Longley: certified to fifteen digits
CERTIFIED_B = -3482258.63459582
CERTIFIED_W = [
    15.0618722713733,
    -0.358191792925910e-01,
    -2.02022980381683,
    -1.03322686717359,
    -0.511041056535807e-01,
    1829.15146461355,
]
RESIDUAL_STANDARD_DEVIATION = 304.854073561965


def with_ones(X: Array) -> Array:
    return np.vstack([X, np.ones(X.shape[1])])


def naive_losses(maps: Array, X: Array, Y: Array) -> Array:
    return np.array([((V @ with_ones(X) - Y) ** 2).sum() / X.shape[1] for V in maps])


@given(
    n=st.integers(1, 6),
    m=st.integers(1, 30),
    outputs=st.integers(1, 3),
    scale=st.floats(1e-3, 1e4),
    seed=st.integers(0, 99),
)
def test_the_form_gives_the_losses_of_any_linear_map(n: int, m: int, outputs: int, scale: float, seed: int) -> None:
    X, Y = some_data(n, m, outputs, seed)
    maps = scale * np.random.default_rng(seed).standard_normal((7, outputs, n + 1))
    expected = naive_losses(maps, X, Y)
    form = QuadraticForm.of(with_ones(X), Y)
    np.testing.assert_allclose(form.losses(maps), expected, atol=1e-12 * np.ptp(expected), rtol=1e-12)
    assert form.root.shape[1] == n + 1 + outputs
    assert form.root.shape[0] <= n + 1 + outputs, "however many the examples"


@given(seed=st.integers(0, 99), offset=st.sampled_from([0.0, 10.0, 1e3]), width=st.floats(0.1, 100.0))
def test_a_grid_is_exact_to_1e_12_of_its_range(seed: int, offset: float, width: float) -> None:
    X, y = some_data(1, 50, seed=seed)
    X = X + offset
    model = univariate_regression(X, y)
    a, b = np.linspace(-width, width, 9), np.linspace(-2 * width, width, 7)
    grid = model.plane_losses(named_plane(np.zeros(2), 0, 1, "w", "b"), a, b)
    expected = np.array([[((w * X + c - y) ** 2).mean() for w in a] for c in b])
    assert grid.shape == (7, 9)
    assert np.abs(grid - expected).max() <= 1e-12 * np.ptp(expected)


def test_a_grid_over_any_plane_of_a_linear_model_is_exact() -> None:
    X, y = some_data(4, 25)
    model, plane = multivariate_regression(X, y), some_plane(5)
    a, b = np.linspace(-2, 3, 5), np.linspace(-1, 1, 4)
    expected = [[((np.array([t[:4]]) @ X + t[4] - y) ** 2).mean() for t in plane.points(a, np.full(5, v))] for v in b]
    np.testing.assert_allclose(model.plane_losses(plane, a, b), expected, rtol=1e-12)


@pytest.mark.parametrize(("n", "m"), [(1, 30), (5, 30), (3, 4)])
def test_the_optimum_is_that_of_lstsq(n: int, m: int) -> None:
    X, y = some_data(n, m)
    optimum = multivariate_regression(X, y).optimum
    assert optimum is not None
    expected, *_ = np.linalg.lstsq(with_ones(X).T, y[0], rcond=None)
    np.testing.assert_allclose(optimum.theta, expected, rtol=1e-9, atol=1e-12)
    assert optimum.loss == pytest.approx(((expected @ with_ones(X) - y) ** 2).mean(), rel=1e-9, abs=1e-25)
    assert optimum.unique


def test_the_optimum_of_longley_as_it_is_has_the_certified_digits() -> None:
    table = Longley().table()
    model = multivariate_regression(table.X, table.Y)
    optimum = model.optimum
    assert optimum is not None
    assert optimum.unique
    found = model.layout.unpack(optimum.theta)
    np.testing.assert_allclose(found["w"], [CERTIFIED_W], rtol=1e-8)
    np.testing.assert_allclose(found["b"], CERTIFIED_B, rtol=1e-8)
    m, parameters = table.X.shape[1], 7
    assert optimum.loss * m / (m - parameters) == pytest.approx(RESIDUAL_STANDARD_DEVIATION**2, rel=1e-9)


def test_an_optimum_that_is_not_the_only_one_says_so_and_is_one_all_the_same() -> None:
    X, y = some_data(6, 4)
    optimum = multivariate_regression(X, y).optimum
    assert optimum is not None
    assert not optimum.unique
    assert optimum.loss == pytest.approx(0.0, abs=1e-25)
    column = np.vstack([X[:1], X[:1]])
    twice = multivariate_regression(column, y).optimum
    assert twice is not None
    assert not twice.unique
    alone = univariate_regression(X[:1], y).optimum
    assert alone is not None
    assert twice.loss == pytest.approx(alone.loss)


def test_an_optimum_with_a_feature_of_noughts_is_finite() -> None:
    X, y = some_data(2, 10)
    X[1] = 0.0
    optimum = multivariate_regression(X, y).optimum
    assert optimum is not None
    assert np.isfinite(optimum.theta).all()
    assert not optimum.unique


def test_the_hessian_is_two_over_m_times_the_normal_matrix() -> None:
    X, y = some_data(3, 20)
    form = QuadraticForm.of(with_ones(X), y)
    np.testing.assert_allclose(form.hessian(), 2 / 20 * with_ones(X) @ with_ones(X).T, rtol=1e-12, atol=1e-14)


def test_the_lowest_point_of_a_plane_is_where_its_gradient_vanishes() -> None:
    X, y = some_data(3, 20)
    model, plane = multivariate_regression(X, y), some_plane(4)
    lowest = model.plane_minimum(plane)
    assert lowest is not None
    a, b, loss = lowest
    around = model.plane_losses(plane, a + np.array([-1e-3, 0.0, 1e-3]), b + np.array([-1e-3, 0.0, 1e-3]))
    assert loss == pytest.approx(around[1, 1], rel=1e-12)
    assert (around >= loss).all()
    flat = Plane(plane.origin, plane.d1, 2.0 * plane.d1, "", "")
    assert model.plane_minimum(flat) is None
