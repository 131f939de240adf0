"""The forward and the backward pass, layer by layer, in the order of the derivation."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.anatomy import equations
from app.engine.anatomy.notation import Block, Notation
from app.engine.anatomy.quantity import (
    LOSS,
    PREDICTION,
    RESIDUAL,
    TARGET,
    Name,
    Part,
    Quantity,
    quantity,
    slope_of,
)
from app.engine.gradients import Evaluator
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.network import Pass
from app.engine.objective import Indices

Array = NDArray[np.float64]


class Passes:
    """Both passes of a model at θ on a batch (None: all examples), made once, to be looked at."""

    def __init__(self, model: Model, theta: Array, batch: Indices | None) -> None:
        self.model, self.network = model, model.network
        self.theta, self.gradient = theta.copy(), np.empty_like(theta)
        columns = slice(None) if batch is None else batch
        X_bar, Y = np.ascontiguousarray(model.X_bar[:, columns]), np.ascontiguousarray(model.Y[:, columns])
        self.run = Pass(self.network, self.theta, np.empty_like(theta), X_bar, Y)
        self.run.loss_and_gradient()
        # The small models come to both on a shorter way, which may differ in the last bit: these are those of the step.
        self.loss = Evaluator(model, self.theta, self.gradient)(batch)

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return len(self.network.shapes)

    def sums(self, layer: int) -> Array:
        """Z of a layer: the pass itself may have written f(Z) over it."""
        return np.asarray(self.run.W_bar[layer - 1].dot(self.run.X_bar[layer - 1]))

    def activation(self, layer: int) -> str:
        return self.network.output_activation if layer == self.last else self.network.activation

    def slope(self, layer: int) -> Array:
        """f′(Z) of a layer."""
        A, out = self.run.X_bar[layer][: self.network.widths[layer]], np.empty((self.network.widths[layer], self.m))
        ACTIVATIONS[self.activation(layer)].slope(self.sums(layer), A, out)
        return out

    @property
    def m(self) -> int:
        return int(self.run.Y.shape[1])


def forward(passes: Passes, notation: Notation) -> Iterator[Quantity]:
    """X̄, W̄, Z layer by layer, ŷ, y, ŷ − y, L."""
    run, last = passes.run, passes.last
    yield quantity(notation.inputs(0), "forward", 0, _inputs(run, 0, notation.folded))
    for layer in range(1, last + 1):
        blocks = notation.blocks(layer)
        yield from _parameters(blocks, passes.theta)
        through, rule = [notation.inputs(layer - 1), *(block.name for block in blocks)], equations.sums(notation, layer)
        shaped = passes.activation(layer) != "identity"
        if shaped or layer < last:
            yield quantity(notation.sums(layer), "forward", layer, passes.sums(layer), through, rule)
            through = [notation.sums(layer)]
        if layer < last and notation.inputs(layer) != notation.sums(layer):
            A, rule = _inputs(run, layer, notation.folded), equations.activated(notation, layer)
            yield quantity(notation.inputs(layer), "forward", layer, A, through, rule)
        if layer == last:
            rule = equations.prediction(notation, passes.network)
            yield quantity(PREDICTION, "forward", layer, run.prediction, through, rule)
    yield quantity(TARGET, "forward", last, run.Y)
    yield quantity(RESIDUAL, "forward", last, run.prediction - run.Y, [PREDICTION, TARGET])
    yield quantity(LOSS, "forward", None, passes.loss, _loss_from(passes, notation), equations.loss(passes.model))


def backward(passes: Passes, notation: Notation) -> Iterator[Quantity]:
    """Ψ of the output, then for each layer back to the first the gradient and the next Ψ."""
    last = passes.last
    yield from _first_psi(passes, notation)
    for layer in range(last, 0, -1):
        yield from _gradients(passes, notation, layer)
        if layer > 1:
            yield from _psi_below(passes, notation, layer - 1)


def _psi_below(passes: Passes, notation: Notation, layer: int) -> Iterator[Quantity]:
    """Ψ handed on from the layer above: (Wᵀ Ψ) ⊙ f′(Z)."""
    slope, made_of = None, [notation.blocks(layer + 1)[0].name, notation.psi(layer + 1)]
    if passes.activation(layer) != "identity":
        slope = notation.slope(layer)
        yield quantity(slope, "backward", layer, passes.slope(layer), [notation.sums(layer)])
        made_of.append(slope)
    rule = equations.below(notation, layer, slope)
    yield quantity(notation.psi(layer), "backward", layer, passes.run.psi[layer - 1], made_of, rule)


def _inputs(run: Pass, layer: int, folded: bool) -> Array:
    """X̄, or X and A without the row of ones."""
    return run.X_bar[layer] if folded else run.X_bar[layer][: run.network.widths[layer]]


def _parameters(blocks: list[Block], theta: Array) -> Iterator[Quantity]:
    for block in blocks:
        yield quantity(block.name, "forward", block.layer, theta[block.places])


def _loss_from(passes: Passes, notation: Notation) -> list[Name]:
    weights = [notation.blocks(layer)[0].name for layer in range(1, passes.last + 1)] if passes.model.penalty else []
    of_residual = RESIDUAL.latex in LOSSES[passes.network.loss].formula
    return [RESIDUAL if of_residual else PREDICTION, TARGET, *weights]


def _first_psi(passes: Passes, notation: Notation) -> Iterator[Quantity]:
    """∂L/∂Z of the output: ∂L/∂ŷ ⊙ f′(Z), or (ŷ − y)/m where the loss and its activation are taken together."""
    layer, made_of, slope = passes.last, [RESIDUAL], None
    together = passes.network.loss in ("binary_cross_entropy", "softmax_cross_entropy")
    if passes.activation(layer) != "identity" and not together:
        slope = notation.slope(layer)
        yield quantity(slope, "backward", layer, passes.slope(layer), [notation.sums(layer)])
        made_of.append(slope)
    rule = equations.start(passes.network.loss, slope)
    yield quantity(notation.psi(layer), "backward", layer, passes.run.psi[layer - 1], made_of, rule)


def _gradients(passes: Passes, notation: Notation, layer: int) -> Iterator[Quantity]:
    """Ψ X̄ᵀ, or δ Xᵀ and δ 1, with the slope of a penalty."""
    part: Part = "backward"
    rules = equations.gradients(notation, layer, passes.model.penalty)
    for number, block in enumerate(notation.blocks(layer)):
        made_of = [notation.psi(layer)]
        if number == 0:
            made_of.append(notation.inputs(layer - 1))
            made_of += [block.name] if passes.model.penalty else []
        yield quantity(slope_of(block.name), part, layer, passes.gradient[block.places], made_of, rules[number])
