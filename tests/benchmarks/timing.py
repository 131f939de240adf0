"""Fair times on a busy machine: the candidates take short turns, the processor's time counts, of that the median.

Each turn begins with a pause and some work that does not count: the threads of the one before, which spin for a while
where two threads share a core, have gone to sleep then, and the caches are its own.
"""

from collections.abc import Callable, Mapping
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import process_time, sleep

Repeat = Callable[[int], object]
"""Does its work so many times."""

ROUNDS, MOST_TRIES = 61, 8
TURN = 1.5e-3
"""Seconds of a turn: long against the clock, short against the time slices of other programs."""

PAUSE = 2e-3
WARM_UP = 4  # times shorter than the turn


def microseconds(candidates: Mapping[str, Repeat], rounds: int = ROUNDS) -> dict[str, float]:
    """The median time of doing each candidate's work once."""
    counts = {name: _count(candidate) for name, candidate in candidates.items()}
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            times[name].append(_turn(candidate, counts[name]))
    return {name: 1e6 * median(values) for name, values in times.items()}


def once(work: Callable[[], object]) -> Repeat:
    """Work that is done by a call."""

    def repeat(count: int) -> None:
        for _ in range(count):
            work()

    return repeat


def _count(candidate: Repeat) -> int:
    """How often the work is done in a turn; it is warm afterwards."""
    candidate(1)
    count = 1
    while count * min(_time(candidate, count) for _ in range(3)) < TURN / 2:
        count *= 2
    return count


def _turn(candidate: Repeat, count: int) -> float:
    sleep(PAUSE)
    candidate(max(1, count // WARM_UP))
    return _time(candidate, count)


def _time(candidate: Repeat, count: int) -> float:
    """The processor's time of a turn that no other program interrupted, if there is one among a few: caches count."""
    for _ in range(MOST_TRIES):
        switches, begin = getrusage(RUSAGE_SELF).ru_nivcsw, process_time()
        candidate(count)
        taken = (process_time() - begin) / count
        if getrusage(RUSAGE_SELF).ru_nivcsw == switches:
            break
    return taken
