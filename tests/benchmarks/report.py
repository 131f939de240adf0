"""The figures as Markdown tables: times and what others take beside ours, and whether the goals are met."""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.benchmarks import surface_cases, surfaces
from tests.benchmarks.cases import CASES
from tests.benchmarks.measures import FLOOR, OURS, RECORDED, Row
from tests.benchmarks.surface_cases import CASES as SURFACES

Tables = Mapping[str, Mapping[str, Row]]


def setting() -> dict[str, str]:
    """The machine and the releases that were compared."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in ("numpy", "torch", "jax", "scikit-learn"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed, left out"
    return found


def as_json(tables: Tables, rounds: int) -> str:
    return json.dumps({"setting": setting(), "rounds": rounds, "microseconds": tables}, indent=2) + "\n"


def as_markdown(tables: Tables, rounds: int) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in setting().items())
    return "\n".join(
        [
            "# How fast the engine is",
            "",
            f"Made by `make bench`: float64, one thread, all in one process taking turns, medians of {rounds} rounds,",
            "of fewer where they are slow.",
            f"{facts}.",
            "Microseconds are this machine's, the ratios are what lasts.",
            "",
            "## A training step: loss, gradient and update, µs",
            "",
            *_table(tables["step"]),
            "",
            "## How many times as long as ours",
            "",
            "A step of ours against the products and exponentials in it, and others' against ours; goals in brackets.",
            "",
            *_table(tables["step"], _against_ours),
            "",
            f"Recording path, loss and gradient norm adds {_recording(tables):.0%} at 2-4-1.",
            "",
            "## Adam's update alone, µs",
            "",
            *_table(tables["adam"]),
            "",
            "## A gradient both ways, µs",
            "",
            "Forward differences need a loss for each parameter and one more; the check takes central ones, two each.",
            "",
            *_table(tables["gradient"]),
            "",
            "## A loss surface, ms of the processor",
            "",
            "Ours on one thread, exact where nothing else is said; JAX compiled in its best form, `lax.map` of `vmap`;",
            "PyTorch as the usual tools for loss landscapes do it, cell by cell.",
            "",
            *_table(tables["surface"], _milliseconds),
            "",
            "## How many times as long as our surface",
            "",
            "Ours against the exponentials in it, and others' against ours; goals in brackets.",
            "",
            *_table(tables["surface"], _surface_against_ours),
            "",
        ]
    )


def missed(tables: Tables) -> list[str]:
    """The goals that were not reached, in words."""
    found = []
    for case in CASES:
        for name, goal in case.goals.items():
            ratio = _ratio(tables["step"][case.name], name)
            if ratio is not None and (ratio > goal if name == FLOOR else ratio < goal):
                found.append(f"{case.name}: {name} {ratio:.2f}, goal {goal}")
    if _recording(tables) > 0.2:
        found.append(f"recording adds {_recording(tables):.0%}, goal 20 %")
    for name, row in tables["adam"].items():
        if (ratio := _ratio(row, "torch.optim.Adam")) is not None and ratio < 20:
            found.append(f"Adam's update, {name}: {ratio:.1f}, goal 20")
    return found + _missed_surfaces(tables["surface"])


def _missed_surfaces(rows: Mapping[str, Row]) -> list[str]:
    found = []
    for case in SURFACES:
        for name, goal in case.goals.items():
            if name not in rows[case.name]:
                continue
            ratio = surfaces.ratio(rows[case.name], name)
            if ratio > goal if name == surface_cases.FLOOR else ratio < goal:
                found.append(f"{case.name}: {name} {ratio:.2f}, goal {goal:g}")
    return found


def _recording(tables: Tables) -> float:
    row = tables["step"]["2-4-1 sigmoid, m = 100"]
    return row[RECORDED] / row[OURS] - 1.0


def _ratio(row: Row, name: str) -> float | None:
    if name not in row:
        return None
    return row[OURS] / row[name] if name == FLOOR else row[name] / row[OURS]


def _against_ours(case: str, row: Row, name: str) -> str:
    ratio, goal = _ratio(row, name), _goal(case, name)
    if ratio is None or name == OURS:
        return "–"
    return f"{ratio:.2f}" + (f" ({'≤' if name == FLOOR else '≥'} {goal:g})" if goal is not None else "")


def _surface_against_ours(case: str, row: Row, name: str) -> str:
    if name not in row or name == surfaces.OURS:
        return "–"
    goal = next(one.goals.get(name) for one in SURFACES if one.name == case)
    least = "≤" if name == surface_cases.FLOOR else "≥"
    return f"{surfaces.ratio(row, name):.3g}" + (f" ({least} {goal:g})" if goal is not None else "")


def _goal(case: str, name: str) -> float | None:
    return next((found.goals.get(name) for found in CASES if found.name == case), None)


def _time(case: str, row: Row, name: str) -> str:
    return f"{row[name]:.3g}" if name in row and row[name] < 1000 else f"{row[name]:,.0f}" if name in row else "–"


def _milliseconds(case: str, row: Row, name: str) -> str:
    return _time(case, {candidate: taken / 1e3 for candidate, taken in row.items()}, name)


def _table(rows: Mapping[str, Row], cell: Any = _time) -> list[str]:
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = [["", *columns], ["---", *("---:" for _ in columns)]]
    lines += [[case, *(cell(case, row, name) for name in columns)] for case, row in rows.items()]
    return [f"| {' | '.join(line)} |" for line in lines]
