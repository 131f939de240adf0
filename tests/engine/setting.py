"""Runs and models that several tests start from."""

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.optimizers import GradientDescent, Optimizer, Settings
from app.engine.plan import Plan
from app.engine.planes import Plane
from app.engine.run import Run
from app.engine.schedules import Constant
from app.engine.state import State

Array = NDArray[np.float64]


def plan_from(start: Array, optimizer: Optimizer, seed: int = 0, **settings: Any) -> Plan:
    """A constant schedule unless `settings` have another."""
    return Plan(start, Settings(optimizer=optimizer, **{"schedule": Constant(), **settings}), seed)


def run_from(objective: Objective, start: Array, optimizer: Optimizer | None = None, **settings: Any) -> Run:
    """Plain gradient descent with η = 0.1 unless another optimizer is given."""
    return Run(objective, plan_from(start, optimizer or GradientDescent(learning_rate=0.1), **settings))


def some_data(features: int, examples: int, outputs: int = 1, seed: int = 0) -> tuple[Array, Array]:
    """X (n, m) and smooth targets Y (outputs, m) that no linear map of X gives."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((features, examples))
    return X, np.sin(rng.standard_normal((outputs, features)) @ X) + 0.3 * rng.standard_normal((outputs, 1))


def random_start(objective: Objective, seed: int = 1) -> Array:
    """θ₀ from N(0, 1)."""
    return np.random.default_rng(seed).standard_normal(objective.layout.size)


def assert_same_state(one: State, other: State) -> None:
    """Equal to the last bit, memory and counters too."""
    for item in fields(State):
        a, b = getattr(one, item.name), getattr(other, item.name)
        assert np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b, item.name


def assert_same_path(one: Run, other: Run) -> None:
    """The same points recorded, to the last bit."""
    for mine, others in ((one.path.scalars, other.path.scalars), (one.path.thetas, other.path.thetas)):
        assert mine.stride == others.stride
        assert np.array_equal(mine.rows, others.rows)


def some_plane(size: int, seed: int = 0) -> Plane:
    """θ₀, d₁ and d₂ (P,) from N(0, 1)."""
    origin, d1, d2 = np.random.default_rng(seed).standard_normal((3, size))
    return Plane(origin, d1, d2, "a", "b")
