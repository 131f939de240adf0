from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.surfaces.interpolated import interpolated
from app.engine.surfaces.surface import Surface
from tests.engine.surfaces.naive import general_plane, problem

Array = NDArray[np.float64]
GRID = np.linspace(-1.0, 1.0, 101)
FUNCTIONS: dict[str, Callable[[Array, Array], Array]] = {
    "waves": lambda x, y: np.sin(3.0 * x) * np.cos(2.0 * y),
    "one steep direction": lambda x, y: np.tanh(6.0 * x) + 0.1 * y,
    "the other": lambda x, y: np.tanh(6.0 * y) + 0.1 * x,
    "a diagonal step": lambda x, y: np.tanh(2.0 * (x - y)),
    "a polynomial": lambda x, y: x**2 - x * y + y**3,
    "a bump": lambda x, y: np.exp(-4.0 * (x * x + y * y)),
    "nothing in y": lambda x, y: np.exp(x) + 0.0 * y,
}


def counting(function: Callable[[Array, Array], Array]) -> tuple[Callable[[Array, Array], Array], list[int]]:
    cells = [0]

    def evaluate(x: Array, y: Array) -> Array:
        cells[0] += len(x) * len(y)
        return function(x[None, :], y[:, None])

    return evaluate, cells


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9])
def test_smooth_functions_are_found_to_the_tolerance_from_a_part_of_the_cells(name: str, tolerance: float) -> None:
    x, y = 2.0 + 0.8 * GRID, -1.0 + 0.8 * GRID

    def centred(x: Array, y: Array) -> Array:
        return FUNCTIONS[name](x - 2.0, y + 1.0)

    evaluate, cells = counting(centred)
    found = interpolated(evaluate, x, y, tolerance)
    assert found is not None
    expected = centred(x[None, :], y[:, None])
    error = np.abs(found.values - expected).max()
    assert error <= found.error <= tolerance * np.ptp(found.values)
    assert cells[0] < 0.6 * expected.size


def test_the_direction_that_is_easy_gets_no_more_points() -> None:
    evaluate, cells = counting(FUNCTIONS["one steep direction"])
    assert interpolated(evaluate, GRID, GRID, 1e-6) is not None
    assert cells[0] < 97 * 25 + 100


@pytest.mark.parametrize(
    "function",
    [lambda x, y: np.abs(x + 0.31 * y), lambda x, y: np.sign(x + y), lambda x, y: np.sin(200.0 * x) + y],
    ids=["a kink", "a jump", "waves too fast"],
)
def test_what_is_not_smooth_is_given_up(function: Callable[[Array, Array], Array]) -> None:
    evaluate, cells = counting(function)
    assert interpolated(evaluate, GRID, GRID, 1e-6) is None
    assert cells[0] <= 0.5 * GRID.size**2


def test_a_narrow_pit_between_the_first_points_is_not_overlooked() -> None:
    def pit(x: Array, y: Array) -> Array:
        return x + y - 0.05 * np.exp(-((x - 0.3) ** 2 + (y + 0.4) ** 2) / 0.02)

    evaluate, _ = counting(pit)
    found = interpolated(evaluate, GRID, GRID, 1e-6)
    expected = pit(GRID[None, :], GRID[:, None])
    assert found is None or np.abs(found.values - expected).max() <= found.error


def test_a_grid_of_few_cells_is_left_to_be_computed() -> None:
    evaluate, cells = counting(FUNCTIONS["waves"])
    assert interpolated(evaluate, GRID[::5], GRID[::5], 1e-6) is None
    assert cells[0] == 0


def test_a_window_that_leaves_the_numbers_is_left_to_be_computed() -> None:
    evaluate, _ = counting(lambda x, y: np.where(x + y > 1.5, np.inf, x + y))
    assert interpolated(evaluate, GRID, GRID, 1e-3) is None


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "gelu"])
@pytest.mark.parametrize("loss", ["mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy"])
def test_the_stated_error_of_a_network_is_true(activation: str, loss: str) -> None:
    """On random networks, windows and depths: whenever an answer is given its bound holds in every cell."""
    answered = 0
    for seed in range(8):
        hidden = [(4,), (8, 8), (3, 2, 4), (12,)][seed % 4]
        network, X, Y = problem(hidden, activation, loss, examples=25, seed=seed)
        scale = [0.3, 1.0, 2.0][seed % 3]
        plane = general_plane(network, seed=seed + 100, scale=scale)
        surface = Surface(network, np.vstack([X, np.ones((1, 25))]), Y, plane, (0.0, 0.0))
        for tolerance in (1e-3, 1e-6):
            found = interpolated(surface.at, GRID, GRID, tolerance)
            if found is not None:
                expected = surface.at(GRID, GRID)
                assert np.abs(found.values - expected).max() <= found.error <= tolerance * np.ptp(found.values)
                answered += 1
    assert answered >= 5, "a method that never answers is of no use"
