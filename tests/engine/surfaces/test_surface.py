from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.network import Network, with_ones
from app.engine.planes import Plane
from app.engine.surfaces import surface as surface_module
from app.engine.surfaces import tiles
from app.engine.surfaces.surface import Surface
from tests.engine.surfaces.naive import X_AXIS, Y_AXIS, general_plane, grid, problem, scalars, sparse_plane

Array = NDArray[np.float64]
MIDDLE = 0.5 * (X_AXIS[0] + X_AXIS[-1]), 0.5 * (Y_AXIS[0] + Y_AXIS[-1])
HIDDEN = [(), (4,), (3, 5), (3, 2, 4)]


def assert_exact(network: Network, plane: Plane, X: Array, Y: Array, threads: int = 1) -> Surface:
    """To 1e-12 of the grid's range, which is what the answer promises."""
    surface = Surface(network, with_ones(X), Y, plane, MIDDLE)
    found, expected = surface.at(X_AXIS, Y_AXIS, threads), grid(network, plane, X_AXIS, Y_AXIS, X, Y)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * max(np.ptp(expected), 1e-3))
    return surface


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_activation_and_loss_has_the_surface_of_the_naive_loop(
    activation: str, loss: str, hidden: tuple[int, ...]
) -> None:
    network, X, Y = problem(hidden, activation, loss, examples=13)
    scale = 0.2 if LOSSES[loss].classes else 1.0  # further out log(1 − ŷ) of the naive loop loses its digits
    assert_exact(network, general_plane(network, scale=scale), X, Y)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "softplus"])
@pytest.mark.parametrize("seed", range(8))
def test_planes_that_leave_units_and_layers_alone_have_the_surface_of_the_naive_loop(
    hidden: tuple[int, ...], activation: str, seed: int
) -> None:
    network, X, Y = problem(hidden, activation, "mean_squared_error", examples=13)
    assert_exact(network, sparse_plane(network, seed), X, Y)


@pytest.mark.parametrize("loss", ["mean_squared_error", "huber"])
@pytest.mark.parametrize("hidden", [(3,), (2, 2)])
def test_every_pair_of_scalars_has_the_surface_of_the_naive_loop(hidden: tuple[int, ...], loss: str) -> None:
    network, X, Y = problem(hidden, "sigmoid", loss, examples=7)
    for i, j in permutations(range(network.size), 2):
        if (i + j) % 3 == 0 or abs(i - j) < 4:  # a third of them, and all neighbours
            assert_exact(network, scalars(network, i, j), X, Y)


@pytest.mark.parametrize(
    ("i", "j", "closed"),
    [
        (15, 16, True),  # both in the last layer: a quadratic
        (0, 15, True),  # one in a hidden unit, one above: a quadratic for each value of the first
        (0, 3, True),  # two hidden units: one product
        (0, 2, False),  # weight and bias of one unit
    ],
)
def test_formulas_take_over_where_two_scalars_let_them(i: int, j: int, closed: bool) -> None:
    network, X, Y = problem((4,), "sigmoid", "mean_squared_error", examples=30, outputs=1)
    for plane in (scalars(network, i, j), scalars(network, j, i)):
        assert assert_exact(network, plane, X, Y).is_closed is closed


def test_an_output_activation_bends_what_would_be_a_quadratic() -> None:
    network, X, Y = problem((4,), "relu", "mean_squared_error", examples=30)
    bent = Network(network.widths, "relu", "sigmoid", network.loss)
    for plane in (general_plane(bent), scalars(bent, bent.size - 1, bent.size - 2), scalars(bent, 0, 5)):
        assert not assert_exact(bent, plane, X, Y).is_closed


@pytest.mark.parametrize("block", [1, 700, 5_000])
@pytest.mark.parametrize("activation", ["sigmoid", "gelu"])
def test_the_size_of_blocks_changes_nothing(block: int, activation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "BLOCK", block)
    network, X, Y = problem((3, 4), activation, "mean_squared_error", examples=83)
    for plane in (general_plane(network), scalars(network, 0, 1), scalars(network, 0, network.size - 1)):
        assert_exact(network, plane, X, Y)


