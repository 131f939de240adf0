"""How strongly a loss bends: eigenvalues of ∂²L/∂θ², exactly where a formula knows them, from gradients elsewhere.

Hessian-vector products come from central differences of the gradient, Hv ≈ (g(θ + hv) − g(θ − hv))/2h. A handful of
parameters get the whole matrix that way, many get the ends of its spectrum by Lanczos' method.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.engine.gradients import CENTRAL_STEP
from app.engine.model import Model
from app.engine.network import Network
from app.engine.objective import Indices, Objective
from app.engine.penalty import weight_mask

Array = NDArray[np.float64]
GradientAt = Callable[[Array], Array]
Found = Literal["exact", "differences", "lanczos"]

MOST_DENSE = 64
"""Up to so many parameters the whole matrix is computed, two gradients for each of them."""

WORK = 1_000_000
"""Examples × units that may be worked through for one spectrum: a few milliseconds."""

LEAST_ITERATIONS, MOST_ITERATIONS = 6, 40
EPSILON, TINY = float(np.finfo(float).eps), float(np.finfo(float).tiny)
AGREEMENT = 0.01
"""Two difference steps must agree this well, else the gradient has a kink between them or bends within the step."""


@runtime_checkable
class KnowsHessian(Protocol):
    """An objective with a formula for its second derivatives."""

    def hessian(self, theta: Array) -> Array:
        """∂²L/∂θ² (P, P)."""
        ...


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues in ascending order: all of them if `complete`, else those Lanczos found, reliable at both ends.

    `tolerance` is the relative error to expect of the largest, `floor` what is no more than rounding beside it;
    `constant` says that they are the same at every θ.
    """

    eigenvalues: Array
    found: Found
    complete: bool
    tolerance: float
    floor: float
    constant: bool = False

    @property
    def largest(self) -> float:
        return float(self.eigenvalues[-1])

    @property
    def nonzero(self) -> Array:
        """Those that are more than rounding."""
        return self.eigenvalues[np.abs(self.eigenvalues) > self.floor]

    @property
    def condition_number(self) -> float | None:
        """The largest over the smallest; None unless all are known and positive."""
        known = self.complete and self.eigenvalues[0] > self.floor
        return float(self.eigenvalues[-1] / self.eigenvalues[0]) if known else None


def spectrum(objective: Objective, theta: Array, scaling: Array | None = None) -> Spectrum | None:
    """Of ∂²L/∂θ² at θ (P,), or of P^{-½} ∂²L/∂θ² P^{-½} for a positive diagonal `scaling` P (P,).

    None where it is not finite or the gradient jumps.
    """
    stretch = np.ones_like(theta) if scaling is None else 1.0 / np.sqrt(scaling)
    if not np.isfinite(stretch).all():
        return None
    with np.errstate(all="ignore"):
        if isinstance(objective, Model) and is_quadratic(objective):
            return _finite(_of_linear_model(objective, stretch))
        if isinstance(objective, KnowsHessian):
            return _finite(_of_formula(objective, theta, stretch))
        return _finite(_of_gradients(_whole(objective, theta), theta, stretch, objective.step_work))


def batch_spectrum(objective: Objective, theta: Array, batch: Indices) -> Spectrum | None:
    """The same for the loss on the examples of one mini-batch."""
    with np.errstate(all="ignore"):
        work = objective.step_work * len(batch) // objective.examples
        return _finite(_of_gradients(_part(objective, theta, batch), theta, np.ones_like(theta), work))


def is_quadratic(model: Model) -> bool:
    """One linear layer with mean-squared error, an L2 penalty allowed: the Hessian is the same everywhere."""
    network = Network(model.network.widths)
    return network == model.network and len(network.shapes) == 1 and model.penalty.l1 == 0


def _finite(found: Spectrum | None) -> Spectrum | None:
    return found if found is not None and np.isfinite(found.eigenvalues).all() else None


def _of_linear_model(model: Model, stretch: Array) -> Spectrum:
    """2σ² of a root of the Hessian: its singular values do not lose the small ones as forming it would."""
    inputs = model.network.widths[0] + 1
    root = model.quadratic.root[:, :inputs]
    if model.penalty.l2:
        mask = weight_mask(model.network)[:inputs]
        root = np.vstack([root, np.diag(np.sqrt(0.5 * model.penalty.l2) * mask)])
    values = np.asarray(np.linalg.svd(root * stretch.reshape(-1, 1, inputs), compute_uv=False), dtype=np.float64)
    missing = np.zeros(len(stretch) - values.size)  # fewer examples than columns: as many zeros
    eigenvalues = np.concatenate([2.0 * values.ravel() ** 2, missing])
    floor = float(eigenvalues.max(initial=0.0) * (EPSILON * sum(root.shape)) ** 2)
    return Spectrum(np.sort(eigenvalues), "exact", True, 1e-14, floor, constant=True)


