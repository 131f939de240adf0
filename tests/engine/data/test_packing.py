"""Tables as bytes, and their names."""

import base64
import hashlib
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.engine.data.dataset import Table
from app.engine.data.packing import FORMAT, pack, table_id, unpack

from .kinds import EVERY_DATASET, label

TABLE = Table(np.array([[1.0, -0.0], [1e-300, 3.5]]), np.array([[0.0, 1.0]]), ("größe", "x\n2"), ("y",), ("a", "b"))


def same(left: Table, right: Table) -> bool:
    names = ("x_names", "y_names", "classes", "truth")
    arrays = ((left.X, right.X), (left.Y, right.Y))
    return all(a.tobytes() == b.tobytes() and a.shape == b.shape for a, b in arrays) and all(
        getattr(left, name) == getattr(right, name) for name in names
    )


@pytest.mark.parametrize("dataset", EVERY_DATASET, ids=label)
def test_a_table_comes_back_as_it_was(dataset: Any) -> None:
    table = dataset.table()
    assert same(unpack(pack(table)), table)


def test_names_in_any_script_and_the_sign_of_zero_come_back() -> None:
    assert same(unpack(pack(TABLE)), TABLE)


def test_the_layout_in_memory_does_not_matter() -> None:
    fortran = replace(TABLE, X=np.asfortranarray(TABLE.X))
    assert pack(fortran) == pack(TABLE)


def test_the_id_is_a_hash_of_names_and_numbers_for_ever() -> None:
    table = Table(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]), ("x",), ("y",))
    header = b'{"X":[1,2],"Y":[1,2],"classes":null,"truth":null,"x_names":["x"],"y_names":["y"]}\n'
    digest = hashlib.sha256(header + struct.pack("<4d", 1, 2, 3, 4)).digest()
    assert table_id(table) == base64.urlsafe_b64encode(digest[:16]).decode()[:22] == "Tk3YyLf7XtX4xa_Zia0rvQ"


@pytest.mark.parametrize(
    "change",
    [
        {"X": np.array([[1.0, 0.0], [1e-300, 3.5]])},
        {"Y": np.array([[1.0, 1.0]])},
        {"x_names": ("a", "b")},
        {"y_names": ("z",)},
        {"classes": ("a", "c")},
        {"classes": None},
        {"truth": {"w": 1.0}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_difference_gives_another_id(change: dict[str, Any]) -> None:
    assert table_id(replace(TABLE, **change)) != table_id(TABLE)


def test_numbers_moved_from_features_to_targets_give_another_id() -> None:
    left = Table(np.array([[1.0], [2.0]]), np.array([[3.0]]), ("a", "b"), ("y",))
    right = Table(np.array([[1.0]]), np.array([[2.0], [3.0]]), ("a", "b"), ("y",))
    assert table_id(left) != table_id(right)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"something else",
        b"descent table 2\n{}",
        FORMAT + b"not JSON\n",
        *(pack(TABLE)[:-missing] for missing in (1, 8)),
        pack(TABLE) + b"\0" * 8,
    ],
)
def test_bytes_that_are_no_whole_table_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"packed table|buffer size|Expecting value"):
        unpack(packed)