@pytest.mark.parametrize("threads", [2, 3, 50])
def test_several_threads_find_the_same_numbers(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surface_module, "WORTH_A_THREAD", 1)
    network, X, Y = problem((3, 4), "tanh", "mean_squared_error", examples=20)
    surface = assert_exact(network, general_plane(network), X, Y, threads)
    assert np.array_equal(surface.at(X_AXIS, Y_AXIS, threads), surface.at(X_AXIS, Y_AXIS))


@pytest.mark.parametrize("scale", [30.0, 1000.0])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
@pytest.mark.parametrize("hidden", [(4,), (4, 3)])
def test_weights_so_large_that_exponentials_overflow_are_no_harm(
    scale: float, activation: str, hidden: tuple[int, ...]
) -> None:
    network, X, Y = problem(hidden, activation, "mean_squared_error", examples=20)
    plane = general_plane(network, scale=scale)
    found = Surface(network, with_ones(X), Y, plane, MIDDLE).at(X_AXIS, Y_AXIS)
    expected = stable_grid(network, plane, X, Y)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-11 * np.ptp(expected))


STABLE: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda z: 0.5 * (1.0 + np.tanh(0.5 * z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.logaddexp(z, 0.0),
}


def stable_grid(network: Network, plane: Plane, X: Array, Y: Array) -> Array:
    """The naive loop with activations that cannot overflow, as the textbook's do."""
    losses = np.empty((len(Y_AXIS), len(X_AXIS)))
    for row, b in enumerate(Y_AXIS):
        for column, a in enumerate(X_AXIS):
            Z, *others = network.matrices(plane.origin + a * plane.d1 + b * plane.d2)
            Z = Z[:, :-1] @ X + Z[:, -1:]
            for W_bar in others:
                Z = W_bar[:, :-1] @ STABLE[network.activation](Z) + W_bar[:, -1:]
            losses[row, column] = ((Z - Y) ** 2).sum() / X.shape[1]
    return losses


def test_a_window_far_from_0_keeps_its_digits() -> None:
    """The window is a millionth of its distance: counted from θ₀ its range would drown in rounding."""
    network, X, Y = problem((3,), "sigmoid", "mean_squared_error", examples=20)
    theta, d1, d2 = np.random.default_rng(3).standard_normal((3, network.size))
    for_reference = Plane(theta, d1, d2, "a", "b")
    x, y = np.linspace(-1, 1, 5), np.linspace(-1, 1, 4)
    far = Plane(theta - 2.0**20 * d1 + 2.0**20 * d2, d1, d2, "a", "b")
    found = Surface(network, with_ones(X), Y, far, (2.0**20, -(2.0**20))).at(x + 2.0**20, y - 2.0**20)
    expected = grid(network, for_reference, x, y, X, Y)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-8 * np.ptp(expected))


def test_losses_too_large_for_a_number_are_not_finite_and_nobody_is_warned() -> None:
    network, X, Y = problem((3,), "softplus", "mean_squared_error", examples=20)
    plane = general_plane(network, scale=1e200)
    assert not np.isfinite(Surface(network, with_ones(X), Y, plane, MIDDLE).at(X_AXIS, Y_AXIS)).any()


def test_a_line_is_a_plane_with_one_row() -> None:
    network, X, Y = problem((3,), "sigmoid", "mean_squared_error", examples=20)
    plane = general_plane(network)
    line = Plane(plane.origin, plane.d1, np.zeros(network.size), "t", "")
    found = Surface(network, with_ones(X), Y, line, (0.0, 0.0)).at(X_AXIS, np.zeros(1))
    np.testing.assert_allclose(found, grid(network, line, X_AXIS, np.zeros(1), X, Y), rtol=1e-12)


def test_numpy_is_left_as_it_was() -> None:
    network, X, Y = problem((3,), "sigmoid", "mean_squared_error", examples=20)
    before = np.getbufsize(), np.geterr()
    Surface(network, with_ones(X), Y, general_plane(network), MIDDLE).at(X_AXIS, Y_AXIS)
    assert (np.getbufsize(), np.geterr()) == before
