"""Names of columns and classes that people give: short, printable, told apart."""

from collections.abc import Sequence

from app.engine.data.dataset import MAX_NAME
from app.engine.data.problems import DataError, Problem, shown


def check_names(names: Sequence[str], expected: int, path: str) -> None:
    """DataError unless there are `expected` different names of 1–80 printable characters."""
    if len(names) != expected:
        raise DataError(Problem("data.names_differ", {"names": len(names), "expected": expected}, (path,)))
    for index, name in enumerate(names):
        if not (0 < len(name) <= MAX_NAME and name.isprintable()):
            raise DataError(Problem("data.bad_name", {"name": shown(name), "limit": MAX_NAME}, (path, index)))
        if name in names[:index]:
            raise DataError(Problem("data.name_twice", {"name": shown(name)}, (path, index)))


def tidy(name: str) -> str:
    r"""A heading as one printable line of at most 80 characters.

    >>> tidy(" height\nin cm ")
    'height in cm'
    """
    line = " ".join(name.split())
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= MAX_NAME else line[: MAX_NAME - 1] + "…"
