"""Random search and Nelder–Mead: written out by hand, and held against SciPy."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.functions import Function
from app.engine.functions.valleys import Rosenbrock
from app.engine.functions.waves import LeviN13
from app.engine.models import two_layer
from app.engine.optimizers import NelderMead, RandomSearch
from app.engine.plane_objective import PlaneObjective
from app.engine.state import State
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, run_from, some_data

Array = NDArray[np.float64]

MODEL = two_layer(*some_data(2, 30), 3, "sigmoid")


def test_random_search_draws_what_the_contract_says_and_keeps_the_best() -> None:
    start = random_start(MODEL)
    run = run_from(MODEL, start, RandomSearch(scale=0.7, candidates=5), seed=9)
    best, names = start.copy(), MODEL.layout.addresses
    for t in range(1, 31):
        run.advance(1)
        for draw in np.random.default_rng([9, 2, t]).uniform(-0.7, 0.7, (5, 13)):
            candidate = start.copy()
            for name, offset in zip(names, draw, strict=True):
                candidate[MODEL.layout.index(name)] += offset
            if MODEL.loss(candidate) < MODEL.loss(best):
                best = candidate
        np.testing.assert_allclose(run.state.theta, best, rtol=1e-15)
        assert run.state.loss == pytest.approx(MODEL.loss(best), rel=1e-12)
    assert not np.array_equal(best, start)
    assert np.abs(best - start).max() <= 0.7


def test_two_candidates_cost_what_a_gradient_costs_and_the_start_once() -> None:
    run = run_from(MODEL, random_start(MODEL), RandomSearch())
    run.advance(50)
    counted = run.state.evaluations
    assert (counted.loss, counted.gradient, counted.samples) == (101, 0, 101 * 30)


def test_random_search_stays_around_the_start_however_far_the_minimum_is() -> None:
    run = run_from(Bowl((1.0, 1.0)), np.array([100.0, 0.0]), RandomSearch(scale=1.0, candidates=50))
    run.advance(100)
    assert 99.0 < run.state.theta[0] < 99.1


def test_nelder_mead_turns_its_triangle_as_worked_out_by_hand() -> None:
    """½(x² + y²) with the triangle (3, 0), (4, 0), (3, 1)."""
    run = run_from(Bowl((1.0, 1.0)), np.array([3.0, 0.0]), NelderMead(scale=1.0))
    run.advance(1)  # (4, 0) is the worst; reflected (2, 1), expanded (1, 1.5): better still
    assert run.state.theta.tolist() == [1.0, 1.5]
    assert run.state.evaluations.loss == 3 + 2
    run.advance(1)  # (3, 1) is the worst; reflected (1, 0.5), expanded (0, 0.25)
    assert run.state.theta.tolist() == [0.0, 0.25]
    run.advance(
        1
    )  # (3, 0) is the worst; reflected (−2, 1.75) is second best no more: contracted outside (−0.75, 1.3125)
    corners = sorted(run.state.memory[:3].tolist())
    assert corners == [[-0.75, 1.3125], [0.0, 0.25], [1.0, 1.5]]
    assert run.state.evaluations.loss == 3 + 2 + 2 + 2


# Best corner and evaluations after so many iterations, from a start (x, y), (x + ½, y), (x, y + ½):
# scipy.optimize.minimize(method="Nelder-Mead") of SciPy 1.17.1, xatol = fatol = 0.
SCIPY: list[tuple[Function, list[float], dict[int, tuple[list[float], int]]]] = [
    (
        Rosenbrock(),
        [-1.2, 1.0],
        {
            1: ([-1.2, 1.5], 5),
            5: ([-1.13359375, 1.259765625], 13),
            10: ([-0.8088867187499993, 0.614501953125], 22),
            20: ([-0.1974308013915982, -0.0012521743774414062], 40),
            40: ([0.6331066891551113, 0.3875880353152752], 77),
            60: ([0.983113922799215, 0.9674349288390116], 114),
            80: ([0.9999935766859687, 0.9999825706735751], 151),
            100: ([0.9999999997995559, 0.9999999925454263], 190),
        },
    ),
    (
        LeviN13(),
        [-4.0, 6.3],
        {
            5: ([-2.884765625, 5.967968749999999], 15),
            10: ([-1.7734375, 6.003125000000004], 23),
            20: ([1.0014381408691406, 5.993916320800798], 44),
            40: ([1.0000089875543476, 5.9949046015026575], 83),
            60: ([1.0000000492966246, 5.994920155918065], 121),
        },
    ),
]


@pytest.mark.parametrize(("function", "start", "corners"), SCIPY, ids=["rosenbrock", "levi_n13"])
def test_nelder_mead_walks_as_scipys_does_and_asks_as_often(
    function: Function, start: list[float], corners: dict[int, tuple[list[float], int]]
) -> None:
    run = run_from(PlaneObjective(function), np.array(start), NelderMead(scale=0.5))
    for iterations, (corner, evaluations) in corners.items():
        run.advance(iterations - run.state.step)
        np.testing.assert_allclose(run.state.theta, corner, rtol=1e-10)
        assert run.state.evaluations.loss == evaluations


def volume(state: State) -> float:
    corners = state.memory[:-2]
    return abs(float(np.linalg.det(corners[1:] - corners[0])))


def test_each_iteration_scales_the_volume_of_the_simplex_by_one_of_four_factors() -> None:
    run, seen = run_from(Bowl((1.0, 5.0, 25.0)), np.array([3.0, -2.0, 1.0]), NelderMead()), set()
    run.advance(1)
    for _ in range(120):
        before = volume(run.state)
        run.advance(1)
        factor = volume(run.state) / before
        nearest = min((1.0, 2.0, 0.5), key=lambda known: abs(known - factor))
        assert factor == pytest.approx(nearest, rel=1e-6)
        seen.add(nearest)
    assert seen == {1.0, 2.0, 0.5}


def test_a_simplex_that_cannot_turn_shrinks_towards_its_best_corner() -> None:
    """Along a sharp ridge neither reflection nor contraction finds anything better."""

    class Ridge(Bowl):
        def loss(self, theta: Array) -> float:
            return float(0.01 * theta[0] + abs(theta[1])) if theta[1] * (theta[1] - 1.0) == 0.0 else 50.0

    run = run_from(Ridge((1.0, 1.0)), np.zeros(2), NelderMead(scale=1.0))
    run.advance(1)
    assert sorted(run.state.memory[:3].tolist()) == [[0.0, 0.0], [0.0, 0.5], [0.5, 0.0]]
    assert run.state.evaluations.loss == 3 + 2 + 2


def test_the_run_stands_at_the_best_corner_and_never_climbs() -> None:
    run = run_from(MODEL, random_start(MODEL), NelderMead())
    last = run.state.loss
    for _ in range(200):
        run.advance(1)
        losses = run.state.memory[-2:].ravel()[:14]
        assert run.state.loss == losses.min() <= last
        assert run.state.theta.tolist() in run.state.memory[:14].tolist()
        last = run.state.loss
    assert last < 0.5 * MODEL.loss(random_start(MODEL))
