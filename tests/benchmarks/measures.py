"""What is measured: a step, a recorded step, Adam's update, a gradient both ways; all interleaved, medians."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from app.engine.gradient_check import gradient_check
from app.engine.model import Model
from app.engine.network import Pass
from app.engine.optimizers import Adam
from app.engine.replay import bind_step
from app.engine.run import Run
from tests.benchmarks.cases import CASES, RATE, Case
from tests.benchmarks.rivals import floor, installed
from tests.benchmarks.timing import microseconds

Row = dict[str, float]
UPDATES = 100
OURS, RECORDED, FLOOR = "Descent", "Descent, recorded", "products and exponentials alone"


def steps(case: Case, rounds: int) -> Row:
    """µs of a training step: loss, gradient and update."""
    recorded = case.run()
    candidates: dict[str, Callable[[], object]] = {
        OURS: bare_steps(case.run(), case.steps),
        RECORDED: partial(recorded.advance, case.steps),
        FLOOR: partial(floor(case.layers, *case.data, RATE), case.steps),
    }
    for name, rival in installed(hidden=len(case.widths) > 2):
        candidates[name] = partial(rival(case.layers, *case.data, RATE), case.steps)
    return {name: time / case.steps for name, time in microseconds(candidates, rounds).items()}


def bare_steps(run: Run, count: int) -> Callable[[], object]:
    """Steps without anything recorded."""
    step = bind_step(run.objective, run.plan, run.state).step

    def repeat() -> None:
        for _ in range(count):
            step()

    return repeat


def adam_update(parameters: int, rounds: int) -> Row:
    """µs of Adam's update alone, in the arrays of a network: W1, b1, w2, b2."""
    g = np.random.default_rng(0).standard_normal(parameters)
    theta, memory, ours = g.copy(), np.zeros((2, parameters)), Adam()
    gradient, rate, rows = g.copy(), np.array(0.001), tuple(memory)

    def update() -> None:
        for t in range(1, UPDATES + 1):
            np.copyto(gradient, g)  # the update uses it up, a pass would write it anew
            ours.update(theta, gradient, rows, t, rate)

    candidates: dict[str, Callable[[], object]] = {OURS: update, "plain NumPy": _plain_adam(parameters)}
    if find_spec("torch"):
        candidates["torch.optim.Adam"] = _torch_adam(parameters)
    return {name: time / UPDATES for name, time in microseconds(candidates, rounds).items()}


def _shapes(parameters: int) -> list[tuple[int, int]]:
    """Of a network with one output, two inputs and 17 parameters, or ten inputs and 385."""
    inputs, hidden = (2, 4) if parameters == 17 else (10, 32)
    return [(hidden, inputs), (hidden, 1), (1, hidden), (1, 1)]


def _torch_adam(parameters: int) -> Callable[[], object]:
    import torch

    tensors = [torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in _shapes(parameters)]
    for tensor in tensors:
        tensor.grad = torch.ones_like(tensor)
    optimizer: Any = torch.optim.Adam(tensors)

    def update() -> None:
        for _ in range(UPDATES):
            optimizer.step()

    return update


def _plain_adam(parameters: int) -> Callable[[], object]:
    arrays = [np.zeros(shape) for shape in _shapes(parameters)]
    first, second = [a.copy() for a in arrays], [a.copy() for a in arrays]

    def update() -> None:
        for t in range(1, UPDATES + 1):
            for i, g in enumerate(np.ones_like(a) for a in arrays):
                first[i] = 0.9 * first[i] + 0.1 * g
                second[i] = 0.999 * second[i] + 0.001 * g**2
                m, v = first[i] / (1 - 0.9**t), second[i] / (1 - 0.999**t)
                arrays[i] = arrays[i] - 0.001 * m / (np.sqrt(v) + 1e-8)

    return update


def gradient_both_ways(case: Case, rounds: int) -> Row:
    """µs of a pass forward and backward, of a loss, of a gradient by forward differences and of our whole check."""
    model = case.run().objective
    assert isinstance(model, Model)
    theta = np.random.default_rng(1).standard_normal(model.layout.size)
    run = Pass(model.network, theta, np.empty_like(theta), model.X_bar, model.Y)

    def differences() -> None:
        run.loss()
        for i, value in enumerate(theta.tolist()):
            theta[i] = value + 1e-8
            run.loss()
            theta[i] = value

    candidates: dict[str, Callable[[], object]] = {
        "backpropagation": run.loss_and_gradient,
        "loss": run.loss,
        "forward differences": differences,
        "gradient check": partial(gradient_check, model, theta),
    }
    return microseconds(candidates, rounds)


def everything(rounds: int) -> dict[str, dict[str, Row]]:
    """All tables: rows by case, columns by candidate, microseconds."""
    return {
        "step": {case.name: steps(case, rounds) for case in CASES},
        "adam": {f"{parameters} parameters": adam_update(parameters, rounds) for parameters in (17, 385)},
        "gradient": {case.name: gradient_both_ways(case, max(3, rounds // 4)) for case in CASES},
    }
