import numpy as np
import pytest
from numpy.polynomial import chebyshev as numpy_chebyshev
from numpy.typing import NDArray

from app.engine.surfaces import chebyshev

Array = NDArray[np.float64]
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("count", [2, 3, 9, 33])
def test_coefficients_are_those_of_the_polynomial_the_values_came_from(count: int) -> None:
    c = RNG.standard_normal((count, 5))
    s, t = chebyshev.points(count), chebyshev.points(5)
    values = np.asarray(numpy_chebyshev.chebgrid2d(s, t, c), dtype=np.float64)
    np.testing.assert_allclose(chebyshev.coefficients(values), c, atol=1e-13)


def test_a_grid_of_a_series_is_what_numpy_makes_of_it() -> None:
    c = RNG.standard_normal((6, 4))
    s, t = np.linspace(-1, 1, 11), np.linspace(-1, 0.5, 7)
    np.testing.assert_allclose(chebyshev.grid(c, s, t), numpy_chebyshev.chebgrid2d(s, t, c), atol=1e-13)


def test_every_second_of_more_points_is_one_of_fewer() -> None:
    np.testing.assert_allclose(chebyshev.points(33)[::2], chebyshev.points(17), atol=1e-16)
    assert (chebyshev.points(17)[0], chebyshev.points(17)[-1]) == (-1.0, 1.0)


def test_an_interval_and_its_picture_from_minus_1_to_1_are_each_others_inverse() -> None:
    values = np.linspace(3.0, 7.0, 9)
    assert chebyshev.unit(values)[[0, -1]].tolist() == [-1.0, 1.0]
    np.testing.assert_allclose(chebyshev.spread(chebyshev.unit(values), values), values, rtol=1e-15)


@pytest.mark.parametrize(("columns", "rows"), [(61, 41), (61, 1), (1, 61), (3, 61), (2, 2)])
def test_a_polynomial_is_known_everywhere_from_as_few_values_as_determine_it(columns: int, rows: int) -> None:
    c = RNG.standard_normal((5, 5))
    asked = []

    def evaluate(x: Array, y: Array) -> Array:
        asked.append(len(x) * len(y))
        return np.asarray(np.polynomial.polynomial.polygrid2d(y, x, c))

    x, y = np.linspace(-1, 2, columns), np.linspace(0, 1, rows)
    found = chebyshev.polynomial_grid(evaluate, x, y, 4)
    np.testing.assert_allclose(found, np.polynomial.polynomial.polygrid2d(y, x, c), rtol=1e-12, atol=1e-12)
    assert sum(asked) == min(columns, 5) * min(rows, 5)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 17, 33, 65])
def test_polynomials_are_the_cosines_of_multiples_of_the_angle(count: int) -> None:
    t = np.linspace(-1, 1, 23)
    expected = np.cos(np.outer(np.arccos(t), np.arange(count)))
    np.testing.assert_allclose(chebyshev.polynomials(t, count), expected, atol=1e-12)
