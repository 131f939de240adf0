"""Where randomness comes from: `default_rng([seed, purpose, index])`, no generator is ever carried along."""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream of random numbers is for; two purposes never share one."""

    START = 0
    BATCH = 1
    SEARCH = 2
    DATA = 3
    SPLIT = 4
    PLANE = 5


def generator(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """A fresh generator; the same three numbers always give the same stream."""
    return np.random.default_rng([seed, int(purpose), index])
