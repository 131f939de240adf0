"""From the bytes of a CSV file to named columns of text: encoding, delimiter, header, rows of equal length."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from app.engine.data.cells import is_number
from app.engine.data.dataset import MAX_EXAMPLES
from app.engine.data.names import tidy
from app.engine.data.problems import MOST_PROBLEMS, DataError, Problem, shown

DELIMITERS = ("\t", ";", "|", ",")  # in this order: commas also stand in numbers and text
SNIFFED_ROWS = 20

Row = list[str]
NumberedRow = tuple[int, Row]


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
    rows = _rows(text, delimiter, limits)
    header = not any(map(is_number, rows[0][1])) if header is None else header
    width = _width(rows)
    _check_widths(rows, width)
    names = _names(rows[0][1] if header else [], width)
    data = rows[1:] if header else rows
    if not 0 < len(data) <= limits.max_rows:
        raise DataError(Problem("data.examples_in_file", {"rows": len(data), "limit": limits.max_rows}))
    numbers, cells = zip(*data, strict=True)
    return CsvColumns(names, tuple(islice(zip(*cells, strict=False), width)), numbers, delimiter, header)


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
    """The number of cells in each of the first rows, or as far as the quotes match."""
    counts: list[int] = []
    with suppress(csv.Error):
        counts.extend(len(row) for row in islice(filter(None, _reader(text, delimiter)), SNIFFED_ROWS))
    return counts


def _reader(text: str, delimiter: str) -> Iterator[Row]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _rows(text: str, delimiter: str, limits: CsvLimits) -> list[NumberedRow]:
    """The rows that are not blank; of a file with too many only as many as show it."""
    numbered = ((number, row) for number, row in _numbered(text, delimiter, limits.max_columns) if any(row))
    rows = list(islice(numbered, limits.max_rows + 2))
    if not rows:
        raise DataError(Problem("data.examples_in_file", {"rows": 0, "limit": limits.max_rows}))
    return rows


def _numbered(text: str, delimiter: str, max_columns: int) -> Iterator[NumberedRow]:
    number = 0
    try:
        for number, row in enumerate(_reader(text, delimiter), start=1):
            if not row:
                continue
            if len(row) > max_columns:
                raise DataError(Problem("data.too_many_columns", {"row": number, "limit": max_columns}))
            yield number, [cell.strip() for cell in row]
    except csv.Error:
        raise DataError(Problem("data.quotes_do_not_match", {"row": number + 1})) from None


def _width(rows: list[NumberedRow]) -> int:
    """Cells in the first row, less those at the right that are empty in every row."""
    width = len(rows[0][1])
    while not any(row[width - 1] for _, row in rows if len(row) >= width):
        width -= 1
    return width


def _check_widths(rows: list[NumberedRow], width: int) -> None:
    """DataError for rows with fewer cells than the first, or with something in a cell beyond."""
    uneven = ((number, row) for number, row in rows if len(row) < width or any(row[width:]))
    problems = [
        Problem("data.row_length", {"row": number, "cells": len(row), "expected": width})
        for number, row in islice(uneven, MOST_PROBLEMS)
    ]
    if problems:
        raise DataError(*problems)


def _names(header: Row, width: int) -> tuple[str, ...]:
    names = [tidy(name) for name in header[:width]] or [""] * width
    names = [name or f"column {number}" for number, name in enumerate(names, start=1)]
    twice = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if twice is not None:
        raise DataError(Problem("data.column_name_twice", {"column": shown(twice)}))
    return tuple(names)
