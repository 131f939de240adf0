"""The networks of the comparison, and how fast a step of ours is to be beside others'."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.models import deep_network
from app.engine.optimizers import GradientDescent, Settings
from app.engine.penalty import Penalty
from app.engine.plan import Plan
from app.engine.run import Run
from app.engine.schedules import Constant
from tests.benchmarks.rivals import Layers

Array = NDArray[np.float64]

RATE = 0.05


@dataclass(frozen=True)
class Case:
    """`goals`: how many times as long as ours a rival's step takes at least, ours against the floor at most."""

    name: str
    widths: tuple[int, ...]
    examples: int
    goals: Mapping[str, float]

    @property
    def data(self) -> tuple[Array, Array]:
        """X (n, m), y (1, m)."""
        X = np.random.default_rng(0).standard_normal((self.widths[0], self.examples))
        return X, np.sin(X[:1]) + 0.5 * X[-1:]

    @property
    def layers(self) -> Layers:
        """(W, b) of each layer, small enough that every step is stable."""
        rng = np.random.default_rng(1)
        pairs = zip(self.widths[:-1], self.widths[1:], strict=True)
        return [(rng.standard_normal((k, n)) / np.sqrt(n), 0.1 * rng.standard_normal((k, 1))) for n, k in pairs]

    def run(self) -> Run:
        """Ours, from the same start."""
        model = deep_network(*self.data, self.widths[1:-1], "sigmoid", None, "mean_squared_error", Penalty())
        start = np.concatenate([np.hstack([W, b]).ravel() for W, b in self.layers])
        settings = Settings(optimizer=GradientDescent(learning_rate=RATE), schedule=Constant())
        return Run(model, Plan(start, settings))


def _goals(torch: float, jax: float, floor: float) -> Mapping[str, float]:
    return {"PyTorch eager": torch, "JAX, one jit call a step": jax, "products and exponentials alone": floor}


CASES = (
    Case("univariate, m = 20", (1, 1), 20, _goals(40, 3.5, 5)),
    Case("10-1 linear, m = 200", (10, 1), 200, {}),
    Case("2-4-1 sigmoid, m = 100", (2, 4, 1), 100, _goals(18, 3, 3.4)),
    Case("2-8-8-1 sigmoid, m = 500", (2, 8, 8, 1), 500, _goals(6, 1.4, 1.8)),
    Case("10-32-1 sigmoid, m = 1000", (10, 32, 1), 1000, _goals(3, 1, 1.7)),
)
