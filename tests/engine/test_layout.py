from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.layout import Layout, ParameterError, flat_layout, layered_layout
from app.engine.models import deep_network, multivariate_regression, two_layer, univariate_regression
from app.engine.penalty import Penalty
from tests.engine.setting import some_data

X, y = some_data(3, 5)

Widths = st.lists(st.integers(1, 5), min_size=2, max_size=4)


def deep(widths: list[int]) -> Layout:
    return layered_layout(widths, [(f"W{i}", f"b{i}") for i in range(1, len(widths))])


def test_the_four_models_call_their_parameters_as_the_texts_do() -> None:
    assert univariate_regression(X[:1], y).layout.addresses == ("w", "b")
    assert multivariate_regression(X, y).layout.addresses == ("w[0]", "w[1]", "w[2]", "b")
    layout = two_layer(X[:2], y, 2, "sigmoid").layout
    assert layout.addresses == (
        *("W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]"),
        *("b1[0]", "b1[1]", "w2[0]", "w2[1]", "b2"),
    )
    assert [(p.name, p.shape) for p in layout.parameters] == [
        ("W1", (2, 2)),
        ("b1", (2, 1)),
        ("w2", (1, 2)),
        ("b2", ()),
    ]


def test_a_weight_is_addressed_by_the_unit_it_feeds_and_the_one_it_comes_from() -> None:
    model = two_layer(X, y, 2, "identity")
    theta = np.zeros(model.layout.size)
    theta[model.layout.index("W1[1,2]")] = 1.0
    assert model.layout.unpack(theta)["W1"] == [[0, 0, 0], [0, 0, 1]]


@given(Widths, st.integers(0, 99))
def test_packing_and_unpacking_are_inverse(widths: list[int], seed: int) -> None:
    layout = deep(widths)
    theta = np.random.default_rng(seed).standard_normal(layout.size)
    assert np.array_equal(layout.pack(layout.unpack(theta)), theta)
    one_by_one = dict(zip(layout.addresses, theta[layout.order].tolist(), strict=True))
    assert np.array_equal(layout.pack(one_by_one), theta)


@given(Widths)
def test_every_scalar_has_one_place_and_one_address(widths: list[int]) -> None:
    layout = deep(widths)
    assert sorted(layout.order.tolist()) == list(range(layout.size))
    assert len(set(layout.addresses)) == layout.size == sum((n + 1) * k for n, k in pairwise(widths))
    assert [layout.index(address) for address in layout.addresses] == layout.order.tolist()


def test_the_flat_vector_of_clients_is_the_arrays_one_after_another_row_by_row() -> None:
    layout = two_layer(X, y, 2, "identity").layout
    theta = np.arange(float(layout.size))
    values = layout.unpack(theta)
    flat = [number for value in values.values() for number in np.ravel(value)]
    assert theta[layout.order].tolist() == flat


def test_rows_and_columns_answer_to_one_number_or_two_and_a_single_one_to_its_name() -> None:
    layout = deep([3, 2, 1])
    assert layout.index("b1[1]") == layout.index("b1[1,0]")
    assert layout.index(" W1[1, 2] ") == layout.index("W1[1,2]")
    assert layout.index("b2") == layout.index("b2[0]") == layout.index("b2[0,0]")


@pytest.mark.parametrize(
    "address", ["", "w", "W1", "W1[0]", "W1[2,0]", "W1[0,3]", "b1[2]", "w2[-1]", "b3", "W1[0,0", "ﬀ"]
)
def test_an_address_that_there_is_not_is_refused_by_name(address: str) -> None:
    layout = two_layer(X, y, 2, "identity").layout
    with pytest.raises(ParameterError) as told:
        layout.index(address)
    assert (told.value.key, told.value.where) == ("parameter.unknown", address)


GOOD: dict[str, Any] = {"W1": [[1, 2, 3], [4, 5, 6]], "b1": [[7], [8]], "w2": [[9, 10]], "b2": 11}


@pytest.mark.parametrize(
    "values",
    [
        GOOD,
        GOOD | {"b1": [7, 8], "w2": [9, 10]},
        GOOD | {"b2": [11]},
        GOOD | {"W1": np.arange(1.0, 7.0).reshape(2, 3)},
    ],
)
def test_a_row_or_column_may_be_a_plain_list(values: dict[str, Any]) -> None:
    layout = two_layer(X, y, 2, "identity").layout
    theta = layout.pack(values)
    assert layout.unpack(theta) == {"W1": [[1, 2, 3], [4, 5, 6]], "b1": [[7], [8]], "w2": [[9, 10]], "b2": 11}


@pytest.mark.parametrize(
    ("wrong", "where", "key"),
    [
        ({"W1": [1, 2, 3, 4, 5, 6]}, "W1", "parameter.shape"),
        ({"W1": [[1, 2], [3, 4], [5, 6]]}, "W1", "parameter.shape"),
        ({"W1": [[1, 2, 3], [4, 5]]}, "W1", "parameter.shape"),
        ({"b2": [1, 2]}, "b2", "parameter.shape"),
        ({"b2": "11"}, "b2", "parameter.shape"),
        ({"b2": True}, "b2", "parameter.shape"),
        ({"b2": None}, "b2", "parameter.shape"),
        ({"b2": 10**400}, "b2", "parameter.shape"),
        ({"b2": {}}, "b2", "parameter.shape"),
        ({"b1": [1, float("nan")]}, "b1", "parameter.finite"),
        ({"b2": float("inf")}, "b2", "parameter.finite"),
        ({"b3": 1}, "b3", "parameter.unknown"),
    ],
)
def test_values_that_do_not_fit_are_refused_where_they_stand(wrong: dict[str, Any], where: str, key: str) -> None:
    layout = two_layer(X, y, 2, "identity").layout
    with pytest.raises(ParameterError) as told:
        layout.pack(GOOD | wrong)
    assert (told.value.where, told.value.key) == (where, key)


def test_a_parameter_that_is_missing_is_named() -> None:
    layout = two_layer(X, y, 2, "identity").layout
    with pytest.raises(ParameterError) as told:
        layout.pack({name: value for name, value in GOOD.items() if name != "w2"})
    assert (told.value.where, told.value.key) == ("w2", "parameter.missing")


def test_flat_parameters_are_plain_numbers() -> None:
    layout = flat_layout(["x", "y"])
    assert layout.addresses == layout.names == ("x", "y")
    assert layout.unpack(layout.pack({"y": 2.0, "x": 1.0})) == {"x": 1.0, "y": 2.0}


def test_a_network_without_hidden_layers_still_has_numbered_names() -> None:
    model = deep_network(X, y, (), "identity", None, "mean_squared_error", Penalty())
    assert model.layout.addresses == ("W1[0,0]", "W1[0,1]", "W1[0,2]", "b1[0]")
