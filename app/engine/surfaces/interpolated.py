"""Smooth surfaces from few exact cells, to a tolerance that is checked at others and stated.

The loss is computed at nested Chebyshev points, 17, 33, 65, … or 25, 49, 97, … a side, more only in the direction that
needs them, until the coefficients have died away and exact cells between the points agree. Where that would cost about
as many cells as the grid has, it is given up early: the caller computes them all.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.surfaces import chebyshev

Array = NDArray[np.float64]
Evaluate = Callable[[Array, Array], Array]
"""Exact values over a grid: a row for each y, a column for each x."""

FIRST, FIRST_IF_STRICT, MOST = 17, 25, 129
"""Points a side, at first and at most."""

STRICT = 1e-4
"""A tolerance below this is never met with the fewest points."""

EVENNESS = 0.85
"""α below: towards 1 the points are spread more evenly, and the polynomials converge no faster than 1.8⁻ⁿ here."""

SHARE = 0.5
"""Of the cells of the grid, that may be computed before interpolation stops paying."""

PROBES = 8
"""A side: exact cells that the polynomial must agree with."""

CAUTION = 6.0
"""The error anywhere may be so many times the largest at the probes, and twice what theory expects."""

SLOWEST, FASTEST = 0.8, 0.01
"""How much smaller coefficients are taken to become from one quarter of them to the next."""

EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Interpolated:
    """Values over a grid, none of which is off by more than `error`."""

    values: Array
    error: float


def interpolated(evaluate: Evaluate, x: Array, y: Array, tolerance: float, share: float = SHARE) -> Interpolated | None:
    """Over the grid x × y (ascending), to `tolerance` times the range of the values.

    None where that would take more than a `share` of the cells.
    """
    most = share * len(x) * len(y)
    xs = ys = FIRST if tolerance >= STRICT else FIRST_IF_STRICT
    values: Array | None = None
    while xs * ys <= most and max(xs, ys) <= MOST:
        values = _refined(evaluate, x, y, values, xs, ys)
        if not np.isfinite(values).all():
            return None
        allowed = 0.5 * tolerance * float(np.ptp(values))
        down, across = Tail.of(values.T), Tail.of(values)
        if down.error <= allowed and across.error <= allowed:
            found = _checked(evaluate, values, x, y, down, across)
            if found.error <= tolerance * float(np.ptp(found.values)):
                return found
        if down.needed(allowed) * across.needed(allowed) > most:
            return None
        xs, ys = _finer(xs, across, ys, down, allowed)
    return None


@dataclass(frozen=True)
class Tail:
    """How the coefficients in one direction end: `size` of the largest in the last quarter, smaller by `ratio` than
    those in the quarter before; `worst` is the row in which it stands, `noise` what rounding leaves.
    """

    count: int
    size: float
    ratio: float
    worst: int
    noise: float

    @classmethod
    def of(cls, values: Array) -> "Tail":
        """From values at Chebyshev points across, in each of the rows."""
        c = np.abs(values @ chebyshev.transform(values.shape[1]).T)
        half, quarter = c.shape[1] // 2, -(-c.shape[1] // 4)
        ends = c[:, -quarter:].max(axis=1)
        before, last = float(c[:, half:-quarter].max()), float(ends.max())
        ratio = min(max(last / before if before else FASTEST, FASTEST), SLOWEST)
        return cls(c.shape[1], last, ratio, int(ends.argmax()), EPSILON * float(c.max()))

    @property
    def error(self) -> float:
        """Of the polynomial, if the coefficients that were left out go on shrinking as they did: twice their sum is
        what theory allows; and rounding.
        """
        each = self.ratio ** (4.0 / self.count)
        return float(CAUTION * self.size * self.ratio / (1.0 - each) + 8.0 * self.noise)

    def needed(self, allowed: float) -> float:
        """How many coefficients it would take."""
        quarters = np.log(max(self.error, self.noise) / max(allowed, self.noise)) / -np.log(self.ratio)
        return self.count * (1.0 + 0.25 * max(0.0, float(quarters)))


def _finer(xs: int, across: Tail, ys: int, down: Tail, allowed: float) -> tuple[int, int]:
    """Twice as many points in the directions that need them; in both where the probes alone disagreed."""
    both = across.error <= allowed and down.error <= allowed
    finer_x, finer_y = both or across.error > allowed, both or down.error > allowed
    return (2 * xs - 1 if finer_x else xs), (2 * ys - 1 if finer_y else ys)


def _exact(evaluate: Evaluate, x: Array, y: Array, t: Array, s: Array) -> Array:
    """At places t, s in [−1, 1] of the polynomial's variables."""
    return evaluate(chebyshev.spread(_evened(t), x), chebyshev.spread(_evened(s), y))


def _evened(t: Array) -> Array:
    """Chebyshev points crowd at the ends; arcsin(αt)/arcsin α draws them apart there, −1 and 1 stay where they are.

    Sigmoids bend no more at the ends than in the middle, and fewer points will do: Kosloff and Tal-Ezer 1993, Hale and
    Trefethen 2008.
    """
    return np.asarray(np.arcsin(EVENNESS * t) / np.arcsin(EVENNESS))


def _crowded(u: Array) -> Array:
    """The inverse of `_evened`."""
    return np.asarray(np.sin(np.arcsin(EVENNESS) * u) / EVENNESS)


def _refined(evaluate: Evaluate, x: Array, y: Array, known: Array | None, xs: int, ys: int) -> Array:
    """The values at so many points, those that are known taken over."""
    t, s = chebyshev.points(xs), chebyshev.points(ys)
    if known is None:
        return _exact(evaluate, x, y, t, s)
    across, down = (xs - 1) // (known.shape[1] - 1), (ys - 1) // (len(known) - 1)
    finer = np.empty((ys, xs))
    finer[::down, ::across] = known
    if across > 1:
        finer[::down, 1::2] = _exact(evaluate, x, y, t[1::2], s[::down])
    if down > 1:
        finer[1::2] = _exact(evaluate, x, y, t, s[1::2])
    return finer


def _checked(evaluate: Evaluate, known: Array, x: Array, y: Array, down: Tail, across: Tail) -> Interpolated:
    """The polynomial over the grid, with an error that exact cells between the points bear out."""
    s, t, c = _crowded(chebyshev.unit(y)), _crowded(chebyshev.unit(x)), chebyshev.coefficients(known)
    values = chebyshev.grid(c, s, t)
    rows, columns = _probes(s, len(c), across.worst), _probes(t, c.shape[1], down.worst)
    seen = float(np.abs(evaluate(x[columns], y[rows]) - values[np.ix_(rows, columns)]).max())
    return Interpolated(values, down.error + across.error + CAUTION * seen)


def _probes(t: Array, count: int, worst: int) -> NDArray[np.intp]:
    """Indices in the ascending t, spread over the grid, where a polynomial through `count` points is farthest from
    all of them: midway as −cos counts; and those on either side of its point number `worst`.
    """
    midway = (np.linspace(0, count - 2, PROBES).round() + 0.5) * np.pi / (count - 1)
    spread = np.searchsorted(t, -np.cos(midway))
    beside = np.searchsorted(t, chebyshev.points(count)[worst]) + np.array([-1, 0, 1])
    return np.unique(np.clip(np.concatenate([spread, beside]), 0, len(t) - 1))
