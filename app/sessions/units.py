"""What each unit of a network makes of the inputs: its activation along one feature, or over the plane of two."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.run import Run
from app.errors import NotFound
from app.sessions.predictions import axes, scaled
from app.sessions.session import Session

Array = NDArray[np.float64]
Json = dict[str, Any]

MOST_UNITS = 32
"""Of a layer; the first ones."""

MOST_CELLS = 1_000_000
"""Points × units that are computed: a wide network is looked at in fewer points, as the axes of the answer say."""


def units_view(session: Session, run: Run, step: int | None, resolution: int) -> Json:
    """`x` (and `y`) on the raw scale of the data, `layers[l][unit]` a list along x, or a row for each y."""
    (at, theta), examples = session.theta(run, step), session.built.examples
    if examples is None:
        raise NotFound("problem.no-data.detail")
    X, network = examples.table.X, examples.model.network
    if len(X) > 2:
        raise NotFound("problem.many-features.detail", features=len(X))
    points = max(2, min(resolution, int((MOST_CELLS / sum(network.widths)) ** (1 / len(X)))))
    sides = axes(X, points)
    grid = np.stack([side.ravel() for side in np.meshgrid(*sides)])
    run_on_grid = examples.model.forward(theta, scaled(examples, grid))
    with np.errstate(all="ignore"):
        run_on_grid.forward()
    shape = [len(side) for side in reversed(sides)]
    layers = [A[: min(width, MOST_UNITS)] for A, width in zip(run_on_grid.X_bar[1:], network.widths[1:], strict=True)]
    return {
        "step": at,
        "x": sides[0],
        "y": sides[1] if len(sides) > 1 else None,
        "widths": list(network.widths[1:]),
        "layers": [_finite(A).reshape(-1, *shape) for A in layers],
    }


def _finite(A: Array) -> Array:
    return np.where(np.isfinite(A), A, np.nan)  # null in JSON
