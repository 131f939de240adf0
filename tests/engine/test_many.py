import numpy as np
import pytest

from app.engine import many
from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.models import deep_network, one_hot, two_layer
from app.engine.penalty import Penalty
from tests.engine.setting import some_data, some_plane

X, TARGETS = some_data(2, 30, outputs=3)
LABELS = one_hot((np.arange(30) % 3)[None].astype(np.float64), 3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", [(), (4,), (3, 5)])
@pytest.mark.parametrize("block", [1, 4_000, 10**9])
def test_many_losses_are_those_of_one_at_a_time(
    activation: str, loss: str, hidden: tuple[int, ...], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "BLOCK_BYTES", block)
    Y = LABELS if LOSSES[loss].classes else TARGETS
    model = deep_network(X, Y, hidden, activation, None, loss, Penalty(l1=0.1, l2=0.2))
    thetas = np.random.default_rng(0).standard_normal((11, model.layout.size))
    np.testing.assert_allclose(model.losses(thetas), [model.loss(theta) for theta in thetas], rtol=1e-12)


def test_no_thetas_have_no_losses() -> None:
    model = two_layer(X, TARGETS[:1], 2, "sigmoid")
    assert model.losses(np.empty((0, model.layout.size))).shape == (0,)


@pytest.mark.parametrize("activation", ["identity", "sigmoid"])
def test_a_grid_has_a_row_for_each_y_and_a_column_for_each_x(activation: str) -> None:
    model = two_layer(X, TARGETS[:1], 3, activation)
    plane = some_plane(model.layout.size)
    x, y = np.linspace(-1, 1, 5), np.linspace(0, 2, 3)
    expected = [[model.loss(plane.origin + a * plane.d1 + b * plane.d2) for a in x] for b in y]
    np.testing.assert_allclose(model.plane_losses(plane, x, y), expected, rtol=1e-12)


@pytest.mark.parametrize("hidden", [(4,), (3, 5)])
def test_a_deep_linear_network_is_the_quadratic_of_the_map_it_makes(hidden: tuple[int, ...]) -> None:
    model = deep_network(X, TARGETS, hidden, "identity", None, "mean_squared_error", Penalty())
    assert model.is_linear_map
    assert model.optimum is None, "its loss is no quadratic of its parameters"
    thetas = np.random.default_rng(0).standard_normal((6, model.layout.size))
    np.testing.assert_allclose(model.losses(thetas), [model.forward(theta).loss() for theta in thetas], rtol=1e-12)


def test_far_out_losses_are_infinite_without_a_warning() -> None:
    model = two_layer(X, TARGETS[:1], 2, "sigmoid")
    thetas = np.full((2, model.layout.size), 1e300)
    assert model.losses(thetas).tolist() == [np.inf, np.inf]
    assert model.loss(thetas[0]) == np.inf
