"""What is measured: a step, a recorded step, Adam's update, a gradient both ways, surfaces; interleaved, medians."""

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
from tests.benchmarks.cases import CASES, RATE, Case
from tests.benchmarks.rivals import floor, installed
from tests.benchmarks.surface_cases import CASES as SURFACES
from tests.benchmarks.surfaces import measured
from tests.benchmarks.timing import Repeat, microseconds, once

Row = dict[str, float]
OURS, RECORDED, FLOOR = "Descent", "Descent, recorded", "products and exponentials alone"


def steps(case: Case, rounds: int) -> Row:
    """µs of a training step: loss, gradient and update."""
    run, recorded = case.run(), case.run()
    stretch = 1000 if case.examples <= 200 else 100  # steps of a call
    candidates: dict[str, Repeat] = {
        OURS: once(bind_step(run.objective, run.plan, run.state).step),
        RECORDED: lambda calls: recorded.advance(stretch * calls),
        FLOOR: floor(case.layers, *case.data, RATE).steps,
    }
    for name, rival in installed(hidden=len(case.widths) > 2):
        candidates[name] = rival(case.layers, *case.data, RATE).steps
    times = microseconds(candidates, rounds)
    return times | {RECORDED: times[RECORDED] / stretch}


def adam_update(parameters: int, rounds: int) -> Row:
    """µs of Adam's update alone, in the arrays of a network: W1, b1, w2, b2."""
    candidates: dict[str, Repeat] = {OURS: _our_adam(parameters), "plain NumPy": once(_plain_adam(parameters))}
    if find_spec("torch"):
        candidates["torch.optim.Adam"] = once(_torch_adam(parameters).step)
    return microseconds(candidates, rounds)


def _our_adam(parameters: int) -> Repeat:
    gradient, optimizer, rate = np.random.default_rng(0).standard_normal(parameters), Adam(), np.array(0.001)
    theta, memory, update = gradient.copy(), optimizer.workspace(np.zeros((2, parameters))), optimizer.update

    def repeat(count: int) -> None:
        g = gradient.copy()  # or its steps would shrink to numbers that are slow to compute with
        for t in range(1, count + 1):
            update(theta, g, memory, t, rate)  # leaves its step in g, as good a gradient as any

    return repeat


def _shapes(parameters: int) -> list[tuple[int, int]]:
    """Of a network with one output, two inputs and 17 parameters, or ten inputs and 385."""
    inputs, hidden = (2, 4) if parameters == 17 else (10, 32)
    return [(hidden, inputs), (hidden, 1), (1, hidden), (1, 1)]


def _torch_adam(parameters: int) -> Any:
    import torch

    tensors = [torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in _shapes(parameters)]
    for tensor in tensors:
        tensor.grad = torch.ones_like(tensor)
    return torch.optim.Adam(tensors)


def _plain_adam(parameters: int) -> Callable[[], object]:
    arrays = [np.zeros(shape) for shape in _shapes(parameters)]
    gradients, first, second = ([np.ones_like(a) for a in arrays] for _ in range(3))

    def update() -> None:
        for i, g in enumerate(gradients):
            first[i] = 0.9 * first[i] + 0.1 * g
            second[i] = 0.999 * second[i] + 0.001 * g**2
            m, v = first[i] / (1 - 0.9**7), second[i] / (1 - 0.999**7)
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

    candidates = {
        "backpropagation": once(run.loss_and_gradient),
        "loss": once(run.loss),
        "forward differences": once(differences),
        "gradient check": once(partial(gradient_check, model, theta)),
    }
    return microseconds(candidates, rounds)


def everything(rounds: int) -> dict[str, dict[str, Row]]:
    """All tables: rows by case, columns by candidate, microseconds."""
    return {
        "step": {case.name: steps(case, rounds) for case in CASES},
        "adam": {f"{parameters} parameters": adam_update(parameters, rounds) for parameters in (17, 385)},
        "gradient": {case.name: gradient_both_ways(case, max(3, rounds // 8)) for case in CASES},
        "surface": {case.name: measured(case, max(3, rounds // 4)) for case in SURFACES},
    }
