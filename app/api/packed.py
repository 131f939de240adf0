"""Arrays as Plotly takes them packed: little-endian float64 in base64."""

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST = 64
"""Arrays of at most so many numbers stay lists."""


def packed(array: NDArray[np.float64]) -> Any:
    """`{"dtype": "f8", "bdata": "…", "shape": "61, 61"}`; without the shape where there is one dimension."""
    if array.size <= LEAST:
        return array
    document = {"dtype": "f8", "bdata": b64encode(array.astype("<f8").tobytes()).decode("ascii")}
    return document if array.ndim == 1 else document | {"shape": ", ".join(str(length) for length in array.shape)}
