"""Losses at any parameters of a session, from what clients are told and textbook equations alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.engine.reference import ACTIVATIONS, LOSSES, layers_of
from tests.service import Handle, Json

Array = NDArray[np.float64]
Loss = Callable[[Array], float]
"""L at θ (P,), in the clients' order."""


def unpacked(shapes: list[Json], theta: Array) -> Json:
    """Parameters by name."""
    values, start = {}, 0
    for parameter in shapes:
        size = int(np.prod(parameter["shape"], dtype=int))
        values[parameter["name"]] = theta[start : start + size].reshape(parameter["shape"])
        start += size
    return values


def flat(values: Json) -> Array:
    return np.concatenate([np.ravel(value) for value in values.values()])


def theta_at(session: Handle, **query: Any) -> Array:
    """Where a run stands or stood."""
    return flat(session.get("/parameters", **query)["values"])


def loss_of(session: Handle) -> Loss:
    """The loss of a network or regression, penalties included."""
    problem, shapes, data = session.get()["recipe"]["problem"], session.get()["parameters"], session.get("/data")
    X, Y = np.array(data["X"]), np.array(data["y"])
    hidden = {"two_layer_sigmoid": "sigmoid"}.get(problem["kind"], problem.get("activation", "identity"))
    kind, given = problem.get("loss", "mean_squared_error"), problem.get("output_activation")
    if kind == "softmax_cross_entropy":
        Y = np.eye(int(Y.max()) + 1)[Y[0].astype(int)].T
    l1, l2 = problem.get("l1", 0.0), problem.get("l2", 0.0)

    @np.errstate(all="ignore")
    def loss(theta: Array) -> float:
        layers = layers_of(unpacked(shapes, theta))
        A = X
        for W, b in layers[:-1]:
            A = ACTIVATIONS[hidden](W @ A + b)
        Z = layers[-1][0] @ A + layers[-1][1]
        penalty = sum(l1 * np.abs(W).sum() + 0.5 * l2 * (W**2).sum() for W, _ in layers)
        return float(_total(kind, given, Z, Y) / X.shape[1] + penalty)

    return loss


def _total(kind: str, given: str | None, Z: Array, Y: Array) -> Any:
    """Cross-entropies from Z: their logarithms of what rounds to 0 or 1 would be no numbers."""
    if kind == "binary_cross_entropy":
        return (np.logaddexp(0.0, Z) - Y * Z).sum()
    if kind == "softmax_cross_entropy":
        shifted = Z - Z.max(axis=0)
        return (np.log(np.exp(shifted).sum(axis=0)) - (Y * shifted).sum(axis=0)).sum()
    return LOSSES[kind](ACTIVATIONS[given or "identity"](Z), Y)


def points_of(plane: Json, x: Any, y: Any) -> Array:
    """θ (N, P) at coordinates (N,) each."""
    origin, d1, d2 = (np.array(plane[name]) for name in ("origin", "d1", "d2"))
    return np.asarray(origin + np.outer(x, d1) + np.outer(y, d2))


def expected(loss: Loss, plane: Json, x: Any, y: Any) -> Array:
    """A row for each y, a column for each x."""
    return np.array([[loss(theta) for theta in points_of(plane, x, np.full(len(x), b))] for b in y])
