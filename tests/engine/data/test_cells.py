"""Numbers in cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.data.cells import decimal_mark, is_number, parsed

NUMBERS = ["0", "-1", "+2.5", "1.", ".5", "1e3", "-2.5E-3", "−4", "007"]
NO_NUMBERS = [
    "",
    "nan",
    "inf",
    "-Infinity",
    "1_000",
    "0x10",
    "1,5",
    "1 000",
    "1e",
    "e3",
    ".",
    "-",
    "--1",
    "1-2",
    "٣",
    "１",
    "½",
    "5%",
    "a",
]


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_number_is_read(cell: str) -> None:
    assert is_number(cell, ".")
    assert parsed([cell], ".") == parsed([cell, "1"], ".")[0] == float(cell.replace("−", "-"))


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_what_is_no_number_is_not_taken_for_one(cell: str) -> None:
    assert not is_number(cell, ".")
    numbers = parsed(["1", cell, "2"], ".")
    assert np.isnan(numbers).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("cell", "value"), [("1,5", 1.5), (",5", 0.5), ("-1,25e2", -125.0), ("3", 3.0), ("−0,5", -0.5)]
)
def test_a_comma_can_be_the_decimal_mark(cell: str, value: float) -> None:
    assert parsed([cell], ",").tolist() == [value]


@pytest.mark.parametrize("cell", ["1.5", "1.234,5", "1,234,5", "1,5,"])
def test_points_are_no_numbers_where_the_comma_is_the_decimal_mark(cell: str) -> None:
    assert np.isnan(parsed([cell], ",")).all()


@pytest.mark.parametrize("cell", ["1e101", "-1e999", "9" * 400])
def test_numbers_beyond_all_bounds_are_not_read(cell: str) -> None:
    assert is_number(cell)
    assert np.isnan(parsed([cell], ".")).all()


@pytest.mark.parametrize("cell", ["1" * 100_000 + "e", "1," * 50_000, "1" * 100_000 + "."])
def test_a_very_long_cell_takes_no_longer_than_it_is(cell: str) -> None:
    assert np.isnan(parsed([cell, cell], ".")).all()  # a pattern that tries all divisions would go on for minutes


@given(st.lists(st.floats(-1e100, 1e100), min_size=1))
def test_what_python_writes_is_read_to_the_last_bit(values: list[float]) -> None:
    assert parsed([repr(value) for value in values], ".").tolist() == values
    assert parsed([repr(value).replace(".", ",") for value in values], ",").tolist() == values


@pytest.mark.parametrize(
    ("cells", "delimiter", "mark"),
    [
        (["1,5", "2"], ";", ","),
        (["1,234", "2"], ";", ","),
        (["1.5", "2"], ";", "."),
        (["a,b", "2"], ";", "."),
        (["1,5", "2"], "\t", ","),
        (["1,234", "12,345,678"], "\t", "."),  # thousands, perhaps: left to be refused
        (["1,234", "1,5"], "|", ","),
        (["0,125"], "|", ","),  # no thousands begin with 0
        (["1,5"], ",", "."),
    ],
)
def test_the_decimal_mark_is_what_the_file_says(cells: list[str], delimiter: str, mark: str) -> None:
    assert decimal_mark([cells], delimiter) == mark
