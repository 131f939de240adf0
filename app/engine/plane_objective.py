"""Functions of x and y as objectives: classic test functions and typed expressions, without data."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.engine.functions.plane_function import Landmark, PlaneFunction
from app.engine.layout import Layout, flat_layout
from app.engine.objective import Evaluate, EvaluateBatch, Optimum
from app.engine.planes import Plane

Array = NDArray[np.float64]
LAYOUT = flat_layout(("x", "y"))


@dataclass(frozen=True, eq=False)
class PlaneObjective:
    """θ = (x, y), L = f(x, y); `examples` is 1, as one evaluation is all there is to see."""

    function: PlaneFunction

    @property
    def layout(self) -> Layout:
        return LAYOUT

    @property
    def examples(self) -> int:
        return 1

    @property
    def step_work(self) -> int:
        return 1

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        """Minima and saddles that are known."""
        return self.function.landmarks

    @cached_property
    def optimum(self) -> Optimum | None:
        """A lowest point of the function's window, where one is known."""
        lowest = [mark for mark in self.function.minima if mark.kind == "global"]
        if not lowest:
            return None
        return Optimum(np.array([lowest[0].x, lowest[0].y]), lowest[0].value, len(lowest) == 1)

    def loss(self, theta: Array) -> float:
        return self.function.value_and_gradient_at(float(theta[0]), float(theta[1]))[0]

    def losses(self, thetas: Array) -> Array:
        return self.function.value(thetas[:, 0], thetas[:, 1])

    def plane_losses(self, plane: Plane, x: Array, y: Array) -> Array:
        across, up = x[None, :], y[:, None]
        if plane.named_axes is not None:  # most functions have terms of x alone and of y alone: one row, one column
            of_x, of_y = (across, up) if plane.named_axes == (0, 1) else (up, across)
        else:
            of_x, of_y = (plane.origin[i] + plane.d1[i] * across + plane.d2[i] * up for i in (0, 1))
        return np.asarray(np.broadcast_to(self.function.value(of_x, of_y), (len(y), len(x))))

    def plane_work(self, plane: Plane, columns: int, rows: int) -> int:
        return columns * rows

    def plane_minimum(self, plane: Plane) -> tuple[float, float, float] | None:
        """Of a whole plane the optimum is the lowest point where it is known; x and y as the plane has them."""
        if self.optimum is None:
            return None
        x, y, _ = plane.coordinates(self.optimum.theta[None])
        return float(x[0]), float(y[0]), self.optimum.loss

    def hessian(self, theta: Array) -> Array:
        """∂²f/∂θ² (2, 2)."""
        fxx, fxy, fyy = self.function.hessian(theta[0], theta[1])
        return np.array([[fxx, fxy], [fxy, fyy]], dtype=np.float64)

    def bind(self, theta: Array, gradient: Array | None) -> Evaluate:
        evaluate_at, item = self.function.value_and_gradient_at, theta.item
        if gradient is None:
            return lambda: evaluate_at(item(0), item(1))[0]

        def evaluate() -> float:
            loss, gradient[0], gradient[1] = evaluate_at(item(0), item(1))
            return loss

        return evaluate

    def bind_batch(self, theta: Array, gradient: Array | None, size: int) -> EvaluateBatch:
        """There are no examples to choose from: every batch is the whole."""
        evaluate = self.bind(theta, gradient)
        return lambda indices: evaluate()
