"""Penalties on the weights, l1·Σ|W| + ½·l2·ΣW²: biases go free, as is usual; both are part of the loss."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.network import Network
from app.engine.objective import Evaluate

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Penalty:
    """False where there is none."""

    l1: float = 0.0
    l2: float = 0.0

    def __bool__(self) -> bool:
        return self.l1 > 0 or self.l2 > 0

    def value(self, theta: Array, network: Network) -> float:
        """What it adds to L at θ (P,)."""
        return float(self.values(theta[None], network)[0])

    def values(self, thetas: Array, network: Network) -> Array:
        """What it adds to L at each row of θs (N, P), as (N,)."""
        if not self:
            return np.zeros(len(thetas))
        weights = thetas * weight_mask(network)
        return np.asarray(self.l1 * np.abs(weights).sum(axis=1) + 0.5 * self.l2 * (weights * weights).sum(axis=1))

    def slope(self, weights: Array) -> Array:
        """l1·sign(W) + l2·W, what it adds to the gradient, for θ with noughts in place of the biases (P,)."""
        return np.asarray(self.l1 * np.sign(weights) + self.l2 * weights)

    def added_to(self, evaluate: Evaluate, theta: Array, gradient: Array | None, network: Network) -> Evaluate:
        """`evaluate` with the penalty in the loss and its slope in the gradient if there is one."""
        if not self:
            return evaluate
        mask, l1, l2 = weight_mask(network), self.l1, self.l2

        def evaluate_penalized() -> float:
            loss = evaluate()
            weights = theta * mask
            if gradient is not None:
                np.add(gradient, self.slope(weights), gradient)
            return float(loss + (l1 * np.abs(weights).sum() + 0.5 * l2 * (weights * weights).sum()))

        return evaluate_penalized


def weight_mask(network: Network) -> Array:
    """1 where θ holds a weight, 0 where it holds a bias, (P,)."""
    mask = np.ones(network.size)
    for W_bar in network.matrices(mask):
        W_bar[:, -1] = 0.0
    return mask
