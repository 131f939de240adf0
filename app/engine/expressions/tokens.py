"""Cutting a typed expression into numbers, names and signs, each with the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.engine.expressions.errors import ExpressionError, shown

# What word processors and keyboards make of the signs of the grammar.
_SAME = {"**": "^", "·": "*", "×": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-", "π": "pi", "τ": "tau"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\u00a0]+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*|[πτ])"
    r"|(?P<sign>\*\*|[-+*/^(),|·×⋅÷−–])"
    r"|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """`text` in the grammar's own spelling, `at` the index in what was typed."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    at: int


def tokens(source: str) -> Iterator[Token]:
    """The tokens of `source`, then an end; ExpressionError at the first character that cannot begin one."""
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise _cannot_begin(source[at], at)
        yield from _read(found)
        at = found.end()
    yield Token("end", "", len(source))


def _read(found: re.Match[str]) -> Iterator[Token]:
    text, at = _SAME.get(found[0], found[0]), found.start()
    match found.lastgroup:
        case "number" | "name" | "sign" as kind:
            yield Token(kind, text, at)
        case "raised":
            yield Token("sign", "^", at)
            yield Token("number", text.translate(_RAISED), at)


def _cannot_begin(character: str, at: int) -> ExpressionError:
    return ExpressionError("equals" if character == "=" else "character", at, found=shown(character))
