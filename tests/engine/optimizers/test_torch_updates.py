"""Our updates against those of torch.optim: recorded ones everywhere, fresh ones where torch is installed."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.models import univariate_regression
from app.engine.optimizers import OPTIMIZERS, Settings
from app.engine.optimizers.driver import FirstOrder
from app.engine.plan import Plan
from app.engine.run import Run
from app.engine.schedules import Constant
from tests.engine.optimizers import make_torch_updates as recorder

Array = NDArray[np.float64]

KINDS: dict[str, Any] = {kind().kind: kind for kind in OPTIMIZERS if issubclass(kind, FirstOrder)}

every_case = pytest.mark.parametrize(("kind", "number"), list(recorder.cases()))
every_kind = pytest.mark.parametrize("kind", list(recorder.CASES))


@pytest.fixture(scope="module")
def recorded() -> dict[str, Array]:
    with np.load(recorder.FILE) as file:
        return dict(file)


def our_path(kind: str, constants: recorder.Constants, sequence: Array) -> Array:
    """θ after each step along a sequence of gradients, from ones."""
    optimizer = KINDS[kind](**constants)
    theta, path = np.ones(sequence.shape[1]), []
    memory = optimizer.workspace(np.zeros((optimizer.memory_rows(len(theta)), len(theta))))
    for t, g in enumerate(sequence, 1):
        optimizer.update(theta, g.copy(), memory, t, optimizer.learning_rate)
        path.append(theta.copy())
    return np.array(path)


def our_fit(kind: str, X: Array, Y: Array) -> Array:
    constants = {**recorder.CASES[kind][0], "learning_rate": recorder.LINE_RATES[kind]}
    settings = Settings(optimizer=KINDS[kind](**constants), schedule=Constant())
    run = Run(univariate_regression(X, Y), Plan(np.array([-2.0, 3.0]), settings))
    run.advance(recorder.LINE_STEPS)
    return np.array([run.state_at(int(step)).theta for step in recorder.LINE_KEPT])


def error(ours: Array, theirs: Array) -> float:
    """The largest difference, relative where θ is above 1."""
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))))


def test_every_first_order_method_is_compared() -> None:
    assert set(recorder.CASES) == set(KINDS)


@every_case
def test_updates_are_torchs_to_twelve_digits(kind: str, number: int, recorded: dict[str, Array]) -> None:
    ours = our_path(kind, recorder.CASES[kind][number], recorded["gradients"])
    assert error(ours[recorder.KEPT - 1], recorded[f"{kind}-{number}"]) < 1e-12


@every_kind
def test_a_line_is_fitted_along_torchs_path(kind: str, recorded: dict[str, Array]) -> None:
    assert error(our_fit(kind, recorded["X"], recorded["Y"]), recorded[f"{kind}-line"]) < 1e-11


@every_kind
def test_what_was_recorded_moves(kind: str, recorded: dict[str, Array]) -> None:
    """Paths that stand still would agree with anything."""
    for number in range(3):
        assert np.ptp(recorded[f"{kind}-{number}"], axis=0)[[0, 2, 3, 4, 5]].min() > 1e-5
    assert np.ptp(recorded[f"{kind}-line"], axis=0).min() > 1e-3


@every_case
def test_updates_are_those_of_the_torch_that_is_installed(kind: str, number: int, recorded: dict[str, Array]) -> None:
    pytest.importorskip("torch")
    constants, sequence = recorder.CASES[kind][number], recorder.gradients()
    theirs = recorder.follow(kind, constants, sequence)
    assert error(our_path(kind, constants, sequence), theirs) < 1e-12
    assert error(recorded[f"{kind}-{number}"], theirs[recorder.KEPT - 1]) < 1e-13