def _of_formula(objective: KnowsHessian, theta: Array, stretch: Array) -> Spectrum:
    hessian = objective.hessian(theta)
    places = [theta + offset * np.cos(np.arange(1.0, len(theta) + 1.0)) for offset in (0.7, -1.3)]
    largest = float(np.abs(hessian).max())
    constant = all(np.allclose(hessian, objective.hessian(place), rtol=0.0, atol=1e-12 * largest) for place in places)
    eigenvalues = np.linalg.eigvalsh(_safe(hessian * np.outer(stretch, stretch)))
    floor = 4.0 * EPSILON * float(np.abs(eigenvalues).max())
    return Spectrum(np.asarray(eigenvalues, dtype=np.float64), "exact", True, 1e-14, floor, constant)


def _safe(matrix: Array) -> Array:
    """The matrix, or one of NaN that LAPACK does not refuse to see."""
    return matrix if np.isfinite(matrix).all() else np.diag(np.full(len(matrix), np.inf))


def _whole(objective: Objective, theta: Array) -> GradientAt:
    at, g = theta.copy(), np.empty_like(theta)
    evaluate = objective.bind(at, g)

    def gradient(point: Array) -> Array:
        np.copyto(at, point)
        evaluate()
        return g.copy()

    return gradient


def _part(objective: Objective, theta: Array, batch: Indices) -> GradientAt:
    at, g = theta.copy(), np.empty_like(theta)
    evaluate = objective.bind_batch(at, g, len(batch))

    def gradient(point: Array) -> Array:
        np.copyto(at, point)
        evaluate(batch)
        return g.copy()

    return gradient


def _of_gradients(gradient: GradientAt, theta: Array, stretch: Array, work: int) -> Spectrum | None:
    """By differences, with a shorter step where the first one crosses a kink or is longer than the bend."""
    h = CENTRAL_STEP * max(1.0, float(np.linalg.norm(theta)) / np.sqrt(len(theta)))
    for step in (h, h / 64.0):
        product = _product(gradient, theta, stretch, step)
        few = len(theta) <= MOST_DENSE and 2 * len(theta) * work <= WORK
        result = _dense(product, len(theta)) if few else _lanczos(product, len(theta), work)
        if result is None:
            return None
        found, vector = result
        again = float(vector @ _product(gradient, theta, stretch, step / 8.0)(vector))
        rounding = 64.0 * EPSILON * float(np.linalg.norm(gradient(theta) * stretch) / step)
        error = abs(again - found.largest)
        if error <= AGREEMENT * abs(found.largest) + rounding:
            relative = error / max(abs(found.largest), TINY)
            return replace(found, tolerance=max(found.tolerance, relative), floor=rounding)
    return None


def _product(gradient: GradientAt, theta: Array, stretch: Array, h: float) -> Callable[[Array], Array]:
    """S ∂²L/∂θ² S times a vector, for S = diag(stretch): two gradients each."""

    def product(v: Array) -> Array:
        direction = stretch * v
        length = float(np.linalg.norm(direction))
        step = direction * (h / length)
        return np.asarray(stretch * (gradient(theta + step) - gradient(theta - step)) * (length / (2.0 * h)))

    return product


def _dense(product: Callable[[Array], Array], size: int) -> tuple[Spectrum, Array] | None:
    matrix = np.stack([product(unit) for unit in np.eye(size)])
    if not np.isfinite(matrix).all():
        return None
    eigenvalues, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T))
    return Spectrum(eigenvalues, "differences", True, 0.0, 0.0), vectors[:, -1]


def _lanczos(product: Callable[[Array], Array], size: int, work: int) -> tuple[Spectrum, Array] | None:
    """The ends of the spectrum from a Krylov space. Golub and Van Loan, Matrix Computations, chapter 10."""
    most = int(np.clip(WORK // (2 * max(1, work)), LEAST_ITERATIONS, MOST_ITERATIONS))
    start = np.cos(np.arange(1.0, size + 1.0))  # always the same, and orthogonal to nothing in particular
    basis, alphas, betas = [start / np.linalg.norm(start)], list[float](), list[float]()
    while True:
        w = product(basis[-1])
        alphas.append(float(basis[-1] @ w))
        Q = np.stack(basis)
        for _ in range(2):  # orthogonal to all before, twice: once is not enough in floating point
            w = w - Q.T @ (Q @ w)
        beta = float(np.linalg.norm(w))
        if not np.isfinite(beta):
            return None
        values, vectors = np.linalg.eigh(np.diag(alphas) + np.diag(betas, 1) + np.diag(betas, -1))
        residual = beta * abs(float(vectors[-1, -1])) / max(float(np.abs(values).max()), TINY)
        if residual <= 1e-6 or len(basis) >= min(most, size):
            return Spectrum(values, "lanczos", len(basis) == size, residual, 0.0), Q.T @ vectors[:, -1]
        betas.append(beta)
        basis.append(w / beta)
