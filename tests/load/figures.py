"""What a scenario came to, and the goals it is held to."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.load.client import Answer
from tests.load.server import Served

POLITE = (429, 503)


@dataclass
class Tally:
    """Answers by what was asked for: how long they took, and which were none."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def note(self, what: str, answer: Answer, began: float) -> Answer:
        self.statuses[answer.status] += 1
        self.seconds.setdefault(what, []).append(time.perf_counter() - began)
        return answer

    def clear(self) -> None:
        self.seconds.clear()
        self.statuses.clear()

    @property
    def answers(self) -> int:
        return sum(self.statuses.values())

    @property
    def refused(self) -> int:
        return sum(self.statuses[status] for status in POLITE)

    @property
    def errors(self) -> int:
        """Neither a success nor a refusal that says when to come back."""
        successes = sum(number for status, number in self.statuses.items() if 200 <= status < 400)
        return self.answers - successes - self.refused

    def percentile(self, share: float, what: str | None = None) -> float:
        """Milliseconds within which this share of the answers came."""
        times = sorted(t for name, found in self.seconds.items() if what in (None, name) for t in found)
        return 1e3 * times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


@dataclass
class Span:
    """A time in which the server was watched."""

    seconds: float = 0.0
    cores: float = 0.0


@contextmanager
def watched(server: Served) -> Iterator[Span]:
    """How much of a core the server takes while the block runs."""
    span = Span()
    began, used = time.perf_counter(), server.processor_seconds()
    yield span
    span.seconds = time.perf_counter() - began
    span.cores = (server.processor_seconds() - used) / span.seconds


Row = dict[str, float]


@dataclass(frozen=True)
class Goal:
    """The most that a figure may be."""

    row: str
    figure: str
    most: float


def missed(rows: Mapping[str, Row], goals: tuple[Goal, ...]) -> list[str]:
    """Goals that were not reached, in words."""
    return [
        f"{goal.row}: {goal.figure} {rows[goal.row][goal.figure]:.4g}, goal {goal.most:g}"
        for goal in goals
        if goal.row in rows and rows[goal.row].get(goal.figure, 0) > goal.most
    ]
