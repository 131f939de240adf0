"""The same training loops as others write them, and what any of them must at least compute.

Every function takes θ's pieces of the two-layer sigmoid network on X (n, m), y (1, m) and returns one that makes steps
of gradient descent on the mean squared error and hands back the last loss.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Steps = Callable[[int], float]


def plain_numpy(W1: Array, b1: Array, w2: Array, b2: Array, X: Array, y: Array, rate: float) -> Steps:
    """What a competent reader of the equations writes."""
    W1, b1, w2, b2, m = W1.copy(), b1.copy(), w2.copy(), b2.copy(), X.shape[1]

    def steps(count: int) -> float:
        nonlocal W1, b1, w2, b2
        for _ in range(count):
            A = 1.0 / (1.0 + np.exp(-(W1 @ X + b1)))
            residual = w2 @ A + b2 - y
            delta = (w2.T @ (2 / m * residual)) * A * (1 - A)
            gradients = delta @ X.T, delta.sum(axis=1, keepdims=True), 2 / m * residual @ A.T, 2 / m * residual.sum()
            W1, b1, w2, b2 = (p - rate * g for p, g in zip((W1, b1, w2, b2), gradients, strict=True))
        return float(((w2 @ (1.0 / (1.0 + np.exp(-(W1 @ X + b1)))) + b2 - y) ** 2).mean())

    return steps


def torch_eager(W1: Array, b1: Array, w2: Array, b2: Array, X: Array, y: Array, rate: float) -> Steps:
    """PyTorch with autograd and its own SGD."""
    import torch

    torch.set_num_threads(1)
    parameters = [torch.tensor(p, requires_grad=True) for p in (W1, b1, w2, b2)]
    inputs, targets = torch.tensor(X), torch.tensor(y)
    optimizer = torch.optim.SGD(parameters, lr=rate)

    def loss() -> Any:
        hidden = torch.sigmoid(parameters[0] @ inputs + parameters[1])
        return ((parameters[2] @ hidden + parameters[3] - targets) ** 2).mean()

    def steps(count: int) -> float:
        for _ in range(count):
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()
        return float(loss().item())

    return steps


def jax_jit(W1: Array, b1: Array, w2: Array, b2: Array, X: Array, y: Array, rate: float) -> Steps:
    """JAX, one compiled call a step."""
    import jax

    jax.config.update("jax_enable_x64", True)
    parameters = tuple(map(jax.numpy.asarray, (W1, b1, w2, b2)))

    def loss(p: Any) -> Any:
        return ((p[2] @ jax.nn.sigmoid(p[0] @ X + p[1]) + p[3] - y) ** 2).mean()

    def update(p: Any) -> Any:
        return tuple(value - rate * slope for value, slope in zip(p, jax.grad(loss)(p), strict=True))

    step = jax.jit(update)

    def steps(count: int) -> float:
        nonlocal parameters
        for _ in range(count):
            parameters = step(parameters)
        return float(loss(parameters))

    return steps


def scikit_learn(W1: Array, b1: Array, w2: Array, b2: Array, X: Array, y: Array, rate: float) -> Steps:
    """scikit-learn's network; its loss is half of ours, so its rate is twice ours."""
    from sklearn.neural_network import MLPRegressor

    network = MLPRegressor(
        hidden_layer_sizes=(len(W1),),
        activation="logistic",
        solver="sgd",
        alpha=0,
        momentum=0,
        learning_rate_init=2 * rate,
        batch_size=y.size,
    )
    network.partial_fit(X.T, y[0])  # makes its arrays, which then take our start
    for array, start in zip([*network.coefs_, *network.intercepts_], (W1.T, w2.T, b1[:, 0], b2[0]), strict=True):
        array[...] = start

    def steps(count: int) -> float:
        for _ in range(count):
            network.partial_fit(X.T, y[0])
        return float(((network.predict(X.T) - y[0]) ** 2).mean())

    return steps


def floor(W1: Array, b1: Array, w2: Array, b2: Array, X: Array, y: Array, rate: float) -> Steps:
    """The products and exponentials of one step and nothing else: nobody who computes with NumPy is faster."""
    X_bar, W_bar = np.vstack([X, np.ones_like(y)]), np.hstack([W1, b1])
    Z, psi = W_bar @ X_bar, np.ones_like(y)
    A, below, gradient = np.empty_like(Z), np.empty_like(Z), np.empty_like(W_bar)

    def steps(count: int) -> float:
        for _ in range(count):
            W_bar.dot(X_bar, Z)
            np.exp(Z, A)
            w2.dot(A, psi)
            psi.dot(A.T)
            w2.T.dot(psi, below)
            below.dot(X_bar.T, gradient)
        return 0.0

    return steps


def installed() -> Iterator[tuple[str, Callable[..., Steps]]]:
    """Name and loop of each rival that this machine has."""
    yield "plain NumPy", plain_numpy
    if find_spec("torch"):
        yield "PyTorch eager", torch_eager
    if find_spec("sklearn"):
        yield "scikit-learn", scikit_learn
    if find_spec("jax"):
        yield "JAX, one jit call a step", jax_jit
