"""Numbers as people write them in a cell, with a point or a comma; never `nan`, `inf`, `1_000` or a thousands mark."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from app.engine.data.dataset import MAX_MAGNITUDE, Array

_EXPONENT = r"(?:[eE][+−-]?\d+)?"
NUMBER = {  # each character can be matched in one way only: time grows with the length, not with its square
    ".": re.compile(r"[+−-]?(?:\d+(?:\.\d*)?|\.\d+)" + _EXPONENT, re.ASCII),
    ",": re.compile(r"[+−-]?(?:\d+(?:,\d*)?|,\d+)" + _EXPONENT, re.ASCII),
}
THOUSANDS = re.compile(r"[+−-]?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
PLAIN = re.compile(r"[\d.eE+-]*", re.ASCII)


def is_number(cell: str, mark: str | None = None) -> bool:
    """Whether a cell is a number with this decimal mark, or with either.

    >>> [is_number(cell) for cell in ("-1.5e3", "1,5", ".5", "nan", "1_000", "")]
    [True, True, True, False, False, False]
    """
    return any(NUMBER[each].fullmatch(cell) for each in (NUMBER if mark is None else mark))


def decimal_mark(columns: Iterable[Sequence[str]], delimiter: str) -> str:
    """The comma where the file says so, else the point.

    A file divided by semicolons says so by any number with a comma; one divided by tabs or bars only if not all of
    these could be thousands: 1,234 is then refused as a number rather than taken for one of two.
    """
    if delimiter == ",":
        return "."
    cells = (cell for cell in chain.from_iterable(columns) if "," in cell and NUMBER[","].fullmatch(cell))
    if delimiter != ";":
        cells = (cell for cell in cells if not THOUSANDS.fullmatch(cell))
    return "," if any(cells) else "."


def parsed(cells: Sequence[str], mark: str) -> Array:
    """(m,) numbers; NaN for a cell that is none, or beyond ±1e100."""
    numbers = _at_once(cells) if mark == "." else None
    if numbers is None:
        numbers = np.array([_float(cell, mark) for cell in cells])
    return np.where(np.abs(numbers) <= MAX_MAGNITUDE, numbers, np.nan)


def _at_once(cells: Sequence[str]) -> Array | None:
    """The numbers where nothing but digits, points, signs and exponents occurs: quicker than cell by cell."""
    if not PLAIN.fullmatch("".join(cells)):
        return None
    try:
        return np.array(list(map(float, cells)))
    except ValueError:
        return None


def _float(cell: str, mark: str) -> float:
    return float(cell.replace(mark, ".").replace("−", "-")) if is_number(cell, mark) else np.nan
