"""Choosing columns, numbers and classes; errors that name the cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.data.packing import table_id

from .csv_files import only, refused, table_of

HEIGHTS = "name,age,height,weight\nAda,36,165,55\nCarl,77,170,70\nEmmy,53,160,60\n"
finite = st.floats(-1e100, 1e100)


def test_the_last_column_is_the_target_and_the_other_numbers_are_features() -> None:
    table = table_of(HEIGHTS)
    assert (table.x_names, table.y_names) == (("age", "height"), ("weight",))
    assert table.X.tolist() == [[36, 77, 53], [165, 170, 160]]
    assert table.Y.tolist() == [[55, 70, 60]]
    assert table.classes is None


@pytest.mark.parametrize(("x", "y"), [(["height"], "age"), (["3"], "2"), ([" height "], "2")])
def test_columns_are_chosen_by_name_or_by_number(x: list[str], y: str) -> None:
    table = table_of(HEIGHTS, x=x, y=y)
    assert (table.X.tolist(), table.Y.tolist()) == ([[165, 170, 160]], [[36, 77, 53]])


def test_features_come_in_the_order_they_are_named() -> None:
    assert table_of(HEIGHTS, x=["height", "age"]).x_names == ("height", "age")


def test_a_name_comes_before_a_number() -> None:
    assert table_of("2,1\n10,20\n", x=["2"], y="1", header=True).X.tolist() == [[10]]


def test_text_in_the_target_names_classes_in_sorted_order() -> None:
    table = table_of("size,kind\n1,pear\n2,apple\n3,pear\n4,Zebra\n")
    assert table.classes == ("Zebra", "apple", "pear")
    assert table.Y.tolist() == [[2, 1, 2, 0]]


def test_a_decimal_comma_is_read_where_cells_are_divided_by_semicolons() -> None:
    table = table_of("x;y\n1,5;-2,25\n0,5;4\n")
    assert (table.X.tolist(), table.Y.tolist()) == ([[1.5, 0.5]], [[-2.25, 4]])


@given(st.lists(st.tuples(finite, finite, finite), min_size=1, max_size=20), st.sampled_from([",", ";", "\t", "|"]))
def test_numbers_come_back_to_the_last_bit(rows: list[tuple[float, float, float]], delimiter: str) -> None:
    lines = [delimiter.join("abc"), *(delimiter.join(map(repr, row)) for row in rows)]
    table = table_of("\r\n".join(lines))
    assert [*table.X.T.tolist(), *table.Y.T.tolist()] == [[a, b] for a, b, _ in rows] + [[c] for _, _, c in rows]


def test_two_spellings_of_a_table_have_one_id() -> None:
    assert table_id(table_of("x,y\n1,2\n")) == table_id(table_of("x;y\r\n1,0;2e0\r\n"))


def test_a_cell_that_is_no_number_is_named_by_row_and_column() -> None:
    problem = refused("age,height\n1,2\n\n3,abc\n")[0]
    assert problem.values == {"row": 4, "column": "height", "cell": "abc"}
    assert str(problem) == "cell not a number (row 4, column 'height', cell 'abc')"


@pytest.mark.parametrize(
    ("cell", "key"),
    [("", "cell_empty"), ("nan", "cell_not_a_number"), ("1e999", "cell_too_large"), ("1_0", "cell_not_a_number")],
)
def test_what_is_wrong_with_a_cell_is_said(cell: str, key: str) -> None:
    found, values = only(refused(f"x,y\n1,2\n{cell},4\n5,6\n"))
    assert (found, values["row"], values["column"]) == (key, 3, "x")


def test_a_point_where_the_file_has_decimal_commas_is_not_guessed_at() -> None:
    found, values = only(refused("x;y\n1,5;2\n1.234;3\n"))
    assert (found, values["cell"], values["mark"]) == ("cell_decimal_mark", "1.234", ",")


def test_thousands_are_not_taken_for_decimals() -> None:
    assert only(refused("x\ty\n1,234\t1\n999\t2\n"))[0] == "cell_decimal_mark"


def test_the_first_five_wrong_cells_are_named_as_one_reads() -> None:
    problems = refused("x,y\n1,2\n" + "a,b\n" * 9)
    assert [(problem.values["row"], problem.values["column"]) for problem in problems] == [
        (3, "x"), (3, "y"), (4, "x"), (4, "y"), (5, "x"),
    ]  # fmt: skip


def test_no_more_than_40_printable_characters_of_a_cell_are_repeated() -> None:
    escapes = "<b>\x1b" * 99
    cell = refused(f'x,y\n1,2\n"{escapes}",3\n')[0].values["cell"]
    assert isinstance(cell, str)
    assert len(cell) == 40
    assert cell.isprintable()


def test_a_number_among_texts_makes_the_target_one_of_numbers() -> None:
    assert only(refused("x,y\n1,2\n3,high\n"))[1] == {"row": 3, "column": "y", "cell": "high"}


def test_an_empty_cell_is_no_class() -> None:
    assert only(refused("x,y\n1,a\n2,\n3,b\n")) == ("cell_empty", {"row": 3, "column": "y"})


@pytest.mark.parametrize("count", [1, 21])
def test_there_are_2_to_20_classes(count: int) -> None:
    text = "x,y\n" + "".join(f"{number},name {number % count}x\n" for number in range(40))
    assert only(refused(text.replace("name ", "n"), y="y"))[0] == "classes_out_of_bounds"


@pytest.mark.parametrize("name", ["missing", "0", "5", "-1", "1.0", "９", "1" * 5000])
def test_an_unknown_column_is_refused(name: str) -> None:
    key, values = only(refused(HEIGHTS, y=name))
    assert (key, values["columns"]) == ("unknown_column", 4)
    assert len(values["column"]) <= 40


@pytest.mark.parametrize("x", [["height", "3"], ["weight"]])
def test_a_column_is_used_once(x: list[str]) -> None:
    assert only(refused(HEIGHTS, x=x))[0] == "column_twice"


@pytest.mark.parametrize("text", ["x\n1\n2\n", "name,value\na,1\nb,2\n"])
def test_a_target_needs_a_feature(text: str) -> None:
    assert only(refused(text)) == ("no_features", {})


def test_text_chosen_as_a_feature_is_refused_cell_by_cell() -> None:
    assert [problem.values["cell"] for problem in refused(HEIGHTS, x=["name"])] == ["Ada", "Carl", "Emmy"]


def test_at_most_a_hundred_features_are_used() -> None:
    assert table_of(",".join("1" * 101)).X.shape == (100, 1)
    assert only(refused(",".join("1" * 102)))[0] == "too_many_features"


def test_the_largest_file_is_read() -> None:
    text = "a,b,c\n" + "1.5,-2,1e3\n" * 100_000
    table = table_of(text)
    assert table.X.shape == (2, 100_000)
    assert np.ptp(table.X, axis=1).max() == 0
