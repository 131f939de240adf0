"""CSV files for tests."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.engine.data.csv_columns import CsvColumns, CsvLimits, read_columns
from app.engine.data.csv_table import choose
from app.engine.data.dataset import Table
from app.engine.data.problems import DataError, Problem

from .sentences import told


def columns_of(text: str, **options: Any) -> CsvColumns:
    return read_columns(text.encode(), **options)


def table_of(text: str, x: Sequence[str] = (), y: str | None = None, **options: Any) -> Table:
    return choose(columns_of(text, **options), x=x, y=y)


def refused(text: str | bytes, x: Sequence[str] = (), y: str | None = None, **options: Any) -> tuple[Problem, ...]:
    """What is said of a file that cannot be used."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(DataError) as caught:
        choose(read_columns(content, **options), x=x, y=y)
    assert all(told(caught.value.problems))
    return caught.value.problems


def only(problems: tuple[Problem, ...]) -> tuple[str, dict[str, Any]]:
    assert len(problems) == 1
    return problems[0].key.removeprefix("data."), dict(problems[0].values)


SMALL = CsvLimits(max_bytes=200, max_rows=3, max_columns=4)
