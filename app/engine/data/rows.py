"""Numbers a client sent, row by row, checked and packed: 8 bytes each, where a list of Python floats takes 32."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, Self, TypeGuard

import numpy as np

from app.engine.data.dataset import MAX_EXAMPLES, MAX_FEATURES, MAX_MAGNITUDE, MAX_OUTPUTS, Array
from app.engine.data.problems import MOST_PROBLEMS, DataError, Problem, shown

JsonSchema = dict[str, Any]
Row = Sequence[Any]
Path = tuple[int, ...]


@dataclass(frozen=True)
class Rows:
    """Equally long rows of finite numbers, a row a feature; compares and hashes by value. Made by `Rows.of`.

    The two methods with long names are read by pydantic where there is one; nothing here imports it.

    >>> Rows.of([[1, 2.5], [3, 4]]).lists()
    [[1.0, 2.5], [3.0, 4.0]]
    """

    width: int
    packed: bytes
    most: ClassVar[int] = MAX_FEATURES
    otherwise: ClassVar[str] = "data.not_a_list_per_feature"

    @classmethod
    def of(cls, value: object) -> Self:
        """The rows in a list of lists of numbers; DataError for anything else, with the path to it."""
        if isinstance(value, cls):
            return value
        rows = cls._rows(value)
        if len(rows) > cls.most:
            raise DataError(Problem("data.too_many_rows", {"rows": len(rows), "limit": cls.most}))
        width = len(rows[0][1])
        for path, row in rows:
            _check_length(row, width, path)
        return cls(width, b"".join(_packed(row, path) for path, row in rows))

    def array(self) -> Array:
        """(rows, width), read-only."""
        return np.frombuffer(self.packed, dtype="<f8").reshape(-1, self.width)

    def lists(self) -> list[Any]:
        """What a client would send."""
        rows: list[Any] = self.array().tolist()
        return rows

    @classmethod
    def _rows(cls, value: object) -> list[tuple[Path, Row]]:
        """The rows, each with the path that leads to it."""
        if not _is_list(value) or not value or not all(map(_is_list, value)):
            raise DataError(Problem(cls.otherwise, {"value": shown(value)}))
        return [((index,), row) for index, row in enumerate(value)]

    @classmethod
    def _schema(cls) -> JsonSchema:
        row = {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": MAX_EXAMPLES}
        return {"type": "array", "items": row, "minItems": 1, "maxItems": cls.most}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> dict[str, Any]:
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": cls.of},
            "serialization": {"type": "function-plain", "function": cls.lists},
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: object, handler: object) -> JsonSchema:
        return cls._schema()


@dataclass(frozen=True)
class Targets(Rows):
    """Rows of targets; a single one may be sent, and is given back, as a flat list.

    >>> Targets.of([1, 2]) == Targets.of([[1, 2]]), Targets.of([[1, 2]]).lists()
    (True, [1.0, 2.0])
    """

    most: ClassVar[int] = MAX_OUTPUTS
    otherwise: ClassVar[str] = "data.not_a_list_of_targets"

    def lists(self) -> list[Any]:
        """What a client would send: flat where there is one output."""
        rows = super().lists()
        return rows[0] if len(rows) == 1 else rows

    @classmethod
    def _rows(cls, value: object) -> list[tuple[Path, Row]]:
        if _is_list(value) and value and not any(map(_is_list, value)):
            return [((), value)]
        return super()._rows(value)

    @classmethod
    def _schema(cls) -> JsonSchema:
        rows = super()._schema()
        return {"anyOf": [rows["items"], rows]}


def _is_list(value: object) -> TypeGuard[Row]:
    return isinstance(value, list | tuple)


def _check_length(row: Row, expected: int, path: Path) -> None:
    if not 1 <= len(row) <= MAX_EXAMPLES:
        raise DataError(Problem("data.examples_out_of_bounds", {"examples": len(row), "limit": MAX_EXAMPLES}, path))
    if len(row) != expected:
        raise DataError(Problem("data.lengths_differ", {"examples": len(row), "expected": expected}, path))


def _packed(row: Row, path: Path) -> bytes:
    """The numbers of one list as little-endian float64; DataError where one is none, with `path` and its index."""
    if set(map(type, row)) <= {int, float}:
        try:
            numbers = np.array(row, dtype="<f8")
        except OverflowError:  # a whole number beyond float64
            numbers = np.array([np.inf])
        if np.all(np.abs(numbers) <= MAX_MAGNITUDE):  # false for NaN as well
            return numbers.tobytes()
    problems = (_problem(value, (*path, index)) for index, value in enumerate(row))
    raise DataError(*islice(filter(None, problems), MOST_PROBLEMS))


def _problem(value: object, path: Path) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Problem("data.not_a_number", {"value": shown(value)}, path)
    if not abs(value) <= MAX_MAGNITUDE:
        return Problem("data.not_finite", {"value": shown(value), "limit": MAX_MAGNITUDE}, path)
    return None
