import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine import curvature
from app.engine.curvature import batch_spectrum, spectrum
from app.engine.layout import layered_layout
from app.engine.model import Model
from app.engine.models import deep_network, multivariate_regression, two_layer
from app.engine.network import Network
from app.engine.penalty import Penalty
from tests.engine.bowl import Bowl, KnownBowl
from tests.engine.setting import some_data

Array = NDArray[np.float64]


def normal_matrix(X: Array) -> Array:
    """(2/m) X̄X̄ᵀ, the Hessian of a linear model."""
    X_bar = np.vstack([X, np.ones(X.shape[1])])
    return np.asarray(2.0 / X.shape[1] * X_bar @ X_bar.T)


def saddle_eigenvalue(X: Array, y: Array) -> float:
    """‖(2/m)(y − ȳ)Xᵀ‖ of the strict saddle of the two-layer linear network."""
    return float(np.linalg.norm(2.0 / X.shape[1] * (y - y.mean()) @ X.T))


def at_the_saddle(model: Model, y: Array) -> Array:
    theta = np.zeros(model.layout.size)
    model.layout.put(theta, "b2", float(y.mean()))
    return theta


def test_a_linear_model_has_the_eigenvalues_of_its_normal_matrix() -> None:
    X, y = some_data(3, 40)
    model = multivariate_regression(X, y)
    found = spectrum(model, np.zeros(4))
    assert found is not None
    assert (found.found, found.complete, found.constant) == ("exact", True, True)
    np.testing.assert_allclose(found.eigenvalues, np.linalg.eigvalsh(normal_matrix(X)), rtol=1e-12)
    assert found.condition_number == pytest.approx(np.linalg.cond(normal_matrix(X)), rel=1e-12)


def test_an_l2_penalty_adds_its_constant_in_the_directions_of_the_weights() -> None:
    X, y = some_data(3, 40)
    model = deep_network(X, y, (), "identity", None, "mean_squared_error", Penalty(l2=0.7))
    found = spectrum(model, np.zeros(4))
    assert found is not None
    expected = np.linalg.eigvalsh(normal_matrix(X) + 0.7 * np.diag([1.0, 1.0, 1.0, 0.0]))
    np.testing.assert_allclose(found.eigenvalues, expected, rtol=1e-12)


def test_fewer_examples_than_parameters_leave_flat_directions_and_no_condition_number() -> None:
    X, y = some_data(6, 3)
    found = spectrum(multivariate_regression(X, y), np.zeros(7))
    assert found is not None
    assert found.condition_number is None
    assert len(found.nonzero) == 3
    np.testing.assert_allclose(found.eigenvalues, np.linalg.eigvalsh(normal_matrix(X)), atol=1e-13)


def test_raw_data_keep_their_condition_number_where_the_normal_matrix_loses_it() -> None:
    x = 1e4 + np.arange(5.0)
    found = spectrum(multivariate_regression(x[None], x[None]), np.zeros(2))
    assert found is not None
    spread, mean = np.var(x), x.mean()  # the determinant is 4 var(x), the trace about 2 mean²
    assert found.condition_number == pytest.approx(mean**4 / spread, rel=1e-3)


def test_the_strict_saddle_of_the_two_layer_linear_network_has_the_eigenvalues_of_theory() -> None:
    X, y = some_data(2, 30)
    model = two_layer(X, y, 3, "identity")
    found = spectrum(model, at_the_saddle(model, y))
    assert found is not None
    s = saddle_eigenvalue(X, y)
    expected = np.sort([s] * 3 + [-s] * 3 + [2.0] + [0.0] * (model.layout.size - 7))
    np.testing.assert_allclose(found.eigenvalues, expected, atol=1e-9)
    assert found.found == "differences"
    assert found.tolerance < 1e-6


