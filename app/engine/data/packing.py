"""A table as bytes for the store, and its name: a hash of what is in it."""

import base64
import hashlib
import json
from typing import Any

import numpy as np

from app.engine.data.dataset import Table

FORMAT = b"descent table 1\n"  # another format gets another number, and `unpack` goes on reading the old one
ID_LENGTH = 22  # characters: the first 128 bits of a SHA-256 in base64url


def pack(table: Table) -> bytes:
    """Format line, a line of JSON (shapes, names, classes, truth), then X and Y row by row as little-endian float64."""
    return FORMAT + _content(table)


def unpack(packed: bytes) -> Table:
    """The table in what `pack` made; ValueError where it is something else or not all of it."""
    if not packed.startswith(FORMAT):
        raise ValueError("not a packed table of a known format")
    line, _, numbers = packed[len(FORMAT) :].partition(b"\n")
    header = json.loads(line)
    (features, examples), (outputs, _) = header["X"], header["Y"]
    values = np.frombuffer(numbers, dtype="<f8")
    if values.size != (features + outputs) * examples:
        raise ValueError("a packed table with numbers missing")
    X, Y = np.split(values, [features * examples])
    return Table(X.reshape(features, examples), Y.reshape(outputs, examples), **_names(header))


def table_id(table: Table) -> str:
    """22 characters that depend on all of the table and on nothing else; safe in a URL."""
    digest = hashlib.sha256(_content(table)).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode("ascii").rstrip("=")


def _content(table: Table) -> bytes:
    header = {
        "X": table.X.shape,
        "Y": table.Y.shape,
        "x_names": table.x_names,
        "y_names": table.y_names,
        "classes": table.classes,
        "truth": table.truth,
    }
    line = json.dumps(header, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return b"".join([line.encode("ascii"), b"\n", table.X.astype("<f8").tobytes(), table.Y.astype("<f8").tobytes()])


def _names(header: dict[str, Any]) -> dict[str, Any]:
    classes = header["classes"]
    return {
        "x_names": tuple(header["x_names"]),
        "y_names": tuple(header["y_names"]),
        "classes": None if classes is None else tuple(classes),
        "truth": header["truth"],
    }
