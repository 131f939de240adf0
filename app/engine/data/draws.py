"""Random numbers for generated data. They are part of permalinks: what is drawn, and in which order, never changes.

Each quantity has a stream of its own, `default_rng([seed, 3, stream])`, and is drawn example by example. So another
noise only stretches the same deviations, another slope leaves the inputs where they are, and more samples are added
to those already there.
"""

from enum import IntEnum

import numpy as np

from app.engine.data.dataset import Array
from app.engine.randomness import Purpose, generator


class Stream(IntEnum):
    """The index of a quantity's stream."""

    INPUTS = 0
    NOISE = 1
    TRUTH = 2


def uniform(seed: int, stream: Stream, rows: int, samples: int, low: float = 0.0, high: float = 1.0) -> Array:
    """(rows, samples) numbers from U(low, high): low + (high − low)·u with u from `Generator.random`."""
    fractions = generator(seed, Purpose.DATA, stream).random((samples, rows))
    return np.ascontiguousarray(low + (high - low) * fractions.T)


def normal(seed: int, stream: Stream, rows: int, samples: int, deviation: float) -> Array:
    """(rows, samples) numbers from N(0, deviation²): deviation·z with z from `Generator.standard_normal`."""
    deviations = generator(seed, Purpose.DATA, stream).standard_normal((samples, rows))
    return np.ascontiguousarray(deviation * deviations.T)
