"""A quantity of the derivation: what it is called, what it holds, what it was made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Part = Literal["forward", "backward", "update"]


@dataclass(frozen=True)
class Name:
    """`id` for machines, `symbol` in plain characters, `latex` for the page."""

    id: str
    symbol: str
    latex: str

    def of(self, whose: "Name") -> "Name":
        """The part of this that belongs to a parameter: m[W1], "m(W₁)", m_{W_{1}}."""
        return Name(f"{self.id}[{whose.id}]", f"{self.symbol}({whose.symbol})", f"{{{self.latex}}}_{{{whose.latex}}}")

    @property
    def linked(self) -> str:
        """The symbol as a part of an equation that says which quantity it is."""
        return marked(self.id, self.latex)


def marked(id_: str, latex: str) -> str:
    r"""LaTeX that becomes MathML of the class q-<id>.

    >>> print(marked("W1", "W_{1}"))
    \class{q-W1}{W_{1}}
    """
    return rf"\class{{q-{id_}}}{{{latex}}}"


@dataclass(frozen=True, eq=False)
class Quantity:
    """`values` have the shape the equations give them, () for a number; `made_of` are ids that come before it.

    `part` is the pass it belongs to, `layer` counts from 0 for the data (None: of no layer), `rule` is the right-hand
    side of its equation ("": it is given, or there is none to write down).
    """

    name: Name
    part: Part
    layer: int | None
    values: Array
    made_of: tuple[str, ...] = ()
    rule: str = ""

    @property
    def equation(self) -> str:
        """LaTeX with every symbol marked; the symbol alone where there is no rule."""
        return f"{self.name.linked} = {self.rule}" if self.rule else self.name.linked

    @property
    def id(self) -> str:
        return self.name.id

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape


def quantity(
    name: Name, part: Part, layer: int | None, values: Array | float, made_of: Iterable[Name] = (), rule: str = ""
) -> Quantity:
    """A quantity with a copy of the values, and the ids of what it was made of."""
    return Quantity(name, part, layer, np.array(values, dtype=np.float64), tuple(other.id for other in made_of), rule)


_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def numbered(id_: str, symbol: str, latex: str, number: int) -> Name:
    """A letter with an index: Z2, "Z₂", Z_{2}.

    >>> numbered("Z", "Z", "Z", 2)
    Name(id='Z2', symbol='Z₂', latex='Z_{2}')
    """
    return Name(f"{id_}{number}", f"{symbol}{str(number).translate(_BELOW)}", f"{latex}_{{{number}}}")


def parameter_name(name: str) -> Name:
    """What the clients' name of an array looks like in an equation.

    >>> parameter_name("W1").latex, parameter_name("w").symbol
    ('W_{1}', 'w')
    """
    letter, number = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    return numbered(letter, letter, letter, int(number)) if number else Name(name, name, name)


def slope_of(whose: Name) -> Name:
    """∂L/∂W."""
    return Name(f"d{whose.id}", f"∂L/∂{whose.symbol}", rf"\frac{{\partial \mathcal{{L}}}}{{\partial {whose.latex}}}")


PREDICTION = Name("prediction", "ŷ", r"\hat{y}")
TARGET = Name("target", "y", "y")
RESIDUAL = Name("residual", "ŷ − y", r"\hat{y} - y")
LOSS = Name("loss", "L", r"\mathcal{L}")
RATE = Name("learning_rate", "η", r"\eta")
