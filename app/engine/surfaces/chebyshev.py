"""Polynomials through values at Chebyshev points, in one variable and in two.

Trefethen, Approximation Theory and Approximation Practice, 2013. A function that is analytic around the interval has
coefficients that shrink geometrically, and the polynomial errs by no more than about twice those it leaves out.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@lru_cache(maxsize=32)
def points(count: int) -> Array:
    """−cos(πj/(n − 1)), j = 0 … n − 1: from −1 to 1, and every second of 2n − 1 is one of n."""
    nodes = np.sin(0.5 * np.pi * np.linspace(-1.0, 1.0, count))  # the same, symmetric to the last bit
    nodes.flags.writeable = False
    return nodes


@lru_cache(maxsize=32)
def transform(count: int) -> Array:
    """The matrix (n, n) that takes values at the points to coefficients of T₀ … T_{n−1}: a cosine transform."""
    k = np.arange(count)
    matrix = 2.0 / (count - 1) * np.cos(np.pi * np.outer(k, count - 1 - k) / (count - 1))
    matrix[:, [0, -1]] *= 0.5
    matrix[[0, -1]] *= 0.5
    matrix.flags.writeable = False
    return matrix


def coefficients(values: Array) -> Array:
    """Of Σ c_ij T_i(s) T_j(t) through values (n, k) at the points s down and t across, each in [−1, 1]."""
    rows, columns = values.shape
    return np.asarray(transform(rows) @ values @ transform(columns).T)


def polynomials(t: Array, count: int) -> Array:
    """T₀(t) … T_{n−1}(t), (len(t), n), for t in [−1, 1]: twice as many at a time, T_{k+j} = 2 T_k T_j − T_{k−j}."""
    T = np.ones((count, len(t)))
    T[1:2] = np.clip(t, -1.0, 1.0)
    k = 1
    while k < count - 1:
        more = T[k + 1 : 2 * k + 1]
        np.multiply(T[1 : len(more) + 1], 2.0 * T[k], out=more)
        more -= T[k - len(more) : k][::-1]
        k += len(more)
    return T.T


def grid(c: Array, s: Array, t: Array) -> Array:
    """Σ c_ij T_i(s) T_j(t), (len(s), len(t))."""
    return np.asarray(polynomials(s, len(c)) @ c @ polynomials(t, c.shape[1]).T)


def unit(values: Array) -> Array:
    """Values in ascending order as seen from their own interval: the first is −1, the last 1."""
    low, high = values[0], values[-1]
    return np.asarray(((values - low) - (high - values)) / (high - low))


def spread(t: Array, values: Array) -> Array:
    """The other way: t in [−1, 1] on the interval from the first of the values to the last."""
    return np.asarray(0.5 * ((1.0 - t) * values[0] + (1.0 + t) * values[-1]))


def polynomial_grid(evaluate: Callable[[Array, Array], Array], x: Array, y: Array, degree: int) -> Array:
    """A polynomial of this degree in x and in y, over the grid x × y (ascending), from as few values as determine it.

    `evaluate(x, y)` gives it over any grid, a row for each y. Exact but for rounding.
    """
    (few_x, across), (few_y, up) = _axis(x, degree + 1), _axis(y, degree + 1)
    return np.asarray(up @ evaluate(few_x, few_y) @ across.T)


def _axis(values: Array, count: int) -> tuple[Array, Array]:
    """At most so many places, and the matrix that takes a polynomial's values there to those at all `values`."""
    if len(values) <= count:
        return values, np.eye(len(values))
    return spread(points(count), values), polynomials(unit(values), count) @ transform(count)
