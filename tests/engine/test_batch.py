import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine import batch
from app.engine.activations import ACTIVATIONS
from app.engine.batch import PSI, losses_and_gradients
from app.engine.field import field, field_work
from app.engine.functions import FUNCTIONS
from app.engine.losses import LOSSES
from app.engine.models import deep_network, one_hot, univariate_regression
from app.engine.objective import Objective
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from app.engine.planes import named_plane
from tests.engine.bowl import Bowl
from tests.engine.setting import some_data, some_plane

Array = NDArray[np.float64]
X, TARGETS = some_data(2, 30, outputs=3)
LABELS = one_hot((np.arange(30) % 3)[None].astype(np.float64), 3)


def one_by_one(objective: Objective, thetas: Array) -> tuple[Array, Array]:
    """As a run computes them."""
    losses, gradients = np.empty(len(thetas)), np.empty_like(thetas)
    for i, theta in enumerate(thetas):
        losses[i] = objective.bind(theta.copy(), gradients[i])()
    return losses, gradients


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", [(), (4,), (3, 5)])
def test_many_gradients_are_those_of_one_at_a_time(
    activation: str, loss: str, hidden: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    Y = LABELS if LOSSES[loss].classes else TARGETS
    model = deep_network(X, Y, hidden, activation, None, loss, Penalty(l1=0.1, l2=0.2))
    thetas = np.random.default_rng(0).standard_normal((11, model.layout.size))
    losses, gradients = one_by_one(model, thetas)
    for block in (1, 4_000, 10**9):
        monkeypatch.setattr(batch, "BLOCK_BYTES", block)
        found = losses_and_gradients(model, thetas)
        np.testing.assert_allclose(found[0], losses, rtol=1e-12)
        np.testing.assert_allclose(found[1], gradients, rtol=1e-11, atol=1e-13)


def test_an_output_activation_bends_the_gradient() -> None:
    model = deep_network(X, TARGETS, (4,), "relu", "tanh", "huber", Penalty())
    thetas = np.random.default_rng(0).standard_normal((5, model.layout.size))
    losses, gradients = one_by_one(model, thetas)
    found = losses_and_gradients(model, thetas)
    np.testing.assert_allclose(found[0], losses, rtol=1e-12)
    np.testing.assert_allclose(found[1], gradients, rtol=1e-11, atol=1e-13)


def test_a_mini_batch_is_the_model_of_its_examples() -> None:
    model = deep_network(X, TARGETS, (4,), "tanh", None, "mean_squared_error", Penalty(l2=0.1))
    thetas, chosen = np.random.default_rng(0).standard_normal((5, model.layout.size)), np.array([3, 17, 4, 29])
    part = deep_network(X[:, chosen], TARGETS[:, chosen], (4,), "tanh", None, "mean_squared_error", Penalty(l2=0.1))
    losses, gradients = one_by_one(part, thetas)
    found = losses_and_gradients(model, thetas, chosen)
    np.testing.assert_allclose(found[0], losses, rtol=1e-12)
    np.testing.assert_allclose(found[1], gradients, rtol=1e-11, atol=1e-13)


def test_every_loss_has_its_psi() -> None:
    assert PSI.keys() == LOSSES.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_have_the_gradients_of_one_at_a_time(name: str) -> None:
    objective = PlaneObjective(FUNCTIONS[name]())
    thetas = np.random.default_rng(0).uniform(-2.0, 2.0, (20, 2))
    losses, gradients = one_by_one(objective, thetas)
    found = losses_and_gradients(objective, thetas)
    np.testing.assert_allclose(found[0], losses, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found[1], gradients, rtol=1e-9, atol=1e-10)


def test_any_other_objective_is_asked_one_by_one() -> None:
    thetas = np.random.default_rng(0).standard_normal((4, 3))
    losses, gradients = losses_and_gradients(Bowl((1.0, 2.0, 5.0)), thetas)
    np.testing.assert_allclose(losses, 0.5 * thetas**2 @ [1.0, 2.0, 5.0], rtol=1e-14)
    np.testing.assert_allclose(gradients, thetas * [1.0, 2.0, 5.0], rtol=1e-15)


def test_arrows_on_named_parameters_are_their_slopes() -> None:
    model = univariate_regression(*some_data(1, 9))
    x, y = np.linspace(-1, 1, 4), np.linspace(0, 2, 3)
    u, v = field(model, named_plane(np.zeros(2), 1, 0, "b", "w"), x, y)
    residual = y[:, None, None] * model.X[0] + x[None, :, None] - model.Y[0]
    np.testing.assert_allclose(u, -2.0 * residual.mean(axis=2), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(v, -2.0 * (residual * model.X[0]).mean(axis=2), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("outputs", [1, 3])
def test_arrows_of_a_quadratic_are_worked_out_at_corners_alone(outputs: int) -> None:
    model = deep_network(*some_data(4, 50, outputs), (), "tanh", None, "mean_squared_error", Penalty())
    plane, x, y = some_plane(model.layout.size), np.linspace(-2, 3, 9), np.linspace(10, 11, 7)
    u, v = field(model, plane, x, y)
    every = [losses_and_gradients(model, plane.points(x, np.full_like(x, value)))[1] for value in y]
    across, up = (np.array(part) for part in zip(*(plane.components(-gradients) for gradients in every), strict=True))
    np.testing.assert_allclose(u, across, rtol=1e-11, atol=1e-11 * np.abs(across).max())
    np.testing.assert_allclose(v, up, rtol=1e-11, atol=1e-11 * np.abs(up).max())
    assert field_work(model, 100, 100) == field_work(model, 3, 3)


def test_arrows_are_the_same_by_any_number_of_threads() -> None:
    model = deep_network(X, TARGETS, (4,), "tanh", None, "mean_squared_error", Penalty(l1=0.1))
    plane, x, y = some_plane(model.layout.size), np.linspace(-1, 1, 9), np.linspace(0, 1, 7)
    for one, two in zip(field(model, plane, x, y, 1), field(model, plane, x, y, 3), strict=True):
        assert np.array_equal(one, two)
    assert field_work(model, 9, 7) == 63 * field_work(model, 1, 1)


def test_arrows_point_where_the_slice_falls_fastest() -> None:
    """In the plane's own coordinates: the slope of the slice along each direction is −(u d₁ + v d₂)·direction."""
    model = deep_network(X, TARGETS, (4,), "tanh", None, "mean_squared_error", Penalty())
    plane, h = some_plane(model.layout.size), 1e-6
    x, y = np.array([-0.5, 0.3]), np.array([0.1, 0.7])
    u, v = field(model, plane, x, y)
    for row, b in enumerate(y):
        for column, a in enumerate(x):
            arrow = u[row, column] * plane.d1 + v[row, column] * plane.d2
            across = model.plane_losses(plane, np.array([a - h, a + h]), np.array([b]))[0]
            up = model.plane_losses(plane, np.array([a]), np.array([b - h, b + h]))[:, 0]
            assert -(arrow @ plane.d1) == pytest.approx((across[1] - across[0]) / (2 * h), rel=1e-5)
            assert -(arrow @ plane.d2) == pytest.approx((up[1] - up[0]) / (2 * h), rel=1e-5)
