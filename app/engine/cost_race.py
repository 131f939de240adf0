"""Why backpropagation: a gradient by differences costs an evaluation of the loss for each weight, by backprop one pass.

The race measures both on networks that grow, and says what the largest one means for the network of the first text.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from app.engine.gradients import FORWARD_STEP
from app.engine.network import Network, Pass, with_ones

Array = NDArray[np.float64]

WEIGHTS, UPDATES = 1_685_667, 10_000_000
"""The first text's network that learned to play Atari games, and how often it was updated."""

INPUTS, EXAMPLES = 10, 100
HIDDEN = (1, 2, 4, 8, 16, 32, 64, 96)
"""Units in each of two hidden layers: from 15 weights and biases to 10,465."""

ROUNDS = 5


@dataclass(frozen=True)
class Lap:
    """One network: seconds for a loss, for a pass forward and backward, and for a gradient by forward differences.

    The last is `measured` to the end, or reckoned from as many of its P + 1 losses as the time allowed.
    """

    widths: tuple[int, ...]
    parameters: int
    loss_seconds: float
    pass_seconds: float
    difference_seconds: float
    measured: bool

    @property
    def ratio(self) -> float:
        """How many passes a gradient by differences costs."""
        return self.difference_seconds / self.pass_seconds


@dataclass(frozen=True)
class Extrapolation:
    """Seconds for one gradient, and for all updates, of a network of `weights` each way, and their `ratio`."""

    weights: int
    updates: int
    ratio: float
    pass_seconds: float
    difference_seconds: float
    all_passes_seconds: float
    all_differences_seconds: float


def cost_race(hidden: Sequence[int] = HIDDEN, seconds_each: float = 0.5) -> Iterator[Lap]:
    """A lap for each width, smallest first; whoever iterates may stop in between."""
    for units in hidden:
        yield _lap((INPUTS, units, units, 1), seconds_each)


class CostRace:
    """The race as a study: `laps` so far, on `networks` of the widths there are."""

    def __init__(self, networks: int = len(HIDDEN), seconds_each: float = 0.2) -> None:
        self.laps: list[Lap] = []
        self._hidden, self._seconds_each = HIDDEN[:networks], seconds_each

    def work(self) -> Iterator[float]:
        """A lap after the other; yields the share that is done."""
        for lap in cost_race(self._hidden, self._seconds_each):
            self.laps.append(lap)
            yield len(self.laps) / len(self._hidden)


def extrapolate(lap: Lap, weights: int = WEIGHTS, updates: int = UPDATES) -> Extrapolation:
    """From the largest network of a race: a loss and a pass take time in proportion to the weights."""
    growth = weights / lap.parameters
    one_pass = lap.pass_seconds * growth
    differences = (weights + 1) * (lap.difference_seconds / (lap.parameters + 1)) * growth
    ratio = differences / one_pass
    return Extrapolation(weights, updates, ratio, one_pass, differences, updates * one_pass, updates * differences)


def _lap(widths: tuple[int, ...], seconds: float) -> Lap:
    network = Network(widths, "sigmoid")
    rng = np.random.default_rng(0)
    theta, g = rng.standard_normal(network.size), np.empty(network.size)
    X, Y = rng.standard_normal((widths[0], EXAMPLES)), rng.standard_normal((widths[-1], EXAMPLES))
    run = Pass(network, theta, g, with_ones(X), Y)
    entries = min(network.size, max(1, int(seconds / ROUNDS / _once(run.loss))))
    differences = partial(_differences, run, theta, np.empty_like(g), entries)
    loss, one_pass, some = _medians((run.loss, run.loss_and_gradient, differences), seconds)
    every = some * (network.size + 1) / (entries + 1)
    return Lap(widths, network.size, loss, one_pass, every, entries == network.size)


def _differences(run: Pass, theta: Array, g: Array, entries: int) -> None:
    """So many entries of the gradient by forward differences."""
    loss = run.loss()
    for i, value in enumerate(theta[:entries].tolist()):
        theta[i] = value + FORWARD_STEP * max(1.0, abs(value))
        g[i] = (run.loss() - loss) / (theta[i] - value)
        theta[i] = value


def _once(work: Callable[[], object]) -> float:
    work()
    begin = perf_counter()
    work()
    return max(perf_counter() - begin, 1e-7)


def _medians(candidates: Sequence[Callable[[], object]], seconds: float) -> list[float]:
    """Seconds a call of each takes: they take turns, each round with as many calls as fill its share of the time."""
    calls = [max(1, int(seconds / ROUNDS / len(candidates) / _once(work))) for work in candidates]
    times: list[list[float]] = [[] for _ in candidates]
    for _ in range(ROUNDS):
        for work, count, taken in zip(candidates, calls, times, strict=True):
            begin = perf_counter()
            for _ in range(count):
                work()
            taken.append((perf_counter() - begin) / count)
    return [median(taken) for taken in times]
