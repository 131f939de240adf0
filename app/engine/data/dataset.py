"""What every data set gives: a table of numbers with examples in columns, and the names that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from app.engine.fields import LOG, Seed

Array = NDArray[np.float64]
Task = Literal["regression", "classification", "any"]

MAX_EXAMPLES = 100_000
MAX_FEATURES = 100
MAX_OUTPUTS = 10
MAX_CLASSES = 20
MAX_NAME = 80  # characters of a column's or class's name
MAX_MAGNITUDE = 1e100  # of a value: its square, summed over all examples, is still finite

Samples = Annotated[int, Ge(2), Le(MAX_EXAMPLES), LOG]
Noise = Annotated[float, Ge(0), Le(1000)]
TestFraction = Annotated[float, Ge(0), Le(0.9)]


@dataclass(frozen=True, eq=False)
class Table:
    """`X` (n, m) features × examples, `Y` (outputs, m) targets; class labels are whole numbers in a Y of one row.

    `classes` names the classes where the targets are labels; `truth` says what generated the data, where that is
    known: `{"w": 2.0, "b": -1.0}` for a line, `w` a list for a plane; `{"formula", "x", "y"}` for a curve and
    `{"formula", "x", "y", "z"}` for a surface, in LaTeX and ready to be drawn (a row of `z` for each `y`);
    `{"centers"}` for blobs. All of it is JSON. The arrays are read-only from here on: a table may be shared.
    """

    X: Array
    Y: Array
    x_names: tuple[str, ...]
    y_names: tuple[str, ...]
    classes: tuple[str, ...] | None = None
    truth: Mapping[str, Any] | None = field(default=None)

    def __post_init__(self) -> None:
        self.X.setflags(write=False)
        self.Y.setflags(write=False)


class Dataset(Protocol):
    """A registered kind of data set; `table` computes it from its fields alone."""

    @property
    def kind(self) -> str: ...

    @property
    def seed(self) -> int: ...

    @property
    def test_fraction(self) -> float: ...

    @property
    def standardize(self) -> bool: ...

    def table(self) -> Table: ...


@dataclass(frozen=True, kw_only=True)
class DatasetFields:
    """What all kinds share: how the table is split and scaled (`prepare`), and what the catalogue says of the kind.

    `seed` draws the data where they are drawn, and the split always. `feature_count` is None where the fields or the
    data decide; `wants_standardize` marks data on which plain gradient descent needs a learning rate below 0.005.
    """

    kind: str
    seed: Seed = 0
    test_fraction: TestFraction = 0.0
    standardize: bool = False
    task: ClassVar[Task]
    feature_count: ClassVar[int | None] = None
    wants_standardize: ClassVar[bool] = False
    formula: ClassVar[str]
    reference: ClassVar[str]


def numbered(letter: str, count: int) -> tuple[str, ...]:
    """Names for columns without one: `x`, or `x1`, `x2`, … where there are several.

    >>> numbered("x", 1), numbered("x", 2)
    (('x',), ('x1', 'x2'))
    """
    return (letter,) if count == 1 else tuple(f"{letter}{number}" for number in range(1, count + 1))
