"""The four models descended step by step in plain NumPy, from the equations of the texts: the paths ours must take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.engine.reference import line_gradients, two_layer_gradients

Array = NDArray[np.float64]
Values = dict[str, Array]


def loss_and_gradients(kind: str, values: Values, X: Array, y: Array) -> tuple[float, Values]:
    """L and its gradients by name; every parameter a matrix."""
    if kind.endswith("regression"):
        return line_gradients(values["w"], values["b"], X, y)
    return two_layer_gradients(**values, X=X, y=y, sigmoid=kind == "two_layer_sigmoid")


def matrices(values: dict[str, Any]) -> Values:
    """Parameters as they come from the service, each as a matrix."""
    return {name: np.atleast_2d(np.array(value, dtype=float)) for name, value in values.items()}


def flat(values: Values) -> Array:
    """One after another in the order of the table, each row by row."""
    return np.concatenate([value.ravel() for value in values.values()])


def batches(seed: int, examples: int, size: int | None) -> Iterator[NDArray[np.intp]]:
    """The indices of every batch: consecutive parts of each epoch's order, the last may be short."""
    whole = size is None or size >= examples
    epoch = 0
    while True:
        order = np.arange(examples) if whole else np.random.default_rng([seed, 1, epoch]).permutation(examples)
        for start in range(0, examples, examples if whole or size is None else size):
            yield order[start : start + (examples if whole or size is None else size)]
        epoch += 1


@dataclass
class Walk:
    """Gradient descent with momentum μ (0: plain) on X (n, m), y (1, m); what it came by stands in lists."""

    kind: str
    values: Values
    X: Array
    y: Array
    rate: float
    momentum: float = 0.0
    size: int | None = None
    seed: int = 0
    thetas: list[Array] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)
    batch_losses: list[float | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._velocity: Values = {name: np.zeros_like(value) for name, value in self.values.items()}
        self._batches = batches(self.seed, self.X.shape[1], self.size)
        self._note(None)

    def step(self, count: int = 1) -> None:
        for _ in range(count):
            batch = next(self._batches)
            loss, gradients = loss_and_gradients(self.kind, self.values, self.X[:, batch], self.y[:, batch])
            for name, g in gradients.items():
                self._velocity[name] = self.momentum * self._velocity[name] + g
                self.values[name] = self.values[name] - self.rate * self._velocity[name]
            self._note(loss)

    def put(self, values: Values) -> None:
        """A step by hand, after which nothing is remembered."""
        self.values = self.values | values
        self._velocity = {name: np.zeros_like(value) for name, value in self.values.items()}
        self._note(None)

    def _note(self, batch_loss: float | None) -> None:
        loss, gradients = loss_and_gradients(self.kind, self.values, self.X, self.y)
        self.thetas.append(flat(self.values))
        self.losses.append(loss)
        self.norms.append(float(np.linalg.norm(flat(gradients))))
        self.batch_losses.append(batch_loss)


def assert_close(got: Sequence[float] | Array, wanted: Sequence[float] | Array, relative: float = 1e-10) -> None:
    """Equal to `relative` of the larger of 1 and the largest number wanted."""
    scale = max(1.0, float(np.abs(np.asarray(wanted)).max()))
    assert np.abs(np.asarray(got) - np.asarray(wanted)).max() <= relative * scale
