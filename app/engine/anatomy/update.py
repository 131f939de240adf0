"""What the optimizer makes of the gradient: its memory, its scaling, and how far each parameter goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.anatomy import equations
from app.engine.anatomy.notation import Block
from app.engine.anatomy.quantity import LOSS, RATE, Name, Quantity, quantity, slope_of
from app.engine.optimizers.optimizer import Settings
from app.engine.stability import STABILITY
from app.engine.state import State

Array = NDArray[np.float64]
Lines = Mapping[str, str]

RECIPES: Mapping[str, tuple[str, Lines]] = {
    "momentum": ("v", {"v": "v- g", "Δ": "v η"}),
    "nesterov": ("v", {"v": "v- g", "Δ": "g v η"}),
    "adagrad": ("s", {"s": "s- g", "P": "s", "Δ": "g P η"}),
    "rmsprop": ("s", {"s": "s- g", "P": "s", "Δ": "g P η"}),
    "adadelta": ("s u", {"s": "s- g", "P": "s u-", "Δ": "g P η", "u": "u- Δ η"}),
    "adam": ("m v", {"m": "m- g", "v": "v- g", "P": "v", "Δ": "m P η"}),
    "amsgrad": ("m v x", {"m": "m- g", "v": "v- g", "x": "x- v", "P": "x", "Δ": "m P η"}),
    "adamax": ("m u", {"m": "m- g", "u": "u- g", "P": "u", "Δ": "m P η"}),
    "nadam": ("m v Π", {"m": "m- g", "v": "v- g", "Π": "Π-", "Δ": "g m v Π η"}),
    "radam": ("m v", {"m": "m- g", "v": "v- g", "P": "v", "Δ": "m P η"}),
    "adamw": ("m v", {"m": "m- g", "v": "v- g", "P": "v", "Δ": "θ m P η"}),
    "backtracking": ("α", {"α": "α- g L η", "Δ": "g α"}),
    "conjugate_gradient": ("q p", {"p": "p- q- g", "Δ": "p L", "q": "g"}),
    "random_search": ("c", {"Δ": "c- L"}),
}
"""For each kind the rows of its memory, and what is made of what, in this order; a letter with − is that before.

g is the gradient, P the diagonal by which an adaptive method divides, q the gradient of the step before, c the start,
Δ the change of θ. Methods without a line here remember matrices, or nothing.
"""

LETTERS = {
    "P": Name("scaling", "P", "P"),
    "Π": Name("product", "Π", r"\Pi"),
    "α": Name("length", "α", r"\alpha"),
    "p": Name("direction", "p", "p"),
    "q": Name("last_gradient", "g₋", "g_{-}"),
    "c": Name("start", "θ₀", r"\theta_0"),
}
"""The others are called by their letter."""


@dataclass(frozen=True, eq=False)
class Change:
    """A step from one state to the next under some settings; `uses_gradient` says whether it asked for one."""

    settings: Settings
    before: State
    after: State
    uses_gradient: bool

    @property
    def has_rate(self) -> bool:
        return hasattr(self.settings.optimizer, "learning_rate")

    @property
    def is_plain(self) -> bool:
        return self.settings.optimizer.kind == "gradient_descent"

    @property
    def rows(self) -> list[str]:
        return RECIPES.get(self.settings.optimizer.kind, ("", {}))[0].split()

    @property
    def lines(self) -> Lines:
        plain = f"{'g' if self.uses_gradient else 'L'}{' η' if self.has_rate else ''}"
        return RECIPES.get(self.settings.optimizer.kind, ("", {"Δ": plain}))[1]

    def values(self, letter: str) -> Array:
        """(P,) values of a memory row, before or after, or of P."""
        if letter == "P":
            return self._scaling()
        state = self.before if letter.endswith("-") else self.after
        return np.asarray(state.memory[self.rows.index(letter.rstrip("-"))])

    def _scaling(self) -> Array:
        scaling, memory = STABILITY[self.settings.optimizer.kind].scaling, self.after.memory
        assert scaling is not None  # only methods that have one have a line for it
        if self.settings.optimizer.kind == "adadelta":
            memory = np.stack([memory[0], self.before.memory[1]])  # its step divides by the u before
        return scaling(self.settings.optimizer, memory, self.after.t)


def update(blocks: Sequence[Block], change: Change) -> Iterator[Quantity]:
    """η, then for each array of parameters the memory before and after, P, Δ, and where it is then."""
    if change.has_rate:
        yield quantity(RATE, "update", None, change.settings.rate(change.before.step))
    for block in blocks:
        for row in change.rows:
            yield quantity(_name(f"{row}-", block), "update", block.layer, change.values(f"{row}-")[block.places])
        for letter, made_of in change.lines.items():
            names = [_name(other, block) for other in made_of.split()]
            if letter == "Δ":
                rule = equations.plain_step(slope_of(block.name)) if change.is_plain else ""
                yield from _moved(block, change.before.theta, change.after.theta, names, rule)
            else:
                yield quantity(_name(letter, block), "update", block.layer, change.values(letter)[block.places], names)


def moves(blocks: Sequence[Block], before: Array, after: Array) -> Iterator[Quantity]:
    """How far parameters set by hand go, and where they are then; θ before and after are (P,)."""
    for block in blocks:
        yield from _moved(block, before, after, [])


def _moved(block: Block, before: Array, after: Array, made_of: Sequence[Name], rule: str = "") -> Iterator[Quantity]:
    delta, whose = _name("Δ", block), block.name
    there = Name(f"next[{whose.id}]", f"{whose.symbol}′", f"{{{whose.latex}}}'")
    yield quantity(delta, "update", block.layer, after[block.places] - before[block.places], made_of, rule)
    yield quantity(there, "update", block.layer, after[block.places], [whose, delta], equations.moved(whose, delta))


def _name(letter: str, block: Block) -> Name:
    """What a letter of the recipes stands for, for one array of parameters."""
    whose = block.name
    fixed = {
        "g": slope_of(whose),
        "η": RATE,
        "L": LOSS,
        "θ": whose,
        "Δ": Name(f"change[{whose.id}]", f"Δ{whose.symbol}", rf"\Delta {whose.latex}"),
    }
    if letter in fixed:
        return fixed[letter]
    row = letter.rstrip("-")
    name = LETTERS.get(row, Name(row, row, row))
    if letter.endswith("-"):
        name = Name(f"{name.id}_before", f"{name.symbol} before", rf"{name.latex}^{{\text{{before}}}}")
    return name.of(whose)
