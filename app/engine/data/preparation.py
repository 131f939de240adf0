"""From a table to what a run trains on: some examples set aside for testing, features rescaled if asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.data.dataset import Array, Table
from app.engine.randomness import Purpose, generator

Columns = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Scaling:
    """x′ = (x − mean)/deviation, feature by feature; both (n, 1), of the training examples.

    The deviation is that of the population (divided by m); it is 1 for a feature that is the same in all of them.
    """

    mean: Array
    deviation: Array

    def scale(self, X: Array) -> Array:
        """(n, m) features in units of their deviation."""
        scaled: Array = (X - self.mean) / self.deviation
        return scaled

    def weights_for_raw(self, W: Array, b: Array) -> tuple[Array, Array]:
        """Weights (k, n) and bias (k, 1) of a first layer on scaled features, as they would be on the raw ones."""
        raw = W / self.deviation.T
        return raw, b - raw @ self.mean

    def weights_for_scaled(self, W: Array, b: Array) -> tuple[Array, Array]:
        """Weights (k, n) and bias (k, 1) of a first layer on raw features, as they would be on the scaled ones."""
        return W * self.deviation.T, b + W @ self.mean


@dataclass(frozen=True, eq=False)
class PreparedData:
    """`X` (n, m), `Y` (outputs, m): the training examples in the order of the table; the others for testing.

    `test` holds the ascending columns of the table that `X_test`, `Y_test` were taken from. Targets are never rescaled;
    `scaling` is None where the features are not either. The arrays may be those of the table: read, do not write.
    """

    X: Array
    Y: Array
    test: Columns
    X_test: Array
    Y_test: Array
    scaling: Scaling | None

    @property
    def train(self) -> Columns:
        """The ascending columns of the table that X and Y were taken from."""
        return np.delete(np.arange(self.X.shape[1] + self.test.size), self.test)


def prepare(table: Table, test_fraction: float = 0.0, standardize: bool = False, seed: int = 0) -> PreparedData:
    """Set round(test_fraction·m) examples aside, the first of a permutation from `default_rng([seed, 4, 0])`.

    Half an example is rounded to the even number; at least one example stays for training.
    """
    test = _test_columns(table.X.shape[1], test_fraction, seed)
    X, Y = (np.delete(rows, test, axis=1) if test.size else rows for rows in (table.X, table.Y))
    X_test, Y_test = table.X[:, test], table.Y[:, test]
    if not standardize:
        return PreparedData(X, Y, test, X_test, Y_test, None)
    scaling = _scaling(X)
    return PreparedData(scaling.scale(X), Y, test, scaling.scale(X_test), Y_test, scaling)


def _test_columns(examples: int, test_fraction: float, seed: int) -> Columns:
    count = min(round(test_fraction * examples), examples - 1)
    return np.sort(generator(seed, Purpose.SPLIT).permutation(examples)[:count])


def _scaling(X: Array) -> Scaling:
    mean = X.mean(axis=1, keepdims=True)
    deviation = X.std(axis=1, keepdims=True)
    constant = (np.ptp(X, axis=1, keepdims=True) == 0) | (deviation == 0)  # rounding gives equal values a deviation
    return Scaling(np.where(constant, X[:, :1], mean), np.where(constant, 1.0, deviation))
