"""A network with its data: the objective behind every regression and classification problem."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.engine import many
from app.engine.layout import Layout
from app.engine.network import Network, Pass, with_ones
from app.engine.objective import Evaluate, EvaluateBatch, Indices, Optimum
from app.engine.one_layer import bind_one_layer, is_one_layer
from app.engine.penalty import Penalty
from app.engine.planes import Plane
from app.engine.quadratic import QuadraticForm
from app.engine.surfaces.chebyshev import polynomial_grid
from app.engine.surfaces.penalties import penalties
from app.engine.surfaces.surface import Surface

Array = NDArray[np.float64]
KINKED_ACTIVATIONS = {"relu", "leaky_relu"}
KINKED_LOSSES = {"mean_absolute_error", "huber"}


@dataclass(frozen=True, eq=False)
class Model:
    """`network` on inputs `X` (n, m) and targets `Y` (outputs, m), parameters named as `layout` says.

    Far out e^{−z} and squares overflow; losses there are infinite, as they should be, and nobody is warned.
    """

    network: Network
    layout: Layout
    X: Array
    Y: Array
    penalty: Penalty = field(default_factory=Penalty)

    @cached_property
    def X_bar(self) -> Array:
        """[X; 1] (n + 1, m)."""
        return with_ones(self.X)

    @property
    def examples(self) -> int:
        return int(self.Y.shape[1])

    @property
    def step_work(self) -> int:
        return int(self.examples * sum(self.network.widths))

    @property
    def is_linear_map(self) -> bool:
        """Whether ŷ is a linear map of X̄ at every θ, and the loss its mean-squared error."""
        return self._maps_linearly and not self.penalty

    @property
    def _maps_linearly(self) -> bool:
        """The same, apart from penalties."""
        return self._activations == {"identity"} and self.network.loss == "mean_squared_error"

    @property
    def bends_smoothly(self) -> bool:
        """Whether the loss, apart from penalties, is an analytic function of θ and no polynomial."""
        kinks = self._activations & KINKED_ACTIVATIONS or self.network.loss in KINKED_LOSSES
        return not kinks and not self._maps_linearly

    @property
    def _activations(self) -> set[str]:
        """Those that are used: without a hidden layer only the output's."""
        hidden = {self.network.activation} if len(self.network.widths) > 2 else set()
        return {self.network.output_activation} | hidden

    @cached_property
    def quadratic(self) -> QuadraticForm:
        """The loss as a function of the linear map that takes X̄ to ŷ."""
        return QuadraticForm.of(self.X_bar, self.Y)

    @cached_property
    def optimum(self) -> Optimum | None:
        """The least-squares optimum of a model of one linear layer."""
        return self.quadratic.optimum() if self.is_linear_map and len(self.network.widths) == 2 else None

    @np.errstate(all="ignore")
    def loss(self, theta: Array) -> float:
        return self.forward(theta).loss() + self.penalty.value(theta, self.network)

    def forward(self, theta: Array, X: Array | None = None) -> Pass:
        """A pass at θ, on other inputs where X (n, any) is given; not run yet."""
        X_bar = self.X_bar if X is None else with_ones(X)
        Y = self.Y if X is None else np.zeros((len(self.Y), X.shape[1]))
        return Pass(self.network, theta, np.empty_like(theta), X_bar, Y)

    @np.errstate(all="ignore")
    def predict(self, theta: Array, X: Array) -> Array:
        """ŷ (outputs, any) for inputs X (n, any)."""
        return self.forward(theta, X).forward()

    @np.errstate(all="ignore")
    def losses(self, thetas: Array) -> Array:
        if self.is_linear_map:
            return self.quadratic.losses(self._maps(thetas))
        penalties = self.penalty.values(thetas, self.network)
        return many.losses(self.network, thetas, self.X_bar, self.Y) + penalties

    @np.errstate(all="ignore")
    def plane_losses(self, plane: Plane, x: Array, y: Array, threads: int = 1) -> Array:
        """L over a grid, exactly; by as many threads as it is worth."""
        return self.with_penalties(self._data_losses(plane, x, y, threads), plane, x, y)

    def plane_work(self, plane: Plane, columns: int, rows: int) -> int:
        if self._maps_linearly:
            return columns * rows + (2 * len(self.network.shapes) + 1) ** 2 * self.network.size
        return Surface(self.network, self.X_bar, self.Y, plane, (0.0, 0.0)).work(columns, rows)

    def with_penalties(self, losses: Array, plane: Plane, x: Array, y: Array) -> Array:
        """Losses over a grid, and what the penalties add to them."""
        return losses + penalties(self.penalty, self.network, plane, x, y) if self.penalty else losses

    def surface_around(self, plane: Plane, x: Array, y: Array) -> Surface:
        """The loss on a plane, apart from penalties, near the middle of a grid."""
        middle = 0.5 * float(x[0] + x[-1]), 0.5 * float(y[0] + y[-1])
        return Surface(self.network, self.X_bar, self.Y, plane, middle)

    def _data_losses(self, plane: Plane, x: Array, y: Array, threads: int) -> Array:
        if not self._maps_linearly:
            return self.surface_around(plane, x, y).at(x, y, threads)
        if len(self.network.widths) == 2:
            V0, V1, V2 = (vector.reshape(len(self.Y), -1) for vector in (plane.origin, plane.d1, plane.d2))
            return self.quadratic.plane_losses(V0, V1, V2, x, y)
        degree = 2 * len(self.network.shapes)  # of the loss in each coordinate: of the map it is the number of layers
        return polynomial_grid(lambda x, y: self._map_losses(plane, x, y), x, y, degree)

    def _map_losses(self, plane: Plane, x: Array, y: Array) -> Array:
        """L over a grid of a network of identities, apart from penalties, row by row."""
        rows = [self._maps(plane.points(x, np.full_like(x, value))) for value in y.tolist()]
        return np.stack([self.quadratic.losses(maps) for maps in rows])

    def plane_minimum(self, plane: Plane) -> tuple[float, float, float] | None:
        """x, y and loss of the lowest point of a plane, where the loss is a quadratic with one there."""
        if not (self.is_linear_map and len(self.network.widths) == 2):
            return None
        V0, V1, V2 = (vector.reshape(len(self.Y), -1) for vector in (plane.origin, plane.d1, plane.d2))
        return self.quadratic.plane_minimum(V0, V1, V2)

    def _maps(self, thetas: Array) -> Array:
        """The linear maps V (N, outputs, n + 1) with ŷ = V X̄ of a network of identities."""
        start, maps = 0, np.eye(self.network.widths[0] + 1)[None]
        for inputs, units in self.network.shapes:
            W_bar = thetas[:, start : start + units * (inputs + 1)].reshape(-1, units, inputs + 1)
            start += units * (inputs + 1)
            ones = np.zeros((len(thetas), 1, maps.shape[2]))
            ones[:, 0, -1] = 1.0
            maps = W_bar @ (maps if start == units * (inputs + 1) else np.concatenate([maps, ones], axis=1))
        return maps

    def bind(self, theta: Array, gradient: Array | None) -> Evaluate:
        if is_one_layer(self.network, self.X_bar):
            evaluate = bind_one_layer(theta, gradient, self.X_bar, self.Y)
            return self.penalty.added_to(evaluate, theta, gradient, self.network)
        return self._bound(theta, gradient, self.X_bar, self.Y)

    def bind_batch(self, theta: Array, gradient: Array | None, size: int) -> EvaluateBatch:
        X_bar, Y = np.empty((len(self.X_bar), size)), np.empty((len(self.Y), size))
        evaluate = self._bound(theta, gradient, X_bar, Y)

        def evaluate_batch(indices: Indices) -> float:
            self.X_bar.take(indices, axis=1, out=X_bar, mode="clip")
            self.Y.take(indices, axis=1, out=Y, mode="clip")
            return evaluate()

        return evaluate_batch

    def _bound(self, theta: Array, gradient: Array | None, X_bar: Array, Y: Array) -> Evaluate:
        run = Pass(self.network, theta, np.empty_like(theta) if gradient is None else gradient, X_bar, Y)
        evaluate = run.loss if gradient is None else run.loss_and_gradient
        return self.penalty.added_to(evaluate, theta, gradient, self.network)
