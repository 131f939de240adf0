"""Lines and planes: drawn as their docstrings say, on the truth they report."""

from typing import Any

import numpy as np
import pytest

from app.engine.data.linear import Line, Plane, RandomLine
from app.engine.data.problems import DataError

from .sentences import told


def stream(seed: int, index: int) -> np.random.Generator:
    return np.random.default_rng([seed, 3, index])


def test_a_line_is_drawn_as_its_docstring_says() -> None:
    table = Line(seed=7, samples=4, slope=1.5, intercept=0.25, noise=0.5, x_min=-1, x_max=3).table()
    x = -1 + 4 * stream(7, 0).random(4)
    np.testing.assert_array_equal(table.X, [x])
    np.testing.assert_allclose(table.Y, [1.5 * x + 0.25 + 0.5 * stream(7, 1).standard_normal(4)], rtol=1e-15)
    assert table.truth == {"w": 1.5, "b": 0.25}


def test_a_line_without_noise_is_its_truth_exactly() -> None:
    table = Line(noise=0, slope=-3.25, intercept=0.1).table()
    np.testing.assert_array_equal(table.Y, -3.25 * table.X + 0.1)


def test_features_stay_within_the_range() -> None:
    X = Line(samples=5000, x_min=2, x_max=2.5).table().X
    assert X.min() >= 2
    assert X.max() < 2.5
    assert np.ptp(X) > 0.49


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, -2.0)])
def test_a_range_that_holds_nothing_is_refused(low: float, high: float) -> None:
    with pytest.raises(DataError, match="range is empty") as caught:
        Line(x_min=low, x_max=high)
    assert caught.value.problems[0].path == ("x_min",)
    assert told(caught.value.problems) == [f"must be less than the largest x; {low} is not below {high}"]


def test_a_plane_has_the_coefficients_it_was_given() -> None:
    table = Plane(features=3, coefficients=(1.0, -2.0, 0.5), intercept=4.0, noise=0).table()
    x1, x2, x3 = table.X
    np.testing.assert_allclose(table.Y[0], x1 - 2 * x2 + 0.5 * x3 + 4, atol=1e-14)
    assert table.truth == {"w": [1.0, -2.0, 0.5], "b": 4.0}


@pytest.mark.parametrize("features", [1, 2, 100])
def test_a_plane_draws_the_coefficients_it_was_not_given_and_reports_them(features: int) -> None:
    table = Plane(features=features, noise=0, seed=3).table()
    assert table.truth is not None
    w = -3 + 6 * stream(3, 2).random(features)
    np.testing.assert_allclose(np.atleast_1d(table.truth["w"]), w, rtol=1e-15)
    np.testing.assert_allclose(table.Y, [w @ table.X + 1], atol=1e-12)


def test_as_many_coefficients_as_features_are_needed() -> None:
    with pytest.raises(DataError, match=r"coefficients differ \(coefficients 3, features 2\)") as caught:
        Plane(coefficients=(1.0, 2.0, 3.0))
    assert told(caught.value.problems) == ["must have one number for each of the 2 features, got 3"]


def test_the_least_squares_plane_approaches_the_truth_with_many_examples() -> None:
    table = Plane(samples=100_000, features=2, coefficients=(1.0, -2.0)).table()
    inputs = np.vstack([table.X, np.ones(table.X.shape[1])])
    solution, *_ = np.linalg.lstsq(inputs.T, table.Y[0], rcond=None)
    np.testing.assert_allclose(solution, [1, -2, 1], atol=0.01)


def test_an_unknown_line_has_the_distributions_of_the_regression_it_reproduces() -> None:
    tables = [RandomLine(seed=seed, samples=20).table() for seed in range(400)]
    truths = np.array([[table.truth["w"], table.truth["b"]] for table in tables if table.truth])
    x = np.concatenate([table.X[0] for table in tables])
    residuals = np.concatenate([t.Y[0] - w * t.X[0] - b for t, (w, b) in zip(tables, truths, strict=True)])
    assert np.abs(truths).max() <= 4
    np.testing.assert_allclose(truths.var(axis=0), 64 / 12, rtol=0.15)  # the variance of U(−4, 4)
    np.testing.assert_allclose([x.mean(), residuals.mean()], 0, atol=0.1)
    np.testing.assert_allclose([x.var(), residuals.var()], [5, 10], rtol=0.05)


@pytest.mark.parametrize(("samples", "low", "high"), [(20, 0.1, 0.6), (300, 0.15, 0.3)])
def test_the_learning_rate_an_unknown_line_bears_differs_from_sample_to_sample(
    samples: int, low: float, high: float
) -> None:
    limits = []
    for seed in range(40):
        X: Any = RandomLine(seed=seed, samples=samples).table().X
        inputs = np.vstack([X, np.ones(samples)])
        limits.append(2 / np.linalg.eigvalsh(2 / samples * inputs @ inputs.T)[-1])
    assert low < min(limits) < max(limits) < high
    assert np.median(limits) == pytest.approx(0.2, rel=0.15)  # 1/variance, as x has mean 0
    assert max(limits) / min(limits) > 1.2


def test_an_unknown_line_draws_w_before_b() -> None:
    truth = RandomLine(seed=11).table().truth
    w, b = -4 + 8 * stream(11, 2).random(2)
    assert truth == {"w": w, "b": b}
