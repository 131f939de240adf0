"""A surface as others compute it, and the exponentials that all of them need."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.surface_cases import FLOOR, JAX, TORCH, Case

Array = NDArray[np.float64]
Draw = Callable[[], Array]
"""The losses of a case, a row for each b."""


def torch_loop(case: Case) -> Draw:
    """As the usual tools for loss landscapes do it: set the parameters, ask for the loss, for every cell."""
    import torch

    torch.set_num_threads(1)
    X, Y = torch.tensor(case.model.X), torch.tensor(case.model.Y)
    pieces = [[torch.tensor(W) for W in case.model.network.matrices(v)] for v in _vectors(case)]

    def loss(a: float, b: float) -> float:
        A = X
        for layer, (C, D, E) in enumerate(zip(*pieces, strict=True)):
            W_bar = C + a * D + b * E
            Z = W_bar[:, :-1] @ A + W_bar[:, -1:]
            A = torch.sigmoid(Z) if layer < len(pieces[0]) - 1 else Z
        return float(((A - Y) ** 2).mean())

    def draw() -> Array:
        with torch.no_grad():
            return np.array([[loss(a, b) for a in case.axis.tolist()] for b in case.axis.tolist()])

    return draw


def jax_map(case: Case) -> Draw:
    """Compiled; a row at a time, which is faster than all cells at once."""
    import jax

    jax.config.update("jax_enable_x64", True)
    X, Y, axis = (jax.numpy.asarray(values) for values in (case.model.X, case.model.Y, case.axis))
    origin, d1, d2 = (jax.numpy.asarray(v) for v in _vectors(case))
    shapes = case.model.network.shapes

    def loss(theta: Any) -> Any:
        A, start = X, 0
        for layer, (inputs, units) in enumerate(shapes):
            W_bar = theta[start : start + units * (inputs + 1)].reshape(units, inputs + 1)
            start += W_bar.size
            Z = W_bar[:, :-1] @ A + W_bar[:, -1:]
            A = jax.nn.sigmoid(Z) if layer < len(shapes) - 1 else Z
        return ((A - Y) ** 2).sum() / Y.shape[1]

    def row(b: Any) -> Any:
        return jax.vmap(lambda a: loss(origin + a * d1 + b * d2))(axis)

    grid = jax.jit(lambda axis: jax.lax.map(row, axis))
    return lambda: np.asarray(grid(axis))


def exponentials(case: Case) -> Draw:
    """One of every sigmoid, in blocks that stay in the cache, and nothing else."""
    Z = np.random.default_rng(0).standard_normal(16_384)
    out, calls = np.empty_like(Z), case.exponentials // len(Z)

    def draw() -> Array:
        for _ in range(calls):
            np.exp(Z, out)
        return out

    return draw


def installed(case: Case) -> dict[str, Draw]:
    """By name, those that this machine has."""
    rivals = {FLOOR: exponentials(case)} if case.exponentials else {}
    if find_spec("jax"):
        rivals[JAX] = jax_map(case)
    if find_spec("torch"):
        rivals[TORCH] = torch_loop(case)
    return rivals


def _vectors(case: Case) -> tuple[Array, Array, Array]:
    return case.plane.origin, case.plane.d1, case.plane.d2
