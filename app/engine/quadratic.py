"""Mean-squared error of a linear map as a quadratic form: independent of the number of examples once R is known.

With D = [X̄; Y] and the QR decomposition Dᵀ = QR, a map V (outputs, n + 1) has (1/m)‖V X̄ − Y‖² = (1/m)‖[V | −I] Rᵀ‖².
R comes from a QR of the data, not from DDᵀ, which would square the condition number.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Optimum

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class QuadraticForm:
    """`root` (r, n + 1 + outputs) is R/√m, `outputs` the number of rows of Y."""

    root: Array
    outputs: int

    @classmethod
    def of(cls, X_bar: Array, Y: Array) -> "QuadraticForm":
        """One pass over the data: X̄ (n + 1, m), Y (outputs, m)."""
        root = np.linalg.qr(np.vstack([X_bar, Y]).T, mode="r")
        return cls(np.asarray(root) / np.sqrt(Y.shape[1]), len(Y))

    def losses(self, maps: Array) -> Array:
        """L of each of the maps V (N, outputs, n + 1), as (N,)."""
        inputs = maps.shape[2]
        residuals = maps @ self.root[:, :inputs].T - self.root[:, inputs:].T
        return np.asarray(np.einsum("noi,noi->n", residuals, residuals))

    def plane_losses(self, V0: Array, V1: Array, V2: Array, x: Array, y: Array) -> Array:
        """L of V₀ + x·V₁ + y·V₂ over a grid (len(y), len(x))."""
        return squared_lengths(*self._residuals(V0, V1, V2), x, y)

    def plane_minimum(self, V0: Array, V1: Array, V2: Array) -> tuple[float, float, float] | None:
        """x, y and L of the lowest point of V₀ + x·V₁ + y·V₂; None where it is not one point."""
        E0, E1, E2 = self._residuals(V0, V1, V2)
        directions = np.stack([E1, E2], axis=1)
        (x, y), _, rank, _ = np.linalg.lstsq(directions, -E0, rcond=None)
        residual = E0 + directions @ np.array([x, y])
        return (float(x), float(y), float(residual @ residual)) if rank == 2 else None

    def _residuals(self, V0: Array, V1: Array, V2: Array) -> tuple[Array, Array, Array]:
        """[V₀ | −I]Rᵀ/√m, V₁Rᵀ/√m and V₂Rᵀ/√m, flat: L is the squared length of the first + x, y times the others."""
        inputs = V0.shape[1]
        factor = self.root[:, :inputs].T
        return (V0 @ factor - self.root[:, inputs:].T).ravel(), (V1 @ factor).ravel(), (V2 @ factor).ravel()

    def hessian(self) -> Array:
        """∂²L/∂V², (2/m) X̄X̄ᵀ (n + 1, n + 1), the same for every output."""
        factor = self.root[:, : self.root.shape[1] - self.outputs]
        return np.asarray(2.0 * factor.T @ factor)

    def optimum(self) -> Optimum:
        """The least-squares map, flat as θ has it; the one of least (scaled) norm where it is not unique."""
        inputs = self.root.shape[1] - self.outputs
        factor, targets = self.root[:, :inputs], self.root[:, inputs:]
        scale = np.linalg.norm(factor, axis=0)
        scale[scale == 0.0] = 1.0  # columns of one length: years and percentages do not spoil each other's digits
        solution, _, rank, _ = np.linalg.lstsq(factor / scale, targets, rcond=None)
        V = (solution / scale[:, None]).T
        return Optimum(V.ravel(), float(self.losses(V[None])[0]), bool(rank == inputs))


def squared_lengths(E0: Array, E1: Array, E2: Array, x: Array, y: Array) -> Array:
    """‖E₀ + x·E₁ + y·E₂‖² over a grid (len(y), len(x)): six numbers give it all.

    x and y are counted from the grid's middle, so that far from 0 no large numbers cancel.
    """
    x_middle, y_middle = 0.5 * float(x[0] + x[-1]), 0.5 * float(y[0] + y[-1])
    E = np.array((E0 + x_middle * E1 + y_middle * E2, E1, E2))
    (k00, k01, k02), (_, k11, k12), (*_, k22) = E.dot(E.T).tolist()
    c = np.array(((k00, 2.0 * k01, k11), (2.0 * k02, 2.0 * k12, 0.0), (k22, 0.0, 0.0)))
    return np.asarray(_powers(y - y_middle).T.dot(c.dot(_powers(x - x_middle))))


def _powers(t: Array) -> Array:
    """1, t, t² (3, N)."""
    powers = np.ones((3, len(t)))
    powers[1] = t
    np.multiply(t, t, powers[2])
    return powers
