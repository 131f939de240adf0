"""Work arrays that every thread makes once: fresh ones of this size cost more in page faults than the arithmetic."""

from math import prod
from threading import local

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LINE = 64
"""Bytes in a line of the cache; arrays that begin within one are a third slower."""


class _Kept(local):
    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}


_KEPT = _Kept()


def scratch(name: str, shape: tuple[int, ...]) -> Array:
    """An array of this shape with anything in it; asking for the same `name` again in this thread takes it back."""
    size, kept = prod(shape), _KEPT.arrays
    if name not in kept or kept[name].size < size:
        kept[name] = _aligned(size)
    return kept[name][:size].reshape(shape)


def _aligned(size: int) -> Array:
    raw = np.empty(size + LINE // 8)
    start = -raw.ctypes.data % LINE // 8
    return raw[start : start + size]
