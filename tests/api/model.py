"""A simple model of a session on a line fit: what its steps, lineage and numbers have to be after any change."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.engine.reference import line_gradients

Array = NDArray[np.float64]
Json = dict[str, Any]
Part = dict[str, Any]
"""Some of the constants by name: kind, rate, momentum, size."""

ByHand = tuple[float | None, float | None]
"""w and b, None for one that stays."""

X = np.array([[-1.0, -0.5, 0.25, 0.75, 1.5, 2.0]])
Y = np.array([[-3.1, -1.8, -0.6, 0.9, 1.7, 3.2]])
EXAMPLES = 6
START = (-2.0, 3.0)


class Invalid(Exception):  # noqa: N818 - an answer to be expected
    """What the service has to refuse with 422."""


@dataclass(frozen=True)
class Constants:
    """What is in force."""

    kind: str = "gradient_descent"
    rate: float = 0.1
    momentum: float | None = None
    size: int | None = None

    def merged(self, part: Part) -> "Constants":
        """After a change of some of them; another kind brings its own defaults."""
        kind = part.get("kind", self.kind)
        base = self if kind == self.kind else replace(DEFAULTS[kind], size=self.size)
        if kind == "gradient_descent" and "momentum" in part:
            raise Invalid
        return replace(base, **part)

    def difference(self, after: "Constants") -> Part:
        """The least change that leads to `after`."""
        wanted = {name: value for name, value in vars(after).items() if name != "momentum" or value is not None}
        if after.kind != self.kind:
            return {name: value for name, value in wanted.items() if name != "size" or value != self.size}
        return {name: value for name, value in wanted.items() if getattr(self, name) != value}


DEFAULTS = {"gradient_descent": Constants(), "momentum": Constants("momentum", 0.01, 0.9)}


def as_json(part: Part) -> Json:
    """A change as it is sent."""
    names = {"kind": "kind", "rate": "learning_rate", "momentum": "momentum"}
    optimizer = {names[name]: value for name, value in part.items() if name in names}
    batch = {"batch_size": part["size"]} if "size" in part else {}
    return ({"optimizer": optimizer} if optimizer else {}) | batch


@dataclass(frozen=True)
class Change:
    """An event: some constants, or values set by hand, or both."""

    part: Part = field(default_factory=dict)
    by_hand: ByHand | None = None

    def __bool__(self) -> bool:
        return bool(self.part or self.by_hand)


@dataclass(frozen=True)
class Point:
    """Where a run stands: θ = (w, b), velocity and whose it is, place in the data."""

    theta: Array
    velocity: Array
    heavy: bool | None = None
    epoch: int = 0
    offset: int = 0

    @property
    def loss(self) -> float:
        return self._evaluated()[0]

    def gradient(self, batch: Any = slice(None)) -> Array:
        return self._evaluated(batch)[1]

    def _evaluated(self, batch: Any = slice(None)) -> tuple[float, Array]:
        with np.errstate(all="ignore"):
            loss, by_name = line_gradients(self.theta[:1, None], self.theta[1:, None], X[:, batch], Y[:, batch])
        return loss, np.array([by_name["w"].item(), by_name["b"].item()])


@dataclass
class Run:
    """`points[k]` is where it stood after k steps; `events` at their steps."""

    name: str
    own: Constants
    seed: int
    start: tuple[float, float] = START
    events: dict[int, Change] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    diverged: bool = False

    def __post_init__(self) -> None:
        self.restart()

    @property
    def step(self) -> int:
        return len(self.points) - 1

    def restart(self) -> None:
        self.points, self.diverged = [Point(np.array(self.start), np.zeros(2))], False

    def constants(self, step: int) -> Constants:
        """What is in force between `step` and the next."""
        now = self.own
        for at, change in sorted(self.events.items()):
            now = now.merged(change.part) if at <= step else now
        return now

    def change(self, step: int, part: Part, by_hand: ByHand | None) -> bool:
        """Have an event at a step, on top of the one that may be there; whether that changed anything."""
        wanted = self.constants(step).merged(part)
        if wanted == self.constants(step) and not by_hand:
            return False
        was = self.events.pop(step, Change()).by_hand
        if by_hand:
            w, b = (old if new is None else new for new, old in zip(by_hand, was or (None, None), strict=True))
            was = (w, b)
        self._put(step, Change(self.constants(step).difference(wanted), was))
        self.constants(10**9)
        return True

    def _put(self, step: int, change: Change) -> None:
        if change:
            self.events[step] = change

    def advance(self, goal: int) -> None:
        while self.step < goal and not self.diverged:
            point = self._next()
            limit = 1e12 * max(1.0, self.points[0].loss)
            if not (point.loss <= limit and np.isfinite(point.gradient() @ point.gradient())):
                self.diverged = True
            else:
                self.points.append(point)

    def _next(self) -> Point:
        here, now = self.points[-1], self.constants(self.step)
        by_hand = self.events.get(self.step, Change()).by_hand
        if by_hand:
            theta = np.array([old if new is None else new for new, old in zip(by_hand, here.theta, strict=True)])
            return replace(here, theta=theta, velocity=np.zeros(2), heavy=None)
        heavy = now.kind == "momentum"
        velocity = here.velocity if here.heavy == heavy else np.zeros(2)
        batch, epoch, offset = self._batch(here, now.size)
        velocity = (now.momentum or 0.0) * velocity + here.gradient(batch)
        with np.errstate(all="ignore"):
            return Point(here.theta - now.rate * velocity, velocity, heavy, epoch, offset)

    def _batch(self, here: Point, size: int | None) -> tuple[Any, int, int]:
        if size is None or size >= EXAMPLES:
            return slice(None), here.epoch + 1, here.offset
        order = np.random.default_rng([self.seed, 1, here.epoch]).permutation(EXAMPLES)
        batch = order[here.offset : here.offset + size]
        if here.offset + len(batch) >= EXAMPLES:
            return batch, here.epoch + 1, 0
        return batch, here.epoch, here.offset + len(batch)


@dataclass
class Session:
    """Runs with one clock, and a lineage that grows when a path is no more."""

    runs: list[Run]
    lineage: int = 0

    @property
    def clock(self) -> int:
        return max(run.step for run in self.runs)

    def catch_up(self) -> None:
        now = self.clock
        for run in self.runs:
            run.advance(now)

    def step(self, steps: int) -> int:
        """The number of steps taken."""
        first = self.clock
        self.catch_up()
        for run in self.runs:
            run.advance(first + steps)
        return self.clock - first

    def go_back(self, step: int) -> None:
        for run in self.runs:
            if run.step >= step:
                run.points, run.diverged = run.points[: step + 1], False
        self.lineage += 1

    def rewind(self, step: int) -> None:
        for run in self.runs:
            run.events = {at: change for at, change in run.events.items() if at < step}
        self.go_back(step)

    def drop_events(self, step: int) -> None:
        """Those at `step` and later; all runs go back to the first of them, if they had come so far."""
        firsts = [min((at for at in run.events if at >= step), default=10**9) for run in self.runs]
        if min(firsts) == 10**9:
            return
        common = min(self.clock, *firsts)
        for run, first in zip(self.runs, firsts, strict=True):
            run.events = {at: change for at, change in run.events.items() if at < step}
            run.diverged = run.diverged and run.step <= common and run.step < first
            run.points = run.points[: common + 1]
        self.lineage += 1
        self.catch_up()

    def change(self, run: Run, part: Part, by_hand: ByHand | None, at_step: int) -> bool:
        """Whether something changed."""
        changed = run.change(min(at_step, run.step), part, by_hand)
        if at_step < self.clock:
            self.go_back(at_step)
        run.diverged = run.diverged and not changed
        if by_hand:
            self.step(1)
        return changed

    def reset(self, start: tuple[float, float] | None = None) -> None:
        for run in self.runs:
            run.own = run.constants(run.step)
            by_hand = None if run.diverged else run.events.get(run.step, Change()).by_hand
            run.events = {at: one for at, one in run.events.items() if at > run.step}
            if by_hand:
                run.events[run.step] = Change({}, by_hand)
            run.start = start or run.start
            run.restart()
        self.lineage += 1

    def add(self, run: Run) -> None:
        run.constants(10**9)
        self.runs.append(run)
        self.catch_up()
        self.lineage += 1

    def fork(self, source: Run, step: int, name: str, change: Change) -> None:
        events = {at: one for at, one in source.events.items() if at < step}
        self.add(Run(name, source.own, source.seed, source.start, events | ({step: change} if change else {})))

    def remove(self, run: Run) -> None:
        self.runs.remove(run)
        self.lineage += 1
