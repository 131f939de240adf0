"""The right-hand sides of the passes' equations in LaTeX, every symbol marked with the quantity it stands for."""

import re

from app.engine.activations import ACTIVATIONS
from app.engine.anatomy.notation import Notation, function_name
from app.engine.anatomy.quantity import PREDICTION, RATE, RESIDUAL, TARGET, Name, marked
from app.engine.losses import LOSSES
from app.engine.model import Model
from app.engine.network import Network
from app.engine.penalty import Penalty

STARTS = {
    "mean_squared_error": r"\frac{2}{m} (%s)",
    "mean_absolute_error": r"\frac{1}{m} \operatorname{sign}(%s)",
    "huber": r"\frac{1}{m} h'(%s)",
    "binary_cross_entropy": r"\frac{1}{m} (%s)",
    "softmax_cross_entropy": r"\frac{1}{m} (%s)",
}
"""Where the backward pass starts: ∂L/∂ŷ of the residual, that of a cross-entropy together with its activation."""

OUTPUT_FORMULAS = {
    "sigmoid": r"\sigma(z) = \frac{1}{1 + e^{-z}}",
    "softmax": r"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
}
"""Of the activations that are called by their names there."""

HUBER = (
    r"h(r) = \min\left(\frac{1}{2} r^2, |r| - \frac{1}{2}\right)",
    r"h'(r) = \min\left(1, \max(-1, r)\right)",
)
_SYMBOLS = {r"\hat{y} - y": RESIDUAL, r"\hat{y}": PREDICTION, "y": TARGET}


def sums(notation: Notation, layer: int) -> str:
    """W̄ X̄, or W X + b."""
    weights, *bias = [block.name.linked for block in notation.blocks(layer)]
    return " + ".join([f"{weights} {notation.inputs(layer - 1).linked}", *bias])


def activated(notation: Notation, layer: int) -> str:
    """f(Z), with a row of ones below it where the bias is folded in."""
    f = f"f({notation.sums(layer).linked})"
    return rf"\begin{{bmatrix}} {f} \\ 1 \end{{bmatrix}}" if notation.folded else f


def prediction(notation: Notation, network: Network) -> str:
    """What ŷ is: the sums of the last layer, or an activation of them."""
    last = len(network.shapes)
    if network.output_activation == "identity":
        return sums(notation, last)
    return f"{function_name(network, last)[1]}({notation.sums(last).linked})"


def loss(model: Model) -> str:
    """The formula of the loss, with the penalty where there is one."""
    right = LOSSES[model.network.loss].formula.partition("=")[2].partition(r",\quad")[0]
    linked = re.sub(r"\\hat\{y\} - y|\\hat\{y\}|\by\b", lambda found: _SYMBOLS[found[0]].linked, right)
    return linked.strip() + _penalty(model.penalty, r"l_1 \sum |W|", r"\frac{1}{2} l_2 \sum W^2")


def start(loss: str, slope: Name | None) -> str:
    """Ψ of the output layer."""
    return STARTS[loss] % RESIDUAL.linked + (rf" \odot {slope.linked}" if slope else "")


def below(notation: Notation, layer: int, slope: Name | None) -> str:
    """Ψ of a layer from that of the one above: (Wᵀ Ψ) ⊙ f′(Z), where W is W̄ without its bias."""
    back = rf"{{{_weights(notation, layer + 1)}}}^\intercal {notation.psi(layer + 1).linked}"
    return rf"\left({back}\right) \odot {slope.linked}" if slope else back


def gradients(notation: Notation, layer: int, penalty: Penalty) -> list[str]:
    """Ψ X̄ᵀ; or δ Xᵀ and δ 1. Weights, not biases, pay the penalty."""
    psi, weights = notation.psi(layer).linked, _weights(notation, layer)
    if notation.folded:
        weights = rf"[{weights} \mid 0]"
    paid = _penalty(penalty, rf"l_1 \operatorname{{sign}}({weights})", f"l_2 {weights}")
    return [rf"{psi} {{{notation.inputs(layer - 1).linked}}}^\intercal{paid}", rf"{psi} \vec{{1}}"]


def plain_step(slope: Name) -> str:
    """−ηg."""
    return f"-{RATE.linked} {slope.linked}"


def moved(block: Name, change: Name) -> str:
    """θ + Δθ."""
    return f"{block.linked} + {change.linked}"


def function_loss(parameters: list[Name]) -> str:
    """f(x, y)."""
    return f"f({', '.join(name.linked for name in parameters)})"


def definitions(network: Network) -> tuple[str, ...]:
    """The functions that the equations name, in LaTeX."""
    f, output = network.activation if len(network.shapes) > 1 else "identity", network.output_activation
    shown = [ACTIVATIONS[f].formula] if f != "identity" else []
    if output in OUTPUT_FORMULAS:
        shown += [OUTPUT_FORMULAS[output]] if output != f else []
    elif output not in ("identity", f):
        shown.append(function_name(network, len(network.shapes))[1] + ACTIVATIONS[output].formula.removeprefix("f"))
    return (*shown, *(HUBER if network.loss == "huber" else ()))


def _weights(notation: Notation, layer: int) -> str:
    name = notation.blocks(layer)[0].name
    return marked(name.id, f"W_{{{layer - 1}}}") if notation.folded else name.linked


def _penalty(penalty: Penalty, first: str, second: str) -> str:
    terms = [term for weight, term in ((penalty.l1, first), (penalty.l2, second)) if weight]
    return "".join(f" + {term}" for term in terms)
