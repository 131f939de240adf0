"""The surfaces that are compared are the same ones, and ours come first."""

import pytest

from tests.benchmarks.surface_cases import CASES, FLOOR, JAX, Case
from tests.benchmarks.surface_rivals import installed
from tests.benchmarks.surfaces import measured, ours, ratio, verified


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rivals_draw_the_same_surface(case: Case) -> None:
    for name, draw in installed(case).items():
        if name != FLOOR:
            assert verified(case, draw) <= max(1e-12, ours(case).error), name


def test_an_exact_surface_is_faster_than_with_jax() -> None:
    row = measured(CASES[2], rounds=9)
    assert JAX not in row or ratio(row, JAX) >= 1.0
