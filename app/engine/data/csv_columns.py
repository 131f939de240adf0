"""From the bytes of a CSV file to named columns of text: encoding, delimiter, header, rows of equal length."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from app.engine.data.cells import is_number
from app.engine.data.dataset import MAX_EXAMPLES
from app.engine.data.names import tidy
from app.engine.data.problems import MOST_PROBLEMS, DataError, Problem, shown

DELIMITERS = ("\t", ";", "|", ",")  # in this order: commas also stand in numbers and text
SNIFFED_ROWS = 20

Row = list[str]


@dataclass(frozen=True)
class CsvLimits:
    """How much a file may hold; the bytes are counted before anything is read."""

    max_bytes: int = 4 * 2**20
    max_rows: int = MAX_EXAMPLES
    max_columns: int = 200


@dataclass(frozen=True)
class CsvColumns:
    """`cells` by column, without blanks around them; `rows` are the numbers a spreadsheet would show beside them."""

    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    delimiter: str
    header: bool


def read_columns(
    content: bytes, *, delimiter: str | None = None, header: bool | None = None, limits: CsvLimits | None = None
) -> CsvColumns:
    """The columns of a file in UTF-8, with or without byte order mark.

    `delimiter` is one of `,` `;` `|` and tab, `header` says whether the first row holds names; None finds out: a first
    row without any number is a header. Blank rows and empty columns at the right are passed over. Columns without a
    name are called `column 3`. DataError says what cannot be read, and in which row.
    """
    limits = limits or CsvLimits()
    text = _decoded(content, limits.max_bytes)
    delimiter = _delimiter(text, delimiter)
    numbered_rows = _rows(text, delimiter, limits)
    numbers, rows = [number for number, _ in numbered_rows], [row for _, row in numbered_rows]
    width = _width(rows)
    _check_widths(numbers, rows, width)
    header = not any(is_number(cell) for cell in rows[0]) if header is None else header
    names = _names(rows[0] if header else [], width)
    first = 1 if header else 0
    if len(rows) == first:
        raise DataError(Problem("data.no_examples"))
    cells = tuple(islice(zip(*rows[first:], strict=False), width))
    return CsvColumns(names, cells, tuple(numbers[first:]), delimiter, header)


def _decoded(content: bytes, max_bytes: int) -> str:
    if len(content) > max_bytes:
        raise DataError(Problem("data.file_too_large", {"bytes": len(content), "limit": max_bytes}))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise DataError(Problem("data.not_utf_8", {"row": row})) from None
    return re.sub("\r\n?", "\n", text)


def _delimiter(text: str, given: str | None) -> str:
    """The given one; else the first that cuts the first rows into equally many cells, or the first row into most."""
    if given is not None and given not in DELIMITERS:
        raise DataError(Problem("data.unknown_delimiter", {"delimiter": shown(given)}))
    if given is not None:
        return given
    counts = {delimiter: _cell_counts(text, delimiter) for delimiter in DELIMITERS}
    even = (delimiter for delimiter in DELIMITERS if len(set(counts[delimiter])) == 1 and counts[delimiter][0] > 1)
    return next(even, max(reversed(DELIMITERS), key=lambda delimiter: counts[delimiter][:1]))


def _cell_counts(text: str, delimiter: str) -> list[int]:
    """The number of cells in each of the first rows; no rows where quotes do not match."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [len(row) for row in islice(filter(None, rows), SNIFFED_ROWS)]
    except csv.Error:
        return []


def _rows(text: str, delimiter: str, limits: CsvLimits) -> list[tuple[int, Row]]:
    """Rows that are not blank, with their numbers; DataError where there is none, or too many."""
    found: list[tuple[int, Row]] = []
    for number, row in _numbered(text, delimiter):
        if not any(row):
            continue
        if len(found) > limits.max_rows:  # one more than rows of numbers: the header
            raise DataError(Problem("data.too_many_examples", {"limit": limits.max_rows}))
        if len(row) > limits.max_columns:
            raise DataError(Problem("data.too_many_columns", {"row": number, "limit": limits.max_columns}))
        found.append((number, row))
    if not found:
        raise DataError(Problem("data.no_examples"))
    return found


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in row]
    except csv.Error:
        raise DataError(Problem("data.quotes_do_not_match", {"row": number + 1})) from None


def _width(rows: list[Row]) -> int:
    """Cells in the first row, less those at the right that are empty in every row."""
    width = len(rows[0])
    while not any(row[width - 1] for row in rows if len(row) >= width):
        width -= 1
    return width


def _check_widths(numbers: list[int], rows: list[Row], width: int) -> None:
    """DataError for rows with fewer cells than the first, or with something in a cell beyond."""
    uneven = (
        Problem("data.row_length", {"row": number, "cells": len(row), "expected": width})
        for number, row in zip(numbers, rows, strict=True)
        if len(row) < width or any(row[width:])
    )
    problems = tuple(islice(uneven, MOST_PROBLEMS))
    if problems:
        raise DataError(*problems)


def _names(header: Row, width: int) -> tuple[str, ...]:
    names = [tidy(name) for name in header[:width]] or [""] * width
    names = [name or f"column {number}" for number, name in enumerate(names, start=1)]
    twice = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if twice is not None:
        raise DataError(Problem("data.column_name_twice", {"column": shown(twice)}))
    return tuple(names)
