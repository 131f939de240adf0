"""What a run is made of: where it starts, what is in force, and the changes made on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.optimizers.optimizer import Settings

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ByHand:
    """Scalars set by hand: `values` (N,) at the `places` (N,) in θ, the others stay."""

    places: NDArray[np.intp]
    values: Array


@dataclass(frozen=True, eq=False)
class Event:
    """A change between step `at` and the next: other settings, or parameters set by hand, which is that step."""

    at: int
    settings: Settings | None = None
    by_hand: ByHand | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """Start θ₀ (P,), first settings, seed of the batches, and the events in the order of their steps."""

    start: Array
    settings: Settings
    seed: int = 0
    events: Sequence[Event] = ()

    def settings_at(self, step: int) -> Settings:
        """What is in force between `step` and the next."""
        changes = [event.settings for event in self.events if event.settings is not None and event.at <= step]
        return changes[-1] if changes else self.settings

    def by_hand_at(self, step: int) -> ByHand | None:
        """The parameters set by hand between `step` and the next."""
        by_hand = [event.by_hand for event in self.events if event.at == step and event.by_hand is not None]
        return by_hand[-1] if by_hand else None

    def segment_end(self, step: int, goal: int) -> int:
        """The goal, or the first step after `step` with an event if that comes before."""
        return min([goal, *(event.at for event in self.events if event.at > step)])


@dataclass(frozen=True)
class Until:
    """A goal at which a run stops: a loss or a gradient norm at most this large."""

    loss: float | None = None
    gradient_norm: float | None = None

    def reached(self, losses: Array, norms: Array) -> int | None:
        """The index of the first point that reaches it."""
        hits = np.zeros(len(losses), dtype=bool)
        if self.loss is not None:
            hits |= losses <= self.loss
        if self.gradient_norm is not None:
            hits |= norms <= self.gradient_norm
        return int(hits.argmax()) if hits.any() else None

    def reached_at(self, loss: float, norm: float) -> bool:
        """Whether a point with this loss and gradient norm reaches it."""
        return self.reached(np.array([loss]), np.array([norm])) is not None
