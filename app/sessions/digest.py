"""What the runs came to, in a few characters: who computes a recipe again can tell whether the numbers are the same."""

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.state import State
from app.sessions.session import Session

Array = NDArray[np.float64]
DIGEST_BYTES = 8
NEAR_DIGITS = 12
"""Significant digits of `near`: three more than it is compared to."""


def digest(session: Session, step: int | None) -> dict[str, Any]:
    """Of θ of every run after `step` steps, in the order of the recipe.

    `exact` is BLAKE2b over their parameters, little-endian float64, one run after another: it differs in the last bit.
    `near` has two numbers for each run, its loss and Σᵢ cos(i)·θᵢ with i from 0: they agree to 1e-9 where the
    arithmetic of another machine differs in the last bits and the dynamics are not chaotic.
    """
    order = session.built.layout.order
    states = [session.state(run, step) for run in session.runs]
    thetas = [np.ascontiguousarray(state.theta[order], dtype="<f8") for state in states]
    exact = blake2b(b"".join(theta.tobytes() for theta in thetas), digest_size=DIGEST_BYTES).hexdigest()
    return {"exact": exact, "near": [_near(*pair) for pair in zip(states, thetas, strict=True)]}


def _near(state: State, theta: Array) -> list[float]:
    weighted = float(np.cos(np.arange(theta.size)).dot(theta))
    return [float(f"{value:.{NEAR_DIGITS}g}") for value in (state.loss, weighted)]
