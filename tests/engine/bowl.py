"""An objective simple enough to know everything about: ½ Σ λᵢ xᵢ², with closed forms for every linear method."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout, flat_layout
from app.engine.objective import Evaluate, EvaluateBatch, Optimum
from app.engine.planes import Plane

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bowl:
    """`curvatures` are the eigenvalues λ of its Hessian, a negative one makes it a saddle."""

    curvatures: tuple[float, ...]
    examples: int = 1
    step_work: int = 1
    optimum: Optimum | None = None

    @property
    def layout(self) -> Layout:
        return flat_layout([f"x{i}" for i in range(len(self.curvatures))])

    def loss(self, theta: Array) -> float:
        return float(0.5 * np.sum(np.array(self.curvatures) * theta * theta))

    def losses(self, thetas: Array) -> Array:
        return np.array([self.loss(theta) for theta in thetas])

    def plane_losses(self, plane: Plane, x: Array, y: Array) -> Array:
        return np.array([[self.loss(plane.points(np.array([u]), np.array([v]))[0]) for u in x] for v in y])

    def plane_work(self, plane: Plane, columns: int, rows: int) -> int:
        return columns * rows

    def plane_minimum(self, plane: Plane) -> tuple[float, float, float] | None:
        return None

    def bind(self, theta: Array, gradient: Array | None) -> Evaluate:
        λ = np.array(self.curvatures)

        def evaluate() -> float:
            if gradient is not None:
                gradient[:] = λ * theta
            return self.loss(theta)

        return evaluate

    def bind_batch(self, theta: Array, gradient: Array | None, size: int) -> EvaluateBatch:
        whole = self.bind(theta, gradient)
        return lambda indices: whole()


@dataclass(frozen=True, eq=False)
class KnownBowl(Bowl):
    """The same with a formula for its second derivatives."""

    def hessian(self, theta: Array) -> Array:
        return np.diag(np.array(self.curvatures))
