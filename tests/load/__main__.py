"""A class on this machine, server and clients beside each other: `make load`."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from tests.load import scenarios
from tests.load.figures import Row, missed
from tests.load.server import served

SECONDS = 12.0


def traffic(folder: Path, seconds: float, workers: int) -> dict[str, Row]:
    """The rows of everything that is asked over the wire, each with a server of its own."""
    cores = os.cpu_count() or 1
    rows: dict[str, Row] = {}
    for name, prepare, what in (
        (scenarios.PLAYING, scenarios.students, None),
        (scenarios.SPECTATORS, scenarios.spectators, "poll"),
        (scenarios.BESIDE, scenarios.spectators_and_others, "poll"),
        (scenarios.OVERLOAD, scenarios.too_many(cores), "poll"),
    ):
        store = f"sqlite:///{folder}/{len(rows)}.sqlite3"
        with served(store, folder / "log.txt", workers=workers) as server:
            rows[name] = uvloop.run(scenarios.measured(server, prepare, seconds, what))
            rows[name]["MB"] = server.memory_mb()
        say(name, rows[name])
    return rows


def memory(folder: Path, *, whole: bool) -> dict[str, Row]:
    """The rows of what a server takes; with `whole` those of 10,000 sessions, too, which are some minutes."""
    rows = {scenarios.IDLE: scenarios.idle(folder), scenarios.LIVE: scenarios.memory_of_one(folder)}
    if whole:
        rows[scenarios.IN_SQLITE] = scenarios.memory_of_many(f"sqlite:///{folder}/many.sqlite3", folder)
        rows[scenarios.IN_MEMORY] = scenarios.memory_of_many("memory://", folder)
    for name, row in rows.items():
        say(name, row)
    return rows


def say(name: str, row: Row) -> None:
    print(f"{name:40s}", "  ".join(f"{figure} {value:.4g}" for figure, value in row.items()), flush=True)


def markdown(rows: Mapping[str, Row], seconds: float, load: float) -> str:
    """`load` is the machine's own before anything was asked for: above 0 the figures are worse than they had to be."""
    facts = f"python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    lines = [
        "# What one machine bears",
        "",
        f"Made by `make load`: a server with a SQLite file and all its clients on one machine ({facts}),",
        f"{seconds:g} s each; goals in brackets. Percentiles of spectators are those of their polls.",
        f"Before it began, others kept {load:.1f} processes of this machine busy.",
        "",
    ]
    for title, names in (("Traffic", traffic_names()), ("Memory and start", memory_names())):
        there = {name: rows[name] for name in names if name in rows}
        if there:
            lines += [f"## {title}", "", *table(there), ""]
    return "\n".join(lines)


def traffic_names() -> tuple[str, ...]:
    return scenarios.PLAYING, scenarios.SPECTATORS, scenarios.BESIDE, scenarios.OVERLOAD


def memory_names() -> tuple[str, ...]:
    return scenarios.IDLE, scenarios.LIVE, scenarios.IN_SQLITE, scenarios.IN_MEMORY


def table(rows: Mapping[str, Row]) -> list[str]:
    columns = list(dict.fromkeys(figure for row in rows.values() for figure in row))
    lines = [["", *columns], ["---", *("---:" for _ in columns)]]
    lines += [[name, *(cell(name, row, column) for column in columns)] for name, row in rows.items()]
    return [f"| {' | '.join(line)} |" for line in lines]


def cell(name: str, row: Row, column: str) -> str:
    goal = next((goal for goal in scenarios.GOALS if (goal.row, goal.figure) == (name, column)), None)
    return f"{row[column]:,.4g}{f' (≤ {goal.most:g})' if goal else ''}" if column in row else "–"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each scenario")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", choices=("traffic", "memory"), help="half of it")
    parser.add_argument("--quick", action="store_true", help="without the 10,000 sessions")
    parser.add_argument("--markdown", type=Path, help="a file for the tables")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    given = parser.parse_args()
    rows: dict[str, Row] = {}
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        if given.only != "memory":
            rows |= traffic(Path(folder), given.seconds, given.workers)
        if given.only != "traffic":
            rows |= memory(Path(folder), whole=not given.quick)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    if given.markdown:
        given.markdown.write_text(markdown(rows, given.seconds, load), encoding="utf-8")
    for goal in missed(rows, scenarios.GOALS):
        sys.stderr.write(f"missed: {goal}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
