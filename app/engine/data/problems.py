"""What is wrong with data somebody sent: the key of a text and its values, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_PROBLEMS = 5  # more in one answer help nobody
MOST_CHARACTERS = 40
HUGE_BITS = 400  # whole numbers beyond are shown by their size; Python refuses to print the longest


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; `path` leads to it inside what was sent, as in `("X", 1, 6)`, but for rows of a file."""

    key: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        place = "".join(f"[{step}]" if isinstance(step, int) else step for step in self.path)
        facts = ", ".join(f"{name} {value!r}" for name, value in self.values.items())
        return (
            f"{place}: " * bool(place) + self.key.removeprefix("data.").replace("_", " ") + f" ({facts})" * bool(facts)
        )


class DataError(ValueError):
    """Data that cannot be used, with at most five problems.

    >>> raise DataError(Problem("data.cell_not_a_number", {"row": 7, "column": "height", "cell": "abc"}))
    Traceback (most recent call last):
    app.engine.data.problems.DataError: cell not a number (row 7, column 'height', cell 'abc')
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        super().__init__("; ".join(map(str, self.problems)))


def shown(value: object) -> str:
    """A value as it may be repeated in a message: at most 40 characters, all printable."""
    text = _spelled(value)
    text = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
    return "".join(character if character.isprintable() else "·" for character in text)


def _spelled(value: object) -> str:
    match value:
        case str():
            return value
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case int() if value.bit_length() > HUGE_BITS:
            return f"{'-' * (value < 0)}1e{int(value.bit_length() * 0.30103)}"
        case int() | float():
            return repr(value)
        case dict():
            return "{…}"
        case _:
            return "[…]"
