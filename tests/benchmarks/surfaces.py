"""Loss surfaces beside JAX and PyTorch, by time of the processor: `python -m tests.benchmarks.surfaces`.

They take long enough for other programs to come in between; what counts is the processor's time, medians, in turns.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

import numpy as np

from app.engine.surfaces.heights import Heights, heights
from tests.benchmarks.surface_cases import CASES, FLOOR, TORCH, Case
from tests.benchmarks.surface_rivals import Draw, installed

OURS = "Descent"
ROUNDS, SLOW_ROUNDS = 15, 3
FEWEST_SECONDS = 2e-3
"""Of a turn: the work is repeated until it takes as long."""


def ours(case: Case) -> Heights:
    found = heights(case.model, case.plane, case.axis, case.axis, case.tolerance)
    assert found is not None
    return found


def measured(case: Case, rounds: int) -> dict[str, float]:
    """Milliseconds, by candidate."""
    candidates: dict[str, Callable[[], object]] = {OURS: lambda: ours(case), **installed(case)}
    times: dict[str, list[float]] = {name: [] for name in candidates}
    counts = {
        name: max(1, int(FEWEST_SECONDS / _seconds(candidate, 1, warm=True))) for name, candidate in candidates.items()
    }
    for round_ in range(rounds):
        for name, candidate in candidates.items():
            if name != TORCH or round_ < SLOW_ROUNDS:
                times[name].append(_seconds(candidate, counts[name]))
    return {name: 1e3 * median(taken) for name, taken in times.items()}


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


def report(rounds: int) -> tuple[str, list[str]]:
    """Markdown, and the goals that were missed."""
    lines, missed = ["| surface | ms | beside it | goal |", "| --- | ---: | --- | --- |"], []
    for case in CASES:
        row = measured(case, rounds)
        shown = [f"{name} {row[name]:.3g} ms: {ratio(row, name):.3g}" for name in row if name != OURS]
        goals = [f"{name} {'≤' if name == FLOOR else '≥'} {goal:g}" for name, goal in case.goals.items()]
        lines.append(f"| {case.name} | {row[OURS]:.3g} | {'; '.join(shown)} | {'; '.join(goals)} |")
        for name, goal in case.goals.items():
            if name in row and (ratio(row, name) > goal if name == FLOOR else ratio(row, name) < goal):
                missed.append(f"{case.name}: {name} {ratio(row, name):.3g}, goal {goal:g}")
    return "\n".join([*lines, ""]), missed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.surfaces", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each candidate has its turn")
    table, missed = report(parser.parse_args().rounds)
    sys.stdout.write(table)
    sys.stderr.writelines(f"missed: {goal}\n" for goal in missed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
