"""Arrays as they are sent: rounded, or packed as Plotly takes them, little-endian float64 in base64."""

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST = 64
"""Arrays of at most so many numbers stay lists."""

MOST_EXACT_DIGITS = 15
"""So many decimal digits survive the way into a float64 and back."""


def packed(array: Array) -> Any:
    """`{"dtype": "f8", "bdata": "…", "shape": "61, 61"}`; without the shape where there is one dimension.

    Where a number is missing it stays a list, in which that is null: no NaN leaves the server.
    """
    if array.size <= LEAST or not np.isfinite(array).all():
        return array
    document = {"dtype": "f8", "bdata": b64encode(array.astype("<f8").tobytes()).decode("ascii")}
    return document if array.ndim == 1 else document | {"shape": ", ".join(str(length) for length in array.shape)}


def rounded(values: Array, digits: int) -> Array:
    """To so many significant digits; what a float64 does not hold more of stays as it is."""
    if digits > MOST_EXACT_DIGITS:
        return values
    with np.errstate(divide="ignore"):
        magnitude = np.floor(np.log10(np.abs(values)))
    places = digits - 1 - np.where(np.isfinite(magnitude), magnitude, 0.0)
    up, down = 10.0 ** np.clip(places, 0, 308), 10.0 ** np.clip(-places, 0, 308)  # exact up to 22 places, 0.1 is not
    result = np.round(values * up / down) / up * down
    return np.where(np.isfinite(result), result, values)
