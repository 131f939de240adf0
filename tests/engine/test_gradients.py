from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.gradients import GRADIENTS
from app.engine.models import two_layer
from app.engine.objective import Objective
from app.engine.penalty import Penalty
from app.engine.state import Evaluations
from tests.engine.bowl import Bowl
from tests.engine.setting import random_start, some_data

Array = NDArray[np.float64]

X, Y = some_data(2, 20)
MODEL = two_layer(X, Y, 3, "sigmoid")


def estimated(
    kind: str, objective: Objective, theta: Array, batch: NDArray[np.intp] | None = None
) -> tuple[float, Array, Evaluations]:
    g, counted = np.full_like(theta, np.nan), Evaluations()
    loss = GRADIENTS[kind].bind(objective, theta, g, counted)(batch)
    return loss, g, counted


@pytest.mark.parametrize("batch", [None, np.array([4, 17, 2])])
@pytest.mark.parametrize(("kind", "tolerance"), [("forward_difference", 1e-6), ("central_difference", 1e-9)])
def test_differences_come_as_near_to_backpropagation_as_their_order_says(
    kind: str, tolerance: float, batch: NDArray[np.intp] | None
) -> None:
    theta = random_start(MODEL)
    loss, g, _ = estimated("backprop", MODEL, theta, batch)
    other_loss, other_g, _ = estimated(kind, MODEL, theta, batch)
    assert other_loss == loss
    error = np.abs(other_g - g).max()
    assert 0.0 < error < tolerance


@pytest.mark.parametrize("objective", [MODEL, replace(MODEL, penalty=Penalty(l1=0.1, l2=0.2)), Bowl((1.0,) * 13)])
def test_a_loss_alone_is_the_loss_beside_a_gradient_to_the_last_bit(objective: Objective) -> None:
    theta, g, batch = random_start(MODEL), np.empty(13), np.array([4, 17, 2])
    assert objective.bind(theta, None)() == objective.bind(theta, g)()
    assert objective.bind_batch(theta, None, 3)(batch) == objective.bind_batch(theta, g, 3)(batch)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_step_of_a_difference_grows_with_the_parameter(scale: float) -> None:
    theta = scale * np.array([1.0, -2.0, 0.5])
    expected = np.array([1.0, 4.0, 9.0]) * theta
    for kind, tolerance in (("forward_difference", 1e-6), ("central_difference", 1e-8)):
        g = estimated(kind, Bowl((1.0, 4.0, 9.0)), theta)[1]
        np.testing.assert_allclose(g, expected, atol=tolerance * max(1.0, scale))


@pytest.mark.parametrize("kind", GRADIENTS)
def test_the_parameters_are_left_as_they_were_to_the_last_bit(kind: str) -> None:
    theta = random_start(MODEL) * 30.0
    before = theta.copy()
    estimated(kind, MODEL, theta)
    assert np.array_equal(theta, before)


@pytest.mark.parametrize("kind", GRADIENTS)
@pytest.mark.parametrize("batch", [None, np.array([4, 17, 2])])
def test_what_a_gradient_costs_is_what_is_counted(kind: str, batch: NDArray[np.intp] | None) -> None:
    counted = estimated(kind, MODEL, random_start(MODEL), batch)[2]
    losses, gradients = GRADIENTS[kind].evaluations(13)
    assert (losses, gradients) == {
        "backprop": (0, 1),
        "forward_difference": (14, 0),
        "central_difference": (26, 0),
    }[kind]
    seen = 20 if batch is None else 3
    assert counted == Evaluations(losses, gradients, seen * (losses + gradients))


@pytest.mark.parametrize("kind", GRADIENTS)
def test_every_way_to_a_gradient_has_a_formula_and_a_reference(kind: str) -> None:
    assert GRADIENTS[kind].kind == kind
    assert GRADIENTS[kind].formula
    assert GRADIENTS[kind].reference
