"""Loss surfaces beside JAX and PyTorch, by time of the processor.

They take long enough for other programs to come in between; what counts is the processor's time, medians, in turns.
"""

from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

import numpy as np

from app.engine.surfaces.heights import Heights, heights
from tests.benchmarks.surface_cases import FLOOR, TORCH, Case
from tests.benchmarks.surface_rivals import Draw, installed

OURS = "Descent"
SLOW_ROUNDS = 3
FEWEST_SECONDS = 10e-3
"""Of a turn: the work is repeated until it takes as long."""


def ours(case: Case) -> Heights:
    found = heights(case.model, case.plane, case.axis, case.axis, case.tolerance)
    assert found is not None
    return found


def measured(case: Case, rounds: int) -> dict[str, float]:
    """Microseconds, by candidate."""
    candidates: dict[str, Callable[[], object]] = {OURS: lambda: ours(case), **installed(case)}
    times: dict[str, list[float]] = {name: [] for name in candidates}
    counts = {
        name: max(1, int(FEWEST_SECONDS / _seconds(candidate, 1, warm=True))) for name, candidate in candidates.items()
    }
    for round_ in range(rounds):
        for name, candidate in candidates.items():
            if name != TORCH or round_ < SLOW_ROUNDS:
                times[name].append(_seconds(candidate, counts[name]))
    return {name: 1e6 * median(taken) for name, taken in times.items()}


def _seconds(candidate: Callable[[], object], count: int, *, warm: bool = False) -> float:
    if warm:
        candidate()
    begin = process_time()
    for _ in range(count):
        candidate()
    return max(process_time() - begin, 1e-6) / count


def ratio(row: Mapping[str, float], name: str) -> float:
    """How many times as long as ours; of the exponentials, how many times as long as they ours takes."""
    return row[OURS] / row[name] if name == FLOOR else row[name] / row[OURS]


def verified(case: Case, draw: Draw) -> float:
    """The largest difference from another's surface, relative to the range."""
    expected = draw()
    return float(np.abs(ours(case).losses - expected).max() / np.ptp(expected))
