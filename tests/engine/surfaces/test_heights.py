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
from app.engine.objective import Objective
from app.engine.penalty import Penalty
from app.engine.plane_objective import PlaneObjective
from app.engine.planes import Plane, named_plane
from app.engine.surfaces.heights import DIVERGENT, Heights, WorkError
from app.engine.surfaces.heights import heights as heights_or_none
from tests.engine.setting import some_data, some_plane
from tests.engine.surfaces.naive import general_plane, grid, loss_at, problem, scalars

Array = NDArray[np.float64]
X_AXIS, Y_AXIS = np.linspace(-1.0, 1.0, 61), np.linspace(-0.5, 1.5, 61)


def heights(objective: Objective, plane: Plane, x: Array, y: Array, tolerance: float = 0.0) -> Heights:
    """Where there are any."""
    found = heights_or_none(objective, plane, x, y, tolerance)
    assert found is not None
    return found


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


def test_divergent_corners_are_clipped_and_the_level_is_said() -> None:
    objective, plane = PlaneObjective(Expression("exp(x) + y^2")), named_plane(np.zeros(2), 0, 1, "x", "y")
    x, y = np.linspace(0.0, 100.0, 11), np.linspace(0.0, 1.0, 3)
    found = heights(objective, plane, x, y)
    assert found.clipped_at == DIVERGENT
    expected = np.exp(x)[None, :] + (y**2)[:, None]
    np.testing.assert_allclose(found.losses, np.minimum(expected, DIVERGENT), rtol=1e-15)


@pytest.mark.parametrize("text", ["exp(exp(x))", "1/x^8 + log(x - 50)"])
def test_what_is_no_number_is_as_high_as_the_highest_that_is_one(text: str) -> None:
    objective, plane = PlaneObjective(Expression(text)), named_plane(np.zeros(2), 0, 1, "x", "y")
    x, y = np.linspace(0.0, 100.0, 11), np.linspace(0.0, 1.0, 3)
    found = heights(objective, plane, x, y)
    with np.errstate(all="ignore"):
        exact = objective.plane_losses(plane, x, y)
    known = np.isfinite(exact) & (exact <= DIVERGENT)
    assert found.clipped_at == found.losses.max()
    assert np.array_equal(found.losses[known], exact[known])
    assert (found.losses[~known] == found.clipped_at).all()


def test_a_window_without_a_number_has_no_heights() -> None:
    objective, plane = PlaneObjective(Expression("log(x)")), named_plane(np.zeros(2), 0, 1, "x", "y")
    assert heights_or_none(objective, plane, np.linspace(-3.0, -1.0, 5), np.linspace(0.0, 1.0, 3)) is None


def test_surfaces_that_are_clipped_are_not_interpolated() -> None:
    """The error is relative to the range, of which clipping leaves less."""
    X, Y = some_data(1, 10)
    model = deep_network(X, Y, (3,), "softplus", None, "mean_squared_error", Penalty())
    plane = Plane(np.zeros(10), np.zeros(10), np.zeros(10), "a", "b")
    plane.origin[:], plane.d1[9], plane.d2[0] = 0.5, 1e8, 1.0
    found = heights(model, plane, X_AXIS, Y_AXIS, tolerance=1e-3)
    assert (found.error, found.clipped_at) == (0.0, DIVERGENT * max(1.0, found.losses.min()))


def test_more_work_than_allowed_is_refused_with_a_resolution_that_would_do() -> None:
    network, X, Y = problem((4,), "relu", "mean_squared_error", examples=50, outputs=1)
    model = deep_network(X, Y, (4,), "relu", None, "mean_squared_error", Penalty())
    plane = general_plane(network)
    work = model.plane_work(plane, 61, 61)
    with pytest.raises(WorkError) as told:
        heights_or_none(model, plane, X_AXIS, Y_AXIS, most_work=work / 4)
    assert told.value.got == work
    fewer = np.linspace(-1.0, 1.0, told.value.resolution)
    assert 25 <= told.value.resolution <= 31
    assert heights_or_none(model, plane, fewer, fewer, most_work=work / 4) is not None


def test_a_tolerance_allows_what_would_be_too_much_work_cell_by_cell() -> None:
    network, X, Y = problem((4,), "sigmoid", "mean_squared_error", examples=50, outputs=1)
    model, plane = two_layer(X, Y, 4, "sigmoid"), general_plane(network, scale=0.3)
    most = model.plane_work(plane, 61, 61) / 2.5
    with pytest.raises(WorkError):
        heights_or_none(model, plane, X_AXIS, Y_AXIS, most_work=most)
    found = heights_or_none(model, plane, X_AXIS, Y_AXIS, 1e-3, most_work=most)
    assert found is not None
    assert 0.0 < found.error <= 1e-3
    with pytest.raises(WorkError):
        heights_or_none(model, plane, X_AXIS, Y_AXIS, 1e-3, most_work=most / 100)


def test_the_work_of_a_formula_does_not_grow_with_the_cells_times_the_examples() -> None:
    network, X, Y = problem((4,), "sigmoid", "mean_squared_error", examples=500, outputs=1)
    model = two_layer(X, Y, 4, "sigmoid")
    general = model.plane_work(general_plane(network), 100, 100)
    assert general > 100 * 100 * 500 * 4
    for i, j in ((0, 3), (0, 14), (14, 0), (14, 15)):
        assert model.plane_work(scalars(network, i, j), 100, 100) < general / 8
