"""The two texts' ways to write the same pass: with the bias folded into W̄ and X̄, or apart."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.anatomy.quantity import Name, numbered, parameter_name
from app.engine.layout import Layout, Parameter
from app.engine.model import Model
from app.engine.network import Network

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Block:
    """An array of parameters: its name, the layer it feeds (None: no network), its elements' places in θ."""

    name: Name
    layer: int | None
    places: Places


class Notation(Protocol):
    """What the arrays of a network are called; layers count from 0 for the data to L for the output."""

    folded: bool

    def inputs(self, layer: int) -> Name:
        """What layer + 1 multiplies."""
        ...

    def sums(self, layer: int) -> Name:
        """Z."""
        ...

    def slope(self, layer: int) -> Name:
        """f′(Z)."""
        ...

    def psi(self, layer: int) -> Name:
        """∂L/∂Z."""
        ...

    def blocks(self, layer: int) -> list[Block]:
        """The parameters that lead to a layer, from 1."""
        ...


class Folded:
    """The first text: Z_{l+1} = W̄_l X̄_l, Ψ_l = (W_lᵀ Ψ_{l+1}) ⊙ f′(Z_l)."""

    folded = True

    def __init__(self, model: Model) -> None:
        self.network = model.network

    def inputs(self, layer: int) -> Name:
        return numbered("X_bar", "X̄", r"\bar{X}", layer)

    def sums(self, layer: int) -> Name:
        return numbered("Z", "Z", "Z", layer)

    def slope(self, layer: int) -> Name:
        return _slope(self.network, layer, self.sums(layer))

    def psi(self, layer: int) -> Name:
        return numbered("psi", "Ψ", r"\Psi", layer)

    def blocks(self, layer: int) -> list[Block]:
        return [Block(numbered("W_bar", "W̄", r"\bar{W}", layer - 1), layer, self._places[layer - 1])]

    @cached_property
    def _places(self) -> list[Places]:
        numbers = self.network.matrices(np.arange(float(self.network.size)))
        return [matrix.astype(np.intp) for matrix in numbers]


class Apart:
    """The second text: Z = W₁X + b₁, ŷ = w₂A + b₂, and δ for what goes back; layers are numbered only from three on."""

    folded = False

    def __init__(self, model: Model) -> None:
        self.network, self.layout, self.last = model.network, model.layout, len(model.network.shapes)
        self.plain = model.network.activation == "identity"
        self.plain_output = model.network.output_activation == "identity"
        self.numbers = self.last > 2

    def inputs(self, layer: int) -> Name:
        if layer == 0:
            name = "x" if self.layout.names == ("w", "b") and self.layout.size == 2 else "X"
            return Name("X", name, name)
        return self.sums(layer) if self.plain else self._indexed("A", "A", "A", layer)

    def sums(self, layer: int) -> Name:
        return self._indexed("Z", "Z", "Z", layer) if layer < self.last else Name("Z_out", "Zₒ", r"Z_{\text{out}}")

    def slope(self, layer: int) -> Name:
        return _slope(self.network, layer, self.sums(layer))

    def psi(self, layer: int) -> Name:
        if layer == self.last and self.plain_output:
            return Name("delta_out", "∂L/∂ŷ", r"\frac{\partial \mathcal{L}}{\partial \hat{y}}")
        if layer == self.last:
            return Name("delta_out", "δₒ", r"\delta_{\text{out}}")
        return self._indexed("delta", "δ", r"\delta", layer)

    def blocks(self, layer: int) -> list[Block]:
        return [_block(parameter, layer) for parameter in self.layout.parameters[2 * layer - 2 : 2 * layer]]

    def _indexed(self, id_: str, symbol: str, latex: str, layer: int) -> Name:
        return numbered(id_, symbol, latex, layer) if self.numbers else Name(id_, symbol, latex)


def plain_blocks(layout: Layout) -> list[Block]:
    """The parameters of an objective without layers."""
    return [_block(parameter, None) for parameter in layout.parameters]


def _block(parameter: Parameter, layer: int | None) -> Block:
    places = np.asarray(parameter.places, dtype=np.intp).reshape(parameter.shape)
    return Block(parameter_name(parameter.name), layer, places)


OUTPUTS = {"sigmoid": ("σ", r"\sigma"), "softmax": ("softmax", r"\operatorname{softmax}")}
"""Activations of the output layer that have a name of their own, in plain characters and LaTeX."""


def function_name(network: Network, layer: int) -> tuple[str, str]:
    """What the activation of a layer is called: f, and at the output g where it is another than the hidden layers'."""
    if layer < len(network.shapes):
        return "f", "f"
    is_another = len(network.shapes) > 1 and network.output_activation != network.activation
    return OUTPUTS.get(network.output_activation, ("g", "g") if is_another else ("f", "f"))


def _slope(network: Network, layer: int, sums: Name) -> Name:
    f, latex = function_name(network, layer)
    return Name(f"slope_{sums.id}", f"{f}′({sums.symbol})", f"{latex}'({sums.latex})")
