"""The same training loop as others write it, and what any of them must at least compute.

Every function takes a network as (W, b) of each layer, sigmoid in between, on X (n, m), y (1, m), and returns a loop
of gradient descent on the mean squared error.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Layers = Sequence[tuple[Array, Array]]


@dataclass(frozen=True)
class Loop:
    """`steps` makes so many steps, and is done when it returns; `loss` is that of where they led."""

    steps: Callable[[int], None]
    loss: Callable[[], float]


Rival = Callable[[Layers, Array, Array, float], Loop]


def plain_numpy(layers: Layers, X: Array, y: Array, rate: float) -> Loop:
    """What a competent reader of the equations writes."""
    layers, m = [(W.copy(), b.copy()) for W, b in layers], X.shape[1]

    def forward() -> list[Array]:
        activations = [X]
        for W, b in layers[:-1]:
            activations.append(1.0 / (1.0 + np.exp(-(W @ activations[-1] + b))))
        W, b = layers[-1]
        return [*activations, W @ activations[-1] + b]

    def step() -> None:
        *inputs, prediction = forward()
        delta = 2 / m * (prediction - y)
        for number in reversed(range(len(layers))):
            (W, b), A = layers[number], inputs[number]
            below = (W.T @ delta) * A * (1 - A) if number else delta
            layers[number] = W - rate * (delta @ A.T), b - rate * delta.sum(axis=1, keepdims=True)
            delta = below

    def steps(count: int) -> None:
        for _ in range(count):
            step()

    return Loop(steps, lambda: float(((forward()[-1] - y) ** 2).mean()))


def torch_eager(layers: Layers, X: Array, y: Array, rate: float) -> Loop:
    """PyTorch with autograd and its own SGD."""
    import torch

    torch.set_num_threads(1)
    tensors = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in layers]
    inputs, targets = torch.tensor(X), torch.tensor(y)
    optimizer = torch.optim.SGD([tensor for pair in tensors for tensor in pair], lr=rate)

    def loss() -> Any:
        A = inputs
        for W, b in tensors[:-1]:
            A = torch.sigmoid(W @ A + b)
        W, b = tensors[-1]
        return ((W @ A + b - targets) ** 2).mean()

    def steps(count: int) -> None:
        for _ in range(count):
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()

    return Loop(steps, lambda: float(loss().item()))


def _jax_update(X: Array, y: Array, rate: float) -> tuple[Any, Any]:
    """The loss, and one step, of a list of (W, b)."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def loss(p: Any) -> Any:
        A = X
        for W, b in p[:-1]:
            A = jax.nn.sigmoid(W @ A + b)
        W, b = p[-1]
        return ((W @ A + b - y) ** 2).mean()

    def update(p: Any) -> Any:
        return jax.tree.map(lambda value, slope: value - rate * slope, p, jax.grad(loss)(p))

    return loss, update


def jax_jit(layers: Layers, X: Array, y: Array, rate: float) -> Loop:
    """JAX, one compiled call a step."""
    import jax

    loss, update = _jax_update(X, y, rate)
    parameters, step = [(jax.numpy.asarray(W), jax.numpy.asarray(b)) for W, b in layers], jax.jit(update)

    def steps(count: int) -> None:
        nonlocal parameters
        for _ in range(count):
            parameters = step(parameters)
        jax.block_until_ready(parameters)

    return Loop(steps, lambda: float(loss(parameters)))


def jax_loop(layers: Layers, X: Array, y: Array, rate: float) -> Loop:
    """JAX, the whole loop compiled, for any number of steps: nothing of Python is left between them."""
    import jax

    loss, update = _jax_update(X, y, rate)
    parameters = [(jax.numpy.asarray(W), jax.numpy.asarray(b)) for W, b in layers]
    loop = jax.jit(lambda p, count: jax.lax.fori_loop(0, count, lambda _, q: update(q), p))

    def steps(count: int) -> None:
        nonlocal parameters
        parameters = jax.block_until_ready(loop(parameters, count))

    return Loop(steps, lambda: float(loss(parameters)))


def scikit_learn(layers: Layers, X: Array, y: Array, rate: float) -> Loop:
    """scikit-learn's network; its loss is half of ours, so its rate is twice ours."""
    from sklearn.neural_network import MLPRegressor

    network = MLPRegressor(
        hidden_layer_sizes=tuple(len(W) for W, _ in layers[:-1]),
        activation="logistic",
        solver="sgd",
        alpha=0,
        momentum=0,
        learning_rate_init=2 * rate,
        batch_size=y.size,
    )
    network.partial_fit(X.T, y[0])  # makes its arrays, which then take our start
    for coefficients, intercepts, (W, b) in zip(network.coefs_, network.intercepts_, layers, strict=True):
        coefficients[...], intercepts[...] = W.T, b[:, 0]

    def steps(count: int) -> None:
        for _ in range(count):
            network.partial_fit(X.T, y[0])

    return Loop(steps, lambda: float(((network.predict(X.T) - y[0]) ** 2).mean()))


def floor(layers: Layers, X: Array, y: Array, rate: float) -> Loop:
    """The products and exponentials of one step and nothing else: nobody who computes with NumPy is faster."""
    ones, matrices = np.ones_like(y), [np.hstack([W, b]) for W, b in layers]
    inputs = [np.vstack([X, ones]), *(np.vstack([np.ones((len(W), y.size)), ones]) for W, _ in layers[:-1])]
    sums = [np.ones((len(W), y.size)) for W, _ in layers]
    calls: list[tuple[Callable[[Array, Array], object], Array, Array]] = []
    for number, (W_bar, X_bar, Z) in enumerate(zip(matrices, inputs, sums, strict=True)):
        calls.append((W_bar.dot, X_bar, Z))
        calls += [(np.exp, Z, np.empty_like(Z))] if number < len(layers) - 1 else []
    for number in reversed(range(len(layers))):
        psi, X_bar, W_bar = sums[number], inputs[number], matrices[number]
        calls.append((psi.dot, X_bar.T, np.empty_like(W_bar)))
        calls += [(W_bar[:, :-1].T.dot, psi, np.empty((W_bar.shape[1] - 1, y.size)))] if number else []

    def steps(count: int) -> None:
        for _ in range(count):
            for call, argument, out in calls:
                call(argument, out)

    return Loop(steps, lambda: 0.0)


def installed(*, hidden: bool = True) -> Iterator[tuple[str, Rival]]:
    """Name and loop of each rival that this machine has; scikit-learn's network needs a hidden layer."""
    yield "plain NumPy", plain_numpy
    if find_spec("torch"):
        yield "PyTorch eager", torch_eager
    if find_spec("sklearn") and hidden:
        yield "scikit-learn", scikit_learn
    if find_spec("jax"):
        yield "JAX, one jit call a step", jax_jit
        yield "JAX, the loop compiled", jax_loop
