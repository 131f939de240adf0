"""What a classifier gets right: accuracy, and which class it takes for which."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Classification:
    """`accuracy` is the share of examples taken for their own class, None without examples.

    `confusion` (classes, classes) counts them: a row for the true class, a column for the one predicted. An example
    without a number for a prediction counts as wrong, and in no column.
    """

    accuracy: float | None
    confusion: NDArray[np.int64]


def classify(predictions: Array, Y: Array) -> Classification:
    """From ŷ and Y, both (outputs, m): one row of probabilities of class 1, or one row for each class, Y one-hot."""
    classes = max(2, len(Y))
    known = np.isfinite(predictions).all(axis=0)
    true, predicted = labels(Y), labels(predictions)
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (true[known], predicted[known]), 1)
    m = Y.shape[1]
    return Classification(float(np.trace(confusion)) / m if m else None, confusion)


def labels(rows: Array) -> Labels:
    """The class of each column (m,): 1 where a single row is above ½, else the row of the largest, the first of equals.

    >>> labels(np.array([[0.2, 0.5, 0.7]])).tolist()
    [0, 0, 1]
    """
    return np.asarray(rows[0] > 0.5, dtype=np.intp) if len(rows) == 1 else np.asarray(rows.argmax(axis=0))
