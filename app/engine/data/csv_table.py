"""From named columns of text to a table: which columns are features, which is the target, and numbers or classes."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from app.engine.data.cells import decimal_mark, is_number, parsed
from app.engine.data.csv_columns import CsvColumns
from app.engine.data.dataset import MAX_CLASSES, MAX_FEATURES, MAX_MAGNITUDE, Array, Table
from app.engine.data.names import tidy
from app.engine.data.problems import MOST_PROBLEMS, DataError, Problem, shown


def choose(columns: CsvColumns, *, x: Sequence[str] = (), y: str | None = None) -> Table:
    """The table of the features `x` and the target `y`, each a column's name or its number, counted from 1.

    Without `y` the last column is the target; without `x` all others that hold any number are features. A target
    without any number holds class names: 2–20 of them, numbered in sorted order. DataError for what does not fit.
    """
    target = len(columns.names) - 1 if y is None else _index(columns, y)
    features = [_index(columns, name) for name in x] if x else _numeric(columns, but=target)
    _check_choice(columns, features, target)
    mark = decimal_mark((columns.cells[index] for index in (*features, target)), columns.delimiter)
    classes = _classes(columns, target)
    chosen = features if classes else [*features, target]
    numbers = np.array([parsed(columns.cells[index], mark) for index in chosen])
    _check_numbers(columns, chosen, numbers, mark)
    X, Y = numbers[: len(features)], numbers[len(features) :]
    if classes:
        Y = _labels(columns.cells[target], classes)
    names = tuple(columns.names[index] for index in features)
    return Table(X, Y, names, (columns.names[target],), classes)


def _index(columns: CsvColumns, name: str) -> int:
    """Where a column stands; a name comes before a number."""
    if tidy(name) in columns.names:
        return columns.names.index(tidy(name))
    if name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= len(columns.names):
        return int(name[:9]) - 1
    raise DataError(Problem("data.unknown_column", {"column": shown(name), "columns": len(columns.names)}))


def _numeric(columns: CsvColumns, but: int) -> list[int]:
    """The columns with any number in them, as text beside the numbers is only a name of the example."""
    return [index for index, cells in enumerate(columns.cells) if index != but and any(map(is_number, cells))]


def _check_choice(columns: CsvColumns, features: list[int], target: int) -> None:
    chosen = [*features, target]
    twice = next((index for place, index in enumerate(chosen) if index in chosen[:place]), None)
    if twice is not None:
        raise DataError(Problem("data.column_twice", {"column": shown(columns.names[twice])}))
    if not features:
        raise DataError(Problem("data.no_features"))
    if len(features) > MAX_FEATURES:
        raise DataError(Problem("data.too_many_features", {"features": len(features), "limit": MAX_FEATURES}))


def _classes(columns: CsvColumns, target: int) -> tuple[str, ...] | None:
    """The class names in the target column; None where there is any number in it, or nothing at all."""
    cells, name = columns.cells[target], columns.names[target]
    if any(map(is_number, cells)) or not any(cells):
        return None
    empty = (number for number, cell in zip(columns.rows, cells, strict=True) if not cell)
    problems = [_cell("data.cell_empty", number, name) for number in islice(empty, MOST_PROBLEMS)]
    if problems:
        raise DataError(*problems)
    classes = tuple(sorted(set(map(tidy, cells))))
    if not 2 <= len(classes) <= MAX_CLASSES:
        raise DataError(
            Problem(
                "data.classes_out_of_bounds", {"column": shown(name), "classes": len(classes), "limit": MAX_CLASSES}
            )
        )
    return classes


def _labels(cells: Sequence[str], classes: tuple[str, ...]) -> Array:
    label = {name: float(number) for number, name in enumerate(classes)}
    return np.array([[label[tidy(cell)] for cell in cells]])


def _check_numbers(columns: CsvColumns, chosen: list[int], numbers: Array, mark: str) -> None:
    """DataError for the first cells that are no numbers, row by row as one reads."""
    wrong = np.argwhere(np.isnan(numbers.T))[:MOST_PROBLEMS]
    if wrong.size:
        raise DataError(*(_wrong_cell(columns, row, chosen[place], mark) for row, place in wrong.tolist()))


def _wrong_cell(columns: CsvColumns, row: int, column: int, mark: str) -> Problem:
    cell, name, number = columns.cells[column][row], columns.names[column], columns.rows[row]
    if not cell:
        return _cell("data.cell_empty", number, name)
    if is_number(cell, mark):
        return _cell("data.cell_too_large", number, name, cell=shown(cell), limit=MAX_MAGNITUDE)
    if is_number(cell):
        return _cell("data.cell_decimal_mark", number, name, cell=shown(cell), mark=mark)
    return _cell("data.cell_not_a_number", number, name, cell=shown(cell))


def _cell(key: str, row: int, column: str, **values: str | float) -> Problem:
    return Problem(key, {"row": row, "column": shown(column), **values})
