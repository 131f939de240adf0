"""What is wrong with a typed expression, as data: the layer above has the words."""

from collections.abc import Mapping

SHOWN_CHARACTERS = 40


class ExpressionError(ValueError):
    """`key` names the text `expression.<key>`, `values` fill its placeholders, `at` is the character, from 0.

    `values` always has `character`, which is `at` counted from 1. Of what was typed it repeats single characters and
    names only, printable and of at most 40 characters.
    """

    def __init__(self, key: str, at: int, **values: str | float) -> None:
        self.key = f"expression.{key}"
        self.at = at
        self.values: Mapping[str, str | float] = {"character": at + 1, **values}
        super().__init__(f"{self.key} {dict(self.values)}")


def shown(typed: str) -> str:
    """What may be repeated of something typed: unprintable characters by their code, long names cut."""
    plain = "".join(letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in typed[:SHOWN_CHARACTERS])
    return plain if len(plain) <= SHOWN_CHARACTERS and len(typed) <= SHOWN_CHARACTERS else plain[:39] + "…"
