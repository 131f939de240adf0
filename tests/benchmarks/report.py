"""The figures as Markdown tables: times and what others take beside ours, and whether the goals are met."""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.benchmarks.cases import CASES
from tests.benchmarks.measures import FLOOR, OURS, RECORDED, Row

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
            f"Made by `make bench`: float64, one thread, all in one process taking turns, medians of {rounds} rounds.",
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


def _goal(case: str, name: str) -> float | None:
    return next((found.goals.get(name) for found in CASES if found.name == case), None)


def _time(case: str, row: Row, name: str) -> str:
    return f"{row[name]:.3g}" if name in row and row[name] < 1000 else f"{row[name]:,.0f}" if name in row else "–"


def _table(rows: Mapping[str, Row], cell: Any = _time) -> list[str]:
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = [["", *columns], ["---", *("---:" for _ in columns)]]
    lines += [[case, *(cell(case, row, name) for name in columns)] for case, row in rows.items()]
    return [f"| {' | '.join(line)} |" for line in lines]
