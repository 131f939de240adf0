"""A training step against others' in the same run: `make bench`."""

import numpy as np
import pytest

from tests.benchmarks.cases import CASES, RATE, Case
from tests.benchmarks.measures import OURS, steps
from tests.benchmarks.rivals import installed

AT_LEAST_AS_FAST_AS = {"plain NumPy": 1.6, "PyTorch eager": 9.0, "scikit-learn": 4.0, "JAX, one jit call a step": 1.5}
SMALL = CASES[2]
STEPS = 100


def test_a_step_of_a_small_sigmoid_network_is_faster_than_others_make_it() -> None:
    times = steps(SMALL, rounds=31)
    rivals = AT_LEAST_AS_FAST_AS.keys() & times.keys()
    assert [name for name in rivals if times[name] / times[OURS] < AT_LEAST_AS_FAST_AS[name]] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rivals_make_the_same_steps(case: Case) -> None:
    run = case.run()
    run.advance(STEPS)
    for name, rival in installed(hidden=len(case.widths) > 2):
        loop = rival(case.layers, *case.data, RATE)
        loop.steps(STEPS)
        np.testing.assert_allclose(loop.loss(), run.state.loss, rtol=1e-10, err_msg=name)
