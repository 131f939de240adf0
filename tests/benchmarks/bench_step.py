"""A training step against others' in the same run: `make bench`."""

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.models import two_layer
from app.engine.optimizers import GradientDescent, Settings
from app.engine.plan import Plan
from app.engine.run import Run
from app.engine.schedules import Constant
from tests.benchmarks.rivals import floor, installed
from tests.benchmarks.timing import microseconds

Array = NDArray[np.float64]
Pieces = tuple[Array, Array, Array, Array]

STEPS = 200
RATE = 0.05
AT_LEAST_AS_FAST_AS = {"plain NumPy": 1.6, "PyTorch eager": 9.0, "scikit-learn": 4.0, "JAX, one jit call a step": 1.5}


@pytest.fixture
def data() -> tuple[Array, Array]:
    """n = 2 features, m = 100 examples."""
    X = np.random.default_rng(0).standard_normal((2, 100))
    return X, np.sin(X[:1]) + 0.5 * X[1:]


@pytest.fixture
def pieces() -> Pieces:
    """W1, b1, w2, b2 of k = 4 hidden units."""
    rng = np.random.default_rng(1)
    return rng.standard_normal((4, 2)), rng.standard_normal((4, 1)), rng.standard_normal((1, 4)), np.zeros((1, 1))


def our_run(pieces: Pieces, data: tuple[Array, Array]) -> Run:
    model = two_layer(*data, hidden=4, activation="sigmoid")
    W1, b1, w2, b2 = pieces
    theta = model.layout.pack({"W1": W1.tolist(), "b1": b1.tolist(), "w2": w2.tolist(), "b2": float(b2.item())})
    return Run(model, Plan(theta, Settings(optimizer=GradientDescent(learning_rate=RATE), schedule=Constant())))


def test_a_recorded_step_of_a_small_sigmoid_network_is_faster_than_others_make_it(
    pieces: Pieces, data: tuple[Array, Array], capsys: pytest.CaptureFixture[str]
) -> None:
    run = our_run(pieces, data)
    rivals = {name: rival(*pieces, *data, RATE) for name, rival in installed()}
    bare = floor(*pieces, *data, RATE)
    candidates = {name: partial(steps, STEPS) for name, steps in rivals.items()}
    times = microseconds({"Descent": lambda: run.advance(STEPS), **candidates, "floor": partial(bare, STEPS)})
    with capsys.disabled():
        print("\n2-4-1 sigmoid, m = 100, recording included:")
        for name, time in times.items():
            print(f"  {name:26} {time / STEPS:8.2f} µs a step   {time / times['Descent']:6.2f} × ours")
    assert [name for name in rivals if times[name] / times["Descent"] < AT_LEAST_AS_FAST_AS[name]] == []


def test_the_rivals_make_the_same_steps(pieces: Pieces, data: tuple[Array, Array]) -> None:
    run = our_run(pieces, data)
    run.advance(STEPS)
    losses = [rival(*pieces, *data, RATE)(STEPS) for _, rival in installed()]
    np.testing.assert_allclose(losses, run.state.loss, rtol=1e-10)
