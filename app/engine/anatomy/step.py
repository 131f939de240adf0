"""The anatomy of the step that a run takes next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.anatomy import equations
from app.engine.anatomy.notation import Apart, Block, Folded, Notation, plain_blocks
from app.engine.anatomy.passes import Passes, backward, forward
from app.engine.anatomy.quantity import LOSS, Quantity, quantity, slope_of
from app.engine.anatomy.update import Change, moves, update
from app.engine.batches import Batches
from app.engine.gradients import GRADIENTS
from app.engine.model import Model
from app.engine.objective import Indices, Objective
from app.engine.optimizers.optimizer import Settings
from app.engine.plan import Plan
from app.engine.replay import bind_step, set_by_hand
from app.engine.state import Evaluations, State

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Anatomy:
    """`batch` are the indices of the examples the step sees (None: all); each quantity comes after those it is of.

    `definitions` say in LaTeX which functions the equations of the quantities name.
    """

    batch: Indices | None
    quantities: tuple[Quantity, ...]
    definitions: tuple[str, ...] = ()


@np.errstate(all="ignore")
def anatomy(objective: Objective, plan: Plan, state: State, *, folded: bool = True) -> Anatomy:
    """Of the step from `state`, which stays as it is; `folded` writes W̄ and X̄, else weights and biases stand apart.

    The numbers are those of the step itself: it is made on a copy of the state. Where the gradient is estimated by
    differences there is no backward pass; where none is used, or parameters are set by hand, no gradient either.
    Functions without layers have their parameters, the loss and its gradient. A step that leaves the finite numbers,
    which a run does not take, is not shown.
    """
    after, by_hand = state.copy(), plan.by_hand_at(state.step)
    if by_hand is not None:
        set_by_hand(objective, after, by_hand)
        view = _view(objective, state.theta, None, folded)
        return Anatomy(None, (*view.forward(), *moves(view.blocks, state.theta, after.theta)), view.definitions)
    settings, bound = plan.settings_at(state.step), bind_step(objective, plan, after)
    batch, before = _next_batch(objective, plan, settings, state), after.copy()
    bound.step()
    counted = bound.cost.gradient if bound.cost else after.evaluations.gradient - before.evaluations.gradient
    view, differences = _view(objective, state.theta, batch, folded), settings.gradient != "backprop"
    gradient: Iterable[Quantity] = ()
    if differences:
        gradient = _estimated(objective, settings, state.theta, batch, view.blocks)
    elif counted:
        gradient = view.backward()
    changes = [*update(view.blocks, Change(settings, before, after, uses_gradient=differences or counted > 0))]
    finite = all(np.isfinite(change.values).all() for change in changes)
    return Anatomy(batch, (*view.forward(), *gradient, *(changes if finite else ())), view.definitions)


def _next_batch(objective: Objective, plan: Plan, settings: Settings, state: State) -> Indices | None:
    size = settings.batch_size
    whole = size is None or size >= objective.examples
    return None if whole or size is None else Batches(plan.seed, objective.examples).peek(state, size).copy()


def _estimated(
    objective: Objective, settings: Settings, theta: Array, batch: Indices | None, blocks: Iterable[Block]
) -> Iterator[Quantity]:
    """The gradient by differences of the loss."""
    at, g = theta.copy(), np.empty_like(theta)
    GRADIENTS[settings.gradient].bind(objective, at, g, Evaluations())(batch)
    for block in blocks:
        yield quantity(slope_of(block.name), "backward", block.layer, g[block.places], [LOSS, block.name])


class _NetworkView:
    """A model's passes in one of the notations."""

    def __init__(self, model: Model, theta: Array, batch: Indices | None, folded: bool) -> None:
        self.passes = Passes(model, theta, batch)
        self.notation: Notation = Folded(model) if folded else Apart(model)
        self.definitions = equations.definitions(model.network)
        self.blocks = [block for layer in range(1, self.passes.last + 1) for block in self.notation.blocks(layer)]

    def forward(self) -> Iterator[Quantity]:
        return forward(self.passes, self.notation)

    def backward(self) -> Iterator[Quantity]:
        return backward(self.passes, self.notation)


class _FunctionView:
    """Parameters, loss and gradient of an objective without layers."""

    definitions: tuple[str, ...] = ()

    def __init__(self, objective: Objective, theta: Array) -> None:
        self.blocks, self.theta, self.gradient = plain_blocks(objective.layout), theta.copy(), np.empty_like(theta)
        self.loss = objective.bind(self.theta, self.gradient)()

    def forward(self) -> Iterator[Quantity]:
        for block in self.blocks:
            yield quantity(block.name, "forward", None, self.theta[block.places])
        names = [block.name for block in self.blocks]
        yield quantity(LOSS, "forward", None, self.loss, names, equations.function_loss(names))

    def backward(self) -> Iterator[Quantity]:
        names = [block.name for block in self.blocks]
        for block in self.blocks:
            yield quantity(slope_of(block.name), "backward", None, self.gradient[block.places], names)


def _view(objective: Objective, theta: Array, batch: Indices | None, folded: bool) -> _NetworkView | _FunctionView:
    if isinstance(objective, Model):
        return _NetworkView(objective, theta, batch, folded)
    return _FunctionView(objective, theta)
