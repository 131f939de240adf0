"""How much of each module of the page the browser tests execute: `make js-coverage`.

Where the environment names a folder in JS_COVERAGE, pages are watched with V8's block coverage, and every process of
pytest leaves there what was executed, in characters of each module. `python -m tests.browser.script_coverage FOLDER`
puts it together and fails below LEAST percent of a module's code, comments and blanks not counted.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "static" / "js"
FOLDER = os.environ.get("JS_COVERAGE")
LEAST = 85  # percent
NO_CODE = re.compile(r"^\s*/\*.*?\*/|^\s*//[^\n]*|\s+", re.DOTALL | re.MULTILINE)

Executed = dict[str, bytearray]
"""For each module, by its path in `static/js`, one byte a character: 1 where it was executed."""


def executed(functions: list[dict[str, Any]], length: int) -> bytearray:
    """V8's nested ranges as one byte a character; an inner range tells better than the one around it.

    >>> def block(start, end, count):
    ...     return {"startOffset": start, "endOffset": end, "count": count}
    >>> whole, inner = [block(0, 8, 1), block(2, 6, 0)], [block(3, 5, 2)]
    >>> list(executed([{"ranges": inner}, {"ranges": whole}], 8))
    [1, 1, 0, 1, 1, 0, 1, 1]
    """
    ranges = sorted(
        (found for function in functions for found in function["ranges"]),
        key=lambda found: (found["startOffset"], -found["endOffset"]),
    )
    result = bytearray(length)
    for found in ranges:
        start, end = found["startOffset"], min(found["endOffset"], length)
        result[start:end] = bytes([found["count"] > 0]) * (end - start)
    return result


def merged(one: bytearray | None, other: bytearray) -> bytearray:
    """What either of the two has executed."""
    return other if one is None else bytearray(a | b for a, b in zip(one, other, strict=True))


class Watch:
    """What the pages of this process have executed so far."""

    def __init__(self) -> None:
        self.seen: Executed = {}

    @contextmanager
    def over(self, page: Page) -> Iterator[Page]:
        """Notes what this page executes from now on; it is still open at the end."""
        if not FOLDER:
            yield page
            return
        session = page.context.new_cdp_session(page)
        session.send("Profiler.enable")
        session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True})
        yield page
        for script in session.send("Profiler.takePreciseCoverage")["result"]:
            self.note(script["url"].partition("/js/")[2], script["functions"])

    def note(self, name: str, functions: list[dict[str, Any]]) -> None:
        """Adds a script, if it is a module of the page."""
        if name and (source := SOURCE / name).is_file():
            length = len(source.read_text(encoding="utf-8"))
            self.seen[name] = merged(self.seen.get(name), executed(functions, length))

    def leave(self) -> None:
        """Writes it into the folder, if there is one."""
        if not FOLDER:
            return
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        found = {name: done.hex() for name, done in self.seen.items()}
        Path(FOLDER, f"{os.getpid()}.json").write_text(json.dumps(found), encoding="utf-8")


def gathered(folder: Path) -> Executed:
    """What all processes left."""
    result: Executed = {}
    for file in folder.glob("*.json"):
        for name, done in json.loads(file.read_text(encoding="utf-8")).items():
            result[name] = merged(result.get(name), bytearray.fromhex(done))
    return result


def share(source: str, done: bytearray) -> tuple[float, list[int]]:
    """Percent of the code that was executed, and the lines with some that was not.

    >>> share("// why\\nab();\\n\\n/** how\\n * so */\\ncd();", bytearray(b"\\1" * 13 + bytes(24)))
    (50.0, [6])
    """
    idle = {at for found in NO_CODE.finditer(source) for at in range(*found.span())}
    code = [at for at in range(len(source)) if at not in idle]
    missing = [at for at in code if not done[at]]
    lines = sorted({source.count("\n", 0, at) + 1 for at in missing})
    return 100 * (1 - len(missing) / len(code)), lines


def is_types_alone(source: str) -> bool:
    """Whether no browser ever loads it."""
    return NO_CODE.sub("", source) == "export{};"


def main() -> None:
    """Prints all modules, the weakest first; ends with 1 where one lies below LEAST."""
    found = gathered(Path(sys.argv[1]))
    rows = []
    for file in sorted(SOURCE.rglob("*.js")):
        name, source = file.relative_to(SOURCE).as_posix(), file.read_text(encoding="utf-8")
        if not is_types_alone(source):
            rows.append((*share(source, found.get(name, bytearray(len(source)))), name))
    for percent, lines, name in sorted(rows):
        sys.stdout.write(f"{percent:5.1f} %  {name}  {', '.join(map(str, lines[:24]))}\n")
    below = [name for percent, _, name in rows if percent < LEAST]
    if below:
        sys.exit(f"{len(below)} of {len(rows)} modules lie below {LEAST} %")


if __name__ == "__main__":
    main()
