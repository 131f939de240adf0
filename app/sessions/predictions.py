"""What a model makes of its data: the fitted curve or surface, or observed against predicted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.run import Run
from app.errors import NotFound
from app.recipe.build import Examples
from app.sessions.session import Session

Array = NDArray[np.float64]
Json = dict[str, Any]
MARGIN = 0.08
"""The curve goes on beyond the data by this share of their range."""


def predictions(session: Session, run: Run, step: int | None, resolution: int) -> Json:
    """`x`, `y` for one feature; `x`, `y`, `z[output]` for two; observed, predicted, residual for more; raw scale."""
    state = session.state(run, step)
    examples = session.built.examples
    if examples is None:
        raise NotFound("problem.no-data.detail")
    X = examples.table.X
    if len(X) == 1:
        (x,) = _axes(X, resolution)
        return {"step": state.step, "x": x, "y": _predict(examples, state.theta, x[None])[0]}
    if len(X) == 2:
        x, y = _axes(X, resolution)
        grid = np.stack([axis.ravel() for axis in np.meshgrid(x, y)])
        z = _predict(examples, state.theta, grid).reshape(-1, len(y), len(x))
        return {"step": state.step, "x": x, "y": y, "z": z}
    predicted, observed = _predict(examples, state.theta, X), examples.table.Y
    return {"step": state.step, "observed": observed, "predicted": predicted, "residual": predicted - observed}


def _predict(examples: Examples, theta: Array, X: Array) -> Array:
    """ŷ (outputs, any) for raw features."""
    scaling = examples.data.scaling
    inputs = X if scaling is None else scaling.scale(X)
    with np.errstate(all="ignore"):
        predicted = examples.model.predict(theta, inputs)
    return np.where(np.isfinite(predicted), predicted, np.nan)  # null in JSON: too large for a number


def _axes(X: Array, resolution: int) -> list[Array]:
    low, high = X.min(axis=1), X.max(axis=1)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    return list(np.linspace(low - margin, high + margin, resolution, axis=1))
