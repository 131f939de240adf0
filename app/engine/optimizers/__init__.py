"""The optimizers, neighbours written alike so that two of them can be compared by eye."""

from app.engine.optimizers.first_order import GradientDescent, Momentum
from app.engine.optimizers.optimizer import Optimizer, Settings

OPTIMIZERS: tuple[type[Optimizer], ...] = (GradientDescent, Momentum)

__all__ = ["OPTIMIZERS", "GradientDescent", "Momentum", "Optimizer", "Settings"]
