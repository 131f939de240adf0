"""Making the steps of a plan without recording them: the first step, the steps of a replay, a step by hand."""

import numpy as np
from numpy.typing import NDArray

from app.engine.objective import Objective
from app.engine.optimizers.optimizer import BoundStep
from app.engine.plan import ByHand, Plan
from app.engine.state import State

Array = NDArray[np.float64]


class NotFiniteError(ValueError):
    """The loss at the point asked for, or its gradient, is not finite."""


def starting_state(objective: Objective, theta: Array) -> State:
    """Step 0 at θ (P,); NotFiniteError where loss or gradient are not finite there."""
    state = State(theta.copy(), np.empty_like(theta), np.zeros((0, len(theta))))
    with np.errstate(all="ignore"):
        state.arrive(objective.bind(state.theta, state.gradient)(), None)
    if not (np.isfinite(state.loss) and np.isfinite(state.gradient).all()):
        raise NotFiniteError
    return state


def bind_step(objective: Objective, plan: Plan, state: State) -> BoundStep:
    """The step of the settings in force; another kind of optimizer starts with fresh memory."""
    settings = plan.settings_at(state.step)
    if state.kind != settings.optimizer.kind:
        state.forget(settings.optimizer.kind, settings.optimizer.memory_rows(len(state.theta)))
    return settings.optimizer.bind(objective, state, settings, plan.seed)


def repeat(bound: BoundStep, state: State, steps: int) -> None:
    """Make steps that are known to stay finite, and count them."""
    for _ in range(steps):
        previous = state.loss
        loss = bound.step()
        state.arrive(loss, previous if bound.whole else state.batch_loss)
    count(bound, state, steps)


def count(bound: BoundStep, state: State, steps: int) -> None:
    """Note the cost of steps that do not count by themselves: each saw all the data once."""
    if bound.cost is not None:
        state.evaluations.add(bound.cost, steps)
        state.epoch += steps


def set_by_hand(objective: Objective, state: State, by_hand: ByHand) -> None:
    """The step from here to where the parameters were set, with fresh memory."""
    state.theta[by_hand.places] = by_hand.values
    loss = objective.bind(state.theta, state.gradient)()
    state.step += 1
    state.arrive(loss, None)
    state.forget("", 0)


def replay(objective: Objective, plan: Plan, state: State, goal: int) -> None:
    """Take the state on to step `goal`, which its run is known to have reached."""
    with np.errstate(all="ignore"):
        while state.step < goal:
            by_hand = plan.by_hand_at(state.step)
            if by_hand is not None:
                set_by_hand(objective, state, by_hand)
            else:
                repeat(bind_step(objective, plan, state), state, plan.segment_end(state.step, goal) - state.step)
