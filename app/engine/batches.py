"""Mini-batches: which examples the next step sees depends on seed, epoch and place alone."""

import numpy as np
from numpy.typing import NDArray

from app.engine.randomness import Purpose, generator
from app.engine.state import State

Indices = NDArray[np.intp]


class Batches:
    """Epoch e visits the m examples in the order `default_rng([seed, 1, e]).permutation(m)`, the last may be short."""

    def __init__(self, seed: int, examples: int) -> None:
        self.seed, self.examples = seed, examples
        self._epoch, self._order = -1, np.empty(0, dtype=np.intp)

    def peek(self, state: State, size: int) -> Indices:
        """The indices that the next step takes."""
        if self._epoch != state.epoch:
            self._order = generator(self.seed, Purpose.BATCH, state.epoch).permutation(self.examples)
            self._epoch = state.epoch
        return self._order[state.offset : state.offset + size]

    def take(self, state: State, size: int) -> Indices:
        """The same, and the state moves on."""
        batch = self.peek(state, size)
        state.offset += len(batch)
        if state.offset >= self.examples:
            state.epoch, state.offset = state.epoch + 1, 0
        return batch
