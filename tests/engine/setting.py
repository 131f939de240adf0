"""Runs and models that several tests start from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.optimizers import GradientDescent, Optimizer, Settings
from app.engine.plan import Plan
from app.engine.run import Run
from app.engine.schedules import Constant

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
