"""Fair times on a busy machine: the candidates take turns, the median counts, and only ratios are looked at."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

ROUNDS = 31


def microseconds(candidates: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median time of a call of each candidate, after one call of each that does not count."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for round_ in range(rounds + 1):
        for name, candidate in candidates.items():
            begin = perf_counter()
            candidate()
            if round_:
                times[name].append(perf_counter() - begin)
    return {name: 1e6 * median(values) for name, values in times.items()}
