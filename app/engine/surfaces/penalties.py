"""What penalties on the weights add to the loss over a plane."""

import numpy as np
from numpy.typing import NDArray

from app.engine.network import Network
from app.engine.penalty import Penalty, weight_mask
from app.engine.planes import Plane
from app.engine.quadratic import squared_lengths
from app.engine.surfaces.tiles import BLOCK, pieces

Array = NDArray[np.float64]


@np.errstate(all="ignore")
def penalties(penalty: Penalty, network: Network, plane: Plane, x: Array, y: Array) -> Array:
    """l1·Σ|W| + ½·l2·ΣW² over a grid (len(y), len(x)): the squares from six numbers, the rest cell by cell."""
    mask = weight_mask(network)
    weights, across, up = plane.origin * mask, plane.d1 * mask, plane.d2 * mask
    grid = np.zeros((len(y), len(x)))
    if penalty.l2:
        grid += 0.5 * penalty.l2 * squared_lengths(weights, across, up, x, y)
    if penalty.l1:
        moves = (across != 0.0) | (up != 0.0)
        grid += penalty.l1 * np.abs(weights[~moves]).sum()
        grid += penalty.l1 * _sums(weights[moves], across[moves], up[moves], x, y)
    return grid


def _sums(weights: Array, across: Array, up: Array, x: Array, y: Array) -> Array:
    """Σ|w + x·u + y·v| over the grid, in blocks that stay in the cache."""
    grid = np.empty((len(y), len(x)))
    for columns in pieces(len(x), max(1, BLOCK // max(1, len(weights)))):
        here = weights + np.outer(x[columns], across)
        for row, b in zip(grid, y, strict=True):
            row[columns] = np.abs(here + b * up).sum(axis=1)
    return grid
