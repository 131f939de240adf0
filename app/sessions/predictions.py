"""What a model makes of its data: the fitted curve or surface, or observed against predicted."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.classes import Classification, classify
from app.engine.model import Model
from app.engine.run import Run
from app.errors import NotFound
from app.recipe.build import Examples
from app.sessions.session import Session

Array = NDArray[np.float64]
Json = dict[str, Any]
MARGIN = 0.08
"""The curve goes on beyond the data by this share of their range."""


def predictions(session: Session, run: Run, step: int | None, resolution: int, *, each_example: bool = False) -> Json:
    """The fit on the raw scale of the data, and for classes what was told apart rightly and wrongly."""
    (at, theta), examples = session.theta(run, step), session.built.examples
    if examples is None:
        raise NotFound("problem.no-data.detail")
    view = {"step": at, **_fit(examples, theta, resolution)}
    if each_example and "predicted" not in view:
        view |= _each_example(examples, theta)
    return view | ({"classification": _classification(examples, theta)} if examples.has_classes else {})


def accuracies(examples: Examples, theta: Array) -> Json:
    """The share of training and of test examples taken for their own class."""
    found = {"accuracy": examples.model, "test_accuracy": examples.test}
    return {name: _classify(model, theta).accuracy if model else None for name, model in found.items()}


def _fit(examples: Examples, theta: Array, resolution: int) -> Json:
    """`x`, `y` for one feature; `x`, `y`, `z[output]` for two; observed, predicted, residual for more."""
    X = examples.table.X
    if len(X) == 1:
        (x,) = axes(X, resolution)
        answers = _predict(examples, theta, x[None])
        return {"x": x, "y": answers[0] if len(answers) == 1 else answers}
    if len(X) == 2:
        x, y = axes(X, resolution)
        grid = np.stack([axis.ravel() for axis in np.meshgrid(x, y)])
        return {"x": x, "y": y, "z": _predict(examples, theta, grid).reshape(-1, len(y), len(x))}
    return _each_example(examples, theta)


def _each_example(examples: Examples, theta: Array) -> Json:
    predicted = _predict(examples, theta, examples.table.X)
    return {"observed": examples.targets, "predicted": predicted, "residual": predicted - examples.targets}


def _classification(examples: Examples, theta: Array) -> Json:
    parts = {"train": examples.model, "test": examples.test}
    found = {part: asdict(_classify(model, theta)) if model else None for part, model in parts.items()}
    return {"classes": list(examples.class_names), **found}


@np.errstate(all="ignore")
def _classify(model: Model, theta: Array) -> Classification:
    return classify(model.forward(theta).forward(), model.Y)


def _predict(examples: Examples, theta: Array, X: Array) -> Array:
    """ŷ (outputs, any) for raw features."""
    with np.errstate(all="ignore"):
        predicted = examples.model.predict(theta, scaled(examples, X))
    return np.where(np.isfinite(predicted), predicted, np.nan)  # null in JSON: too large for a number


def scaled(examples: Examples, X: Array) -> Array:
    """Raw features (n, any) as training sees them."""
    scaling = examples.data.scaling
    return X if scaling is None else scaling.scale(X)


def axes(X: Array, resolution: int) -> list[Array]:
    """For each feature of X (n, m) so many values, evenly over its range and a little beyond."""
    low, high = X.min(axis=1), X.max(axis=1)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    return list(np.ascontiguousarray(np.linspace(low - margin, high + margin, resolution, axis=1)))
