"""What the server counts, and how it tells Prometheus.

All numbers lie in one piece of memory that the workers share, each in a part of its own, so whichever of them is asked
tells the sum of all; a worker that takes the place of one that died goes on where that stopped. The layout is settled
before workers are forked: every value a label can have is known then. Nothing here names a session or who asked.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from mmap import mmap

from app.errors import Problem

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER_ROUTE = ("other", "unmatched")
SUCCESSES = (200, 201, 202, 204, 206, 303, 304)
REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
STORE_SECONDS = (0.00005, 0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)

POOLS = ("computing", "drawing")
STORE_CALLS = (
    *("load", "touch", "save", "find", "delete", "count", "data_bytes", "evict_one"),
    *("add_member", "remove_member", "members", "ping"),
)

Labels = tuple[str, ...]


class Family:
    """Numbers of one name, one or several for each combination of labels; they stand at `places`."""

    kind = "counter"
    width = 1

    def __init__(self, name: str, help_: str, labels: Labels = (), children: Iterable[Labels] = ((),)) -> None:
        self.name, self.help, self.labels = name, help_, labels
        self.children = tuple(dict.fromkeys(children))
        self.places: Mapping[Labels, int] = {}
        self.cells = memoryview(bytearray()).cast("d")

    def lines(self, total: Sequence[float]) -> Iterable[str]:
        """As Prometheus reads them; those that were never counted are left out."""
        for child, place in self.places.items():
            if total[place] or not self.labels:
                yield _line(self.name, zip(self.labels, child, strict=True), total[place])


class Counter(Family):
    """It only grows."""

    def add(self, amount: float = 1, labels: Labels = ()) -> None:
        self.cells[self.places[labels]] += amount


class Gauge(Family):
    """It goes up and down; the sum of all workers' is told."""

    kind = "gauge"

    def set(self, value: float, labels: Labels = ()) -> None:
        self.cells[self.places[labels]] = value

    def clear(self) -> None:
        for place in self.places.values():
            self.cells[place] = 0


class Histogram(Family):
    """How many were at most so large: a cell for each bucket, one above them, and the sum."""

    kind = "histogram"

    def __init__(self, name: str, help_: str, buckets: Sequence[float], labels: Labels, children: Iterable[Labels]):
        super().__init__(name, help_, labels, children)
        self.buckets, self.width = buckets, len(buckets) + 2

    def observe(self, value: float, labels: Labels) -> None:
        place = self.places[labels]
        self.cells[place + bisect_left(self.buckets, value)] += 1
        self.cells[place + self.width - 1] += value

    def lines(self, total: Sequence[float]) -> Iterable[str]:
        for child, place in self.places.items():
            named, count = list(zip(self.labels, child, strict=True)), 0.0
            if any(total[place : place + self.width]):
                for bound, cell in zip((*self.buckets, "+Inf"), range(place, place + self.width - 1), strict=True):
                    count += total[cell]
                    yield _line(f"{self.name}_bucket", [*named, ("le", f"{bound}")], count)
                yield _line(f"{self.name}_sum", named, total[place + self.width - 1])
                yield _line(f"{self.name}_count", named, count)


class Metrics:
    """All families; `routes` are pairs of method and route template."""

    def __init__(self, routes: Iterable[Labels] = (), workers: int = 1) -> None:
        known = (*routes, OTHER_ROUTE)
        of_route, of_call, of_pool = ("method", "route"), ("call",), ("pool",)
        calls, pools = [(name,) for name in STORE_CALLS], [(name,) for name in POOLS]
        by_status = [(*route, str(status)) for route, status in product(known, statuses())]
        self.requests = Counter("descent_http_requests_total", "Requests answered.", (*of_route, "status"), by_status)
        self.request_seconds = Histogram(
            "descent_http_request_duration_seconds", "Time to answer a request.", REQUEST_SECONDS, of_route, known
        )
        self.steps = Counter("descent_steps_total", "Steps taken by sessions.")
        self.sessions_started = Counter("descent_sessions_started_total", "Sessions created.")
        self.sessions_live = Gauge("descent_sessions_live", "Sessions in the memory of the workers.")
        self.pool_jobs = Gauge("descent_pool_jobs", "Long computations that run or wait for a core.", of_pool, pools)
        self.pool_threads = Gauge("descent_pool_threads", "Threads that long computations share.", of_pool, pools)
        self.pool_refused = Counter(
            "descent_pool_refused_total", "Long computations refused: too many were waiting.", of_pool, pools
        )
        self.store_seconds = Histogram(
            "descent_store_call_duration_seconds", "Time the store took for a call.", STORE_SECONDS, of_call, calls
        )
        self.store_failures = Counter(
            "descent_store_failures_total", "Calls that the store could not do.", of_call, calls
        )
        self.families = [value for value in vars(self).values() if isinstance(value, Family)]
        self.size = 0
        for family in self.families:
            family.places = {child: self.size + n * family.width for n, child in enumerate(family.children)}
            self.size += len(family.children) * family.width
        self._all = memoryview(mmap(-1, 8 * self.size * workers)).cast("d")
        self.be_worker(0)

    def be_worker(self, number: int) -> None:
        """Count in the part of this worker; what goes up and down begins anew."""
        own = self._all[number * self.size : (number + 1) * self.size]
        for family in self.families:
            family.cells = own
            if isinstance(family, Gauge):
                family.clear()

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; of a method or an address that is not known, as one of those."""
        labels = (method, route)
        if labels not in self.request_seconds.places:
            labels = OTHER_ROUTE
        self.request_seconds.observe(seconds, labels)
        self.requests.add(1, (*labels, str(status)))

    def exposition(self) -> list[str]:
        """The lines that Prometheus reads, of all workers together."""
        parts = [self._all[begin : begin + self.size] for begin in range(0, len(self._all), self.size)]
        total = [sum(cells) for cells in zip(*parts, strict=True)]
        lines = []
        for family in self.families:
            lines += [*_head(family.name, family.kind, family.help), *family.lines(total)]
        return lines


def gauge(name: str, help_: str, value: float, labels: Mapping[str, str] | None = None) -> list[str]:
    """The lines of a number that is known only when it is asked for."""
    return [*_head(name, "gauge", help_), _line(name, (labels or {}).items(), value)]


def statuses() -> list[int]:
    """Every status that an answer can have."""
    found, types = set(SUCCESSES), [Problem]
    while types:
        type_ = types.pop()
        types += type_.__subclasses__()
        found |= {type_.status} if hasattr(type_, "status") else set()
    return sorted(found)


def _head(name: str, kind: str, help_: str) -> tuple[str, str]:
    return f"# HELP {name} {help_}", f"# TYPE {name} {kind}"


def _line(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    inner = ",".join(f'{label}="{text}"' for label, text in labels)
    return f"{name}{{{inner}}} {value:.17g}" if inner else f"{name} {value:.17g}"
