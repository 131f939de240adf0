"""Files as spreadsheets, editors and languages write them, and what is said of those that cannot be read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.data.csv_columns import DELIMITERS, read_columns
from app.engine.data.problems import DataError

from .csv_files import SMALL, columns_of, only, refused
from .sentences import told

PLAIN = "x,y\n1,2\n3,4\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip().encode(),
        b"\n\nx,y\n\n1,2\n,\n3,4\n\n",
        b"x,y,,\n1,2,,\n3,4,,\n,,,\n",
        b" x , y\n 1,\t2\n3 ,4\n",
        b'"x","y"\n"1",2\n3,"4"\n',
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
    ],
    ids=["plain", "bom", "crlf", "cr", "no-end", "blank", "wide", "spaces", "quotes", "semicolon", "tab", "bar"],
)
def test_a_table_is_the_same_however_it_was_written(content: bytes) -> None:
    columns = read_columns(content)
    assert columns.names == ("x", "y")
    assert columns.cells == (("1", "3"), ("2", "4"))
    assert columns.header


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5", ";"),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ("name,value\na;b,1\nc,2\n", ","),
        ('"a;b",c\n1,2\n', ","),
        ("a|b|c\n1|2|3\n", "|"),
        ("x\n1\n2\n", ","),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert columns_of(text).delimiter == delimiter


def test_the_delimiter_of_uneven_rows_is_the_one_that_divides_the_first_most() -> None:
    assert only(refused("a|b|c;d\n1|2\n")) == ("row_length", {"row": 2, "cells": 2, "expected": 3})


def test_a_delimiter_that_is_given_is_not_guessed() -> None:
    assert columns_of("a,b;c\n1,5;2", delimiter=";").names == ("a,b", "c")


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("x,y\n1,2", True),
        ("1,2\n3,4", False),
        ("5.1,setosa\n4.9,virginica", False),
        ("1947;12,5\n1948;13", False),
        ("width (cm),2nd\n9,9", True),
    ],
)
def test_a_first_row_without_a_number_is_a_header(text: str, header: bool) -> None:
    assert columns_of(text).header == header


def test_a_header_that_is_announced_may_hold_numbers() -> None:
    columns = columns_of("2023,2024\n1,2\n", header=True)
    assert columns.names == ("2023", "2024")
    assert columns.rows == (2,)


def test_a_first_row_that_is_no_header_is_data() -> None:
    columns = columns_of("a,b\nc,d\n", header=False)
    assert columns.names == ("column 1", "column 2")
    assert columns.cells == (("a", "c"), ("b", "d"))


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    assert columns_of('\nx,y\n1,2\n\n"a\nb",4\n5,6\n').rows == (3, 5, 6)


def test_names_become_one_printable_line() -> None:
    long = "How many hours did you sleep " * 9
    columns = columns_of(f'"height\n in  cm",,"bell\x07",{long}\n1,2,3,4\n')
    assert columns.names[:3] == ("height in cm", "column 2", "bell")
    assert columns.names[3] == f"{long[:79]}…"


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=3, max_size=3), min_size=2),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_text_that_was_written_is_read_again(rows: list[list[str]], delimiter: str, end: str) -> None:
    rows = [[f"{column}:{cell}".strip() for column, cell in enumerate(row)] for row in rows]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    columns = read_columns(file.getvalue().encode(), delimiter=delimiter, header=False)
    assert list(zip(*columns.cells, strict=True)) == [tuple(row) for row in rows]


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused_with_a_reason(content: bytes) -> None:
    try:
        columns = read_columns(content)
    except DataError as error:
        columns = None
        reasons = told(error.problems)
    if columns is None:
        assert all(reasons)
    else:
        assert len(columns.names) == len(columns.cells)
        assert all(len(cells) == len(columns.rows) for cells in columns.cells)


def test_a_file_in_another_encoding_is_refused_with_its_row() -> None:
    assert only(refused("x,y\n1,2\nGröße,3".encode("latin-1"))) == ("not_utf_8", {"row": 3})
    assert only(refused("x,y\n1,2".encode("utf-16"))) == ("not_utf_8", {"row": 1})


@pytest.mark.parametrize("text", ['x,y\n1,"2\n3,4\n', 'x,y\n1,"2"3\n', "x,y\n1," + "2" * 200_000])
def test_quotes_that_do_not_match_are_refused_with_their_row(text: str) -> None:
    assert only(refused(text)) == ("quotes_do_not_match", {"row": 2})


def test_rows_that_are_too_short_or_too_long_are_named() -> None:
    problems = refused("a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n")
    assert [problem.key for problem in problems] == ["data.row_length"] * 2
    assert [dict(problem.values) for problem in problems] == [
        {"row": 3, "cells": 2, "expected": 3},
        {"row": 5, "cells": 4, "expected": 3},
    ]


def test_at_most_five_rows_are_named() -> None:
    assert len(refused("a,b\n" + "1\n" * 50)) == 5


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n;;", "x,y\n"])
def test_a_file_without_data_is_refused(text: str) -> None:
    assert only(refused(text))[0] == "examples_in_file"


def test_two_columns_can_not_have_one_name() -> None:
    assert only(refused("x,y,x\n1,2,3\n")) == ("column_name_twice", {"column": "x"})


def test_only_the_four_delimiters_are_known() -> None:
    assert only(refused(PLAIN, delimiter="::")) == ("unknown_delimiter", {"delimiter": "::"})


def test_limits_are_kept_and_told() -> None:
    fits = "x,y\n" + "1,2\n" * 3
    assert len(columns_of(fits, limits=SMALL).rows) == 3
    assert only(refused(fits + "1,2\n", limits=SMALL)) == ("examples_in_file", {"rows": 4, "limit": 3})
    assert only(refused("1,2,3,4,5\n", limits=SMALL)) == ("too_many_columns", {"row": 1, "limit": 4})
    assert only(refused("1," + "2" * 199, limits=SMALL)) == ("file_too_large", {"bytes": 201, "limit": 200})


def test_a_header_takes_no_row_of_numbers_away_but_a_file_without_one_has_no_row_more() -> None:
    assert only(refused("1,2\n" * 4, limits=SMALL)) == ("examples_in_file", {"rows": 4, "limit": 3})
