from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.expressions.expression import Expression
from app.engine.functions import FUNCTIONS
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.models import deep_network, two_layer
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from app.engine.planes import Plane, named_plane
from app.engine.surfaces.heights import heights
from tests.engine.setting import some_data, some_plane
from tests.engine.surfaces.naive import general_plane, grid, loss_at, problem, scalars

Array = NDArray[np.float64]
X_AXIS, Y_AXIS = np.linspace(-1.0, 1.0, 61), np.linspace(-0.5, 1.5, 61)


def naive_penalty(model: Model, theta: Array) -> float:
    """l1·Σ|W| + ½·l2·ΣW² from the parameters by name."""
    weights = [np.abs(np.array(value)) for name, value in model.layout.unpack(theta).items() if name[0] == "W"]
    return sum(float(model.penalty.l1 * w.sum() + 0.5 * model.penalty.l2 * (w * w).sum()) for w in weights)


def naive(model: Model, plane: Plane, x: Array, y: Array) -> Array:
    thetas = [[plane.origin + a * plane.d1 + b * plane.d2 for a in x] for b in y]
    losses = [[loss_at(model.network, t, model.X, model.Y) + naive_penalty(model, t) for t in row] for row in thetas]
    return np.array(losses)


@pytest.mark.parametrize("activation", ["identity", "sigmoid"])
@pytest.mark.parametrize("hidden", [(), (3,), (2, 3)])
@pytest.mark.parametrize("penalty", [Penalty(), Penalty(l1=0.3), Penalty(l2=0.7), Penalty(l1=0.1, l2=0.2)])
def test_penalties_are_part_of_the_surface(activation: str, hidden: tuple[int, ...], penalty: Penalty) -> None:
    model = deep_network(*some_data(2, 9, 2), hidden, activation, None, "mean_squared_error", penalty)
    x, y = np.linspace(-1, 2, 8), np.linspace(0, 1, 6)
    for plane in (some_plane(model.layout.size), scalars(model.network, 0, model.layout.size - 1)):
        expected = naive(model, plane, x, y)
        found = heights(model, plane, x, y)
        np.testing.assert_allclose(found.losses, expected, rtol=0.0, atol=1e-12 * np.ptp(expected))
        assert found.error == 0.0


@pytest.mark.parametrize("hidden", [(3,), (2, 3), (2, 2, 2)])
def test_the_surface_of_linear_layers_does_not_look_at_the_examples(hidden: tuple[int, ...]) -> None:
    model = deep_network(*some_data(2, 9, 2), hidden, "identity", None, "mean_squared_error", Penalty(l2=0.1))
    plane = some_plane(model.layout.size)
    expected = naive(model, plane, X_AXIS, Y_AXIS)
    blind = replace(model, X=np.full_like(model.X, np.nan))
    blind.__dict__["quadratic"] = model.quadratic
    found = heights(blind, plane, X_AXIS, Y_AXIS).losses
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * np.ptp(expected))


def test_a_tolerance_saves_cells_and_states_an_error_that_is_true() -> None:
    network, X, Y = problem((4,), "sigmoid", "mean_squared_error", examples=30, outputs=1)
    model = two_layer(X, Y, 4, "sigmoid")
    for penalty in (Penalty(), Penalty(l1=0.1, l2=0.1)):
        penalized, plane = replace(model, penalty=penalty), general_plane(network, scale=0.5)
        exact = heights(penalized, plane, X_AXIS, Y_AXIS)
        found = heights(penalized, plane, X_AXIS, Y_AXIS, tolerance=1e-6)
        assert exact.error == 0.0
        assert 0.0 < found.error <= 1e-6
        assert np.abs(found.losses - exact.losses).max() <= found.error * np.ptp(exact.losses)


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("relu", "mean_squared_error"),
        ("leaky_relu", "mean_squared_error"),
        ("tanh", "huber"),
        ("tanh", "mean_absolute_error"),
    ],
)
def test_what_has_kinks_is_computed_in_every_cell_whatever_the_tolerance(activation: str, loss: str) -> None:
    network, X, Y = problem((4,), activation, loss, examples=10)
    model = deep_network(X, Y, (4,), activation, None, loss, Penalty())
    plane, axis = general_plane(network), np.linspace(-1, 1, 50)
    found = heights(model, plane, axis, axis, tolerance=1e-2)
    assert found.error == 0.0
    assert np.array_equal(found.losses, heights(model, plane, axis, axis).losses)


def test_every_activation_and_loss_says_whether_it_has_kinks() -> None:
    """Kinks are where the second difference does not shrink like h²."""
    t = np.linspace(-3.0, 3.0, 60_001)
    h = t[1] - t[0]
    for name, activation in ACTIVATIONS.items():
        values = np.empty_like(t)
        activation.apply(t.copy(), values)
        kinked = bool(np.abs(np.diff(values, 2)).max() > 100.0 * h * h)
        model = deep_network(*some_data(2, 9), (2,), name, None, "binary_cross_entropy", Penalty())
        assert model.bends_smoothly is not kinked, name
    smooth = {"mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy"}
    for loss in LOSSES:
        model = deep_network(*some_data(2, 9, 2), (2,), "sigmoid", None, loss, Penalty())
        assert model.bends_smoothly is (loss in smooth)


def test_formulas_are_not_interpolated() -> None:
    network, X, Y = problem((4,), "sigmoid", "mean_squared_error", examples=10, outputs=1)
    model = two_layer(X, Y, 4, "sigmoid")
    assert heights(model, scalars(network, 0, 3), X_AXIS, Y_AXIS, tolerance=1e-3).error == 0.0


@pytest.mark.parametrize("axes", [(0, 1), (1, 0)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_x_and_y_has_its_values_on_its_own_plane(name: str, axes: tuple[int, int]) -> None:
    objective = PlaneObjective(FUNCTIONS[name]())
    plane = named_plane(np.zeros(2), *axes, "x", "y")
    x, y = np.linspace(-1.5, 2.0, 7), np.linspace(-1.0, 1.0, 5)
    expected = [[objective.loss(np.array([a, b] if axes == (0, 1) else [b, a])) for a in x] for b in y]
    np.testing.assert_allclose(heights(objective, plane, x, y).losses, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("text", ["x*y + sin(x)", "x^2", "3", "y"])
def test_an_expression_has_its_values_on_any_plane(text: str) -> None:
    objective = PlaneObjective(Expression(text))
    x, y = np.linspace(-1.5, 2.0, 7), np.linspace(-1.0, 1.0, 5)
    for plane in (some_plane(2), named_plane(np.zeros(2), 0, 1, "x", "y")):
        expected = [[objective.loss(plane.points(np.array([a]), np.array([b]))[0]) for a in x] for b in y]
        found = heights(objective, plane, x, y).losses
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_a_data_model_of_the_texts_agrees_with_the_naive_loop() -> None:
    network, X, Y = problem((4,), "sigmoid", "mean_squared_error", examples=30, outputs=1)
    plane, x, y = general_plane(network), np.linspace(-1, 1, 9), np.linspace(0, 2, 5)
    expected = grid(network, plane, x, y, X, Y)
    found = heights(two_layer(X, Y, 4, "sigmoid"), plane, x, y).losses
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * np.ptp(expected))