def test_lanczos_finds_both_ends_of_the_spectrum_of_a_wide_saddle() -> None:
    X, y = some_data(8, 60)
    model = two_layer(X, 10.0 * y, 30, "identity")
    found = spectrum(model, at_the_saddle(model, 10.0 * y))
    assert found is not None
    assert found.found == "lanczos"
    s = saddle_eigenvalue(X, 10.0 * y)
    assert found.largest == pytest.approx(max(s, 2.0), rel=1e-6)
    assert found.eigenvalues[0] == pytest.approx(-s, rel=1e-6)


def test_lanczos_and_the_whole_matrix_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = some_data(3, 50)
    model = two_layer(X, y, 8, "sigmoid")
    theta = np.random.default_rng(1).standard_normal(model.layout.size)
    whole = spectrum(model, theta)
    monkeypatch.setattr(curvature, "MOST_DENSE", 0)
    ends = spectrum(model, theta)
    assert whole is not None
    assert ends is not None
    assert (whole.found, ends.found) == ("differences", "lanczos")
    assert ends.largest == pytest.approx(whole.largest, rel=1e-5)


@pytest.mark.parametrize("bowl", [Bowl((0.5, 3.0, 7.0)), KnownBowl((0.5, 3.0, 7.0))])
def test_a_scaled_hessian_is_divided_by_the_scaling(bowl: Bowl) -> None:
    found = spectrum(bowl, np.array([1.0, -2.0, 0.5]), np.array([4.0, 1.0, 14.0]))
    assert found is not None
    np.testing.assert_allclose(found.eigenvalues, [0.125, 0.5, 3.0], rtol=1e-8)


def test_the_scaled_hessian_of_a_linear_model_with_two_outputs_is_divided_too() -> None:
    X, Y = some_data(2, 40, outputs=2)
    model = Model(Network((2, 2)), layered_layout((2, 2), [("W1", "b1")]), X, Y)
    scaling = np.array([1.0, 2.0, 0.5, 3.0, 0.1, 7.0])
    found = spectrum(model, np.zeros(6), scaling)
    assert found is not None
    hessian = np.kron(np.eye(2), normal_matrix(X)) / np.sqrt(np.outer(scaling, scaling))
    np.testing.assert_allclose(found.eigenvalues, np.linalg.eigvalsh(hessian), rtol=1e-10)


def test_a_formula_for_the_hessian_is_used_and_seen_to_be_constant() -> None:
    found = spectrum(KnownBowl((4.0, -1.0)), np.array([3.0, 3.0]))
    assert found is not None
    assert (found.found, found.constant, found.largest, found.condition_number) == ("exact", True, 4.0, None)


def test_a_kink_within_the_step_of_the_difference_is_not_taken_for_curvature() -> None:
    X, y = np.array([[1.0, -2.0, 3.0]]), np.array([[0.5, -1.0, 2.0]])
    model = deep_network(X, y, (2,), "relu", None, "mean_squared_error", Penalty())
    theta = model.layout.pack({"W1": [[1.0], [0.7]], "b1": [[2.0 + 1e-7], [0.3]], "W2": [[1.0, -0.5]], "b2": [[0.1]]})
    beside = theta.copy()
    beside[model.layout.index("b1[0]")] += 0.1
    near, away = spectrum(model, theta), spectrum(model, beside)
    assert away is not None
    assert near is None or near.largest < 3.0 * away.largest


def test_the_curvature_of_one_batch_is_that_of_its_examples_alone() -> None:
    X, y = some_data(2, 20)
    batch = np.array([3, 11, 4])
    found = batch_spectrum(multivariate_regression(X, y), np.ones(3), batch)
    assert found is not None
    assert found.largest == pytest.approx(np.linalg.eigvalsh(normal_matrix(X[:, batch]))[-1], rel=1e-7)


def test_a_point_where_the_gradient_overflows_has_no_spectrum() -> None:
    X, y = some_data(1, 5)
    model = two_layer(X, y, 2, "identity")
    assert spectrum(model, np.full(model.layout.size, 1e150)) is None
