"""Measure everything, print the tables, or write them and the figures to files: `make bench`."""

import argparse
import os
import sys
from pathlib import Path

from tests.benchmarks.measures import everything
from tests.benchmarks.report import as_json, as_markdown, missed
from tests.benchmarks.timing import ROUNDS

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each candidate has its turn")
    parser.add_argument("--markdown", type=Path, help="a file for the tables, else they are printed")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    tables = everything(arguments.rounds)
    markdown = as_markdown(tables, arguments.rounds)
    if arguments.json:
        arguments.json.write_text(as_json(tables, arguments.rounds), encoding="utf-8")
    if arguments.markdown:
        arguments.markdown.write_text(markdown, encoding="utf-8")
    else:
        sys.stdout.write(markdown)
    for goal in missed(tables):
        sys.stderr.write(f"missed: {goal}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
