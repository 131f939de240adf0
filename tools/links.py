"""Links from the documentation to lines of code: `python -m tools.links` sets their numbers to where the code is now.

A link `[`name`](path#L12)` means the line that defines the name, or else the one that holds the text as it stands.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
LINE_LINK = re.compile(r"\[`([^`]+)`\]\(([^)#\s]+)#L(\d+)\)")


def lines_of(text: str, path: Path) -> list[int]:
    """The numbers of the lines that define `text`, a dotted name; where none does, of those that contain it."""
    lines = list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    definition = re.compile(rf"\s*(?:class|def|export (?:async )?function) {re.escape(text.rpartition('.')[2])}\b")
    return [n for n, line in lines if definition.match(line)] or [n for n, line in lines if text in line]


def corrected(page: Path) -> str:
    """The page's text with every link at the nearest line that fits; ValueError where no line does."""

    def correct(match: re.Match[str]) -> str:
        text, name, line = match[1], match[2], int(match[3])
        fitting = lines_of(text, page.parent / name)
        if not fitting:
            raise ValueError(f"{page.name} links to `{text}`, which is not in {name}")
        return f"[`{text}`]({name}#L{min(fitting, key=lambda number: abs(number - line))})"

    return LINE_LINK.sub(correct, page.read_text(encoding="utf-8"))


def main() -> None:
    """Writes every page anew whose links have moved."""
    for page in PAGES:
        try:
            text = corrected(page)
        except ValueError as problem:
            sys.exit(str(problem))
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(f"corrected {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
