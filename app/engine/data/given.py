"""Data that a client brings: in the recipe (`inline`), or as a table sent before and named by its id (`uploaded`)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Len

from app.engine.data.dataset import MAX_CLASSES, MAX_FEATURES, MAX_OUTPUTS, Array, DatasetFields, Table, Task, numbered
from app.engine.data.names import check_names
from app.engine.data.packing import ID_LENGTH
from app.engine.data.problems import MOST_PROBLEMS, DataError, Problem, shown
from app.engine.data.rows import Rows, Targets

Names = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Inline(DatasetFields):
    """Numbers within the recipe: `X` a list per feature, `y` a list of targets, or several of them.

    At most 100 features, 10 outputs, 100,000 examples, values between ±1e100. With `classes` (2–20 names) the targets
    are labels 0 … C−1. DataError, a ValueError, says what is wrong and where.
    """

    kind: Literal["inline"] = "inline"
    X: Rows
    y: Targets
    x_names: Annotated[Names, Len(1, MAX_FEATURES)] | None = None
    y_names: Annotated[Names, Len(1, MAX_OUTPUTS)] | None = None
    classes: Annotated[Names, Len(2, MAX_CLASSES)] | None = None
    task: ClassVar[Task] = "any"
    formula: ClassVar[str] = r"(x_i, y_i), \quad i = 1, \dots, m"
    reference: ClassVar[str] = "Your own numbers"

    def __post_init__(self) -> None:
        X, Y = self.X.array(), self.y.array()
        if X.shape[1] != Y.shape[1]:
            values = {"examples": Y.shape[1], "expected": X.shape[1]}
            raise DataError(Problem("data.lengths_differ", values, ("y",)))
        check_names(self._x_names, len(X), "x_names")
        check_names(self._y_names, len(Y), "y_names")
        if self.classes is not None:
            check_names(self.classes, len(self.classes), "classes")
            _check_labels(Y, len(self.classes))

    def table(self) -> Table:
        return Table(self.X.array(), self.y.array(), self._x_names, self._y_names, self.classes)

    @property
    def _x_names(self) -> Names:
        return self.x_names or numbered("x", len(self.X.array()))

    @property
    def _y_names(self) -> Names:
        return self.y_names or numbered("y", len(self.y.array()))


@dataclass(frozen=True, kw_only=True)
class Uploaded(DatasetFields):
    """A table that was sent before, by its id (`table_id`); whoever holds the tables looks it up: see `table_of`."""

    kind: Literal["uploaded"] = "uploaded"
    id: Annotated[str, Len(ID_LENGTH, ID_LENGTH)]
    task: ClassVar[Task] = "any"
    formula: ClassVar[str] = r"(x_i, y_i), \quad i = 1, \dots, m"
    reference: ClassVar[str] = "Your own numbers"


def _check_labels(Y: Array, count: int) -> None:
    if len(Y) != 1:
        raise DataError(Problem("data.labels_in_several_rows", {"rows": len(Y)}, ("y",)))
    wrong = np.flatnonzero((Y[0] < 0) | (Y[0] >= count) | (Y[0] != np.floor(Y[0])))
    problems = (
        Problem("data.not_a_label", {"value": shown(float(Y[0, index])), "largest": count - 1}, ("y", int(index)))
        for index in wrong[:MOST_PROBLEMS]
    )
    if wrong.size:
        raise DataError(*problems)
