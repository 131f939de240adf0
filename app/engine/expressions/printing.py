"""Trees as text: in the grammar, which reads it back as the same tree, and as LaTeX."""

from collections.abc import Callable
from typing import NamedTuple

from app.engine.expressions.tree import Apply, Number, Symbol, Tree, postorder


class _Text(NamedTuple):
    """A text and how tightly what it says binds."""

    text: str
    binds: int


# From loose to tight. On paper a minus sign stands before a whole product, in the grammar before its first factor.
_SUM, _MINUS, _PRODUCT, _SIGN, _POWER, _ATOM = range(6)

# For each operation how tightly it binds, what its arguments must bind at least to need no parentheses, how it looks.
_GRAMMAR: dict[str, tuple[int, tuple[int, ...], str]] = {
    "+": (_SUM, (_SUM, _PRODUCT), "{} + {}"),
    "-": (_SUM, (_SUM, _PRODUCT), "{} - {}"),
    "*": (_PRODUCT, (_PRODUCT, _SIGN), "{}*{}"),
    "/": (_PRODUCT, (_PRODUCT, _SIGN), "{}/{}"),
    "neg": (_SIGN, (_SIGN,), "-{}"),
    "^": (_POWER, (_ATOM, _SIGN), "{}^{}"),
}
_LATEX: dict[str, tuple[int, tuple[int, ...], str]] = {
    "+": (_SUM, (_SUM, _PRODUCT), "{} + {}"),
    "-": (_SUM, (_SUM, _PRODUCT), "{} - {}"),
    "/": (_PRODUCT, (_SUM, _SUM), r"\frac{{{}}}{{{}}}"),
    "neg": (_MINUS, (_PRODUCT,), "-{}"),
    "^": (_POWER, (_ATOM, _SUM), "{}^{{{}}}"),
    "exp": (_POWER, (_SUM,), "e^{{{}}}"),
    "sqrt": (_ATOM, (_SUM,), r"\sqrt{{{}}}"),
    "abs": (_ATOM, (_SUM,), r"\left\lvert {} \right\rvert"),
}
_LATEX_NAMES = {
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "sigmoid": r"\sigma",
    **{name: rf"\operatorname{{{name}}}" for name in ("sign", "step", "relu", "softplus")},
}


def canonical(tree: Tree) -> str:
    """The expression in one fixed spelling, with no more parentheses than needed; `parse` gives the same tree."""
    return _printed(tree, _in_grammar)


def to_latex(tree: Tree) -> str:
    """The expression for display, as one formula."""
    return _printed(tree, _in_latex)


def written_size(tree: Tree) -> int:
    """How many nodes the tree has when written out, where shared parts count every time they appear."""
    sizes: dict[int, int] = {}
    for node in postorder(tree):
        parts = node.arguments if isinstance(node, Apply) else ()
        sizes[id(node)] = 1 + sum(sizes[id(part)] for part in parts)
    return sizes[id(tree)]


def _printed(tree: Tree, write: Callable[[Tree, list[_Text]], _Text]) -> str:
    texts: dict[int, _Text] = {}
    for node in postorder(tree):
        parts = node.arguments if isinstance(node, Apply) else ()
        texts[id(node)] = write(node, [texts[id(part)] for part in parts])
    return texts[id(tree)].text


def _in_grammar(node: Tree, parts: list[_Text]) -> _Text:
    match node:
        case Number(value):
            return _Text(_digits(value), _SIGN if value < 0 else _ATOM)
        case Symbol(name):
            return _Text(name, _ATOM)
        case Apply(operation) if operation in _GRAMMAR:
            binds, needs, form = _GRAMMAR[operation]
            return _Text(form.format(*_enclosed(parts, needs, "({})")), binds)
    return _Text(f"{node.operation}({', '.join(part.text for part in parts)})", _ATOM)


def _in_latex(node: Tree, parts: list[_Text]) -> _Text:
    match node:
        case Number(value):
            return _latex_number(value)
        case Symbol(name):
            return _Text(name if len(name) == 1 else f"\\{name}", _ATOM)
        case Apply("*"):
            factors = _enclosed(parts, (_MINUS, _PRODUCT), r"\left({}\right)")
            return _Text(_side_by_side(*factors), _MINUS if factors[0][0] == "-" else _PRODUCT)
        case Apply(operation) if operation in _LATEX:
            binds, needs, form = _LATEX[operation]
            return _Text(form.format(*_enclosed(parts, needs, r"\left({}\right)")), binds)
    name = _LATEX_NAMES.get(node.operation, f"\\{node.operation}")
    return _Text(rf"{name}\left({', '.join(part.text for part in parts)}\right)", _ATOM)


def _enclosed(parts: list[_Text], needs: tuple[int, ...], parentheses: str) -> list[str]:
    return [
        part.text if part.binds >= least else parentheses.format(part.text)
        for part, least in zip(parts, needs, strict=True)
    ]


def _side_by_side(left: str, right: str) -> str:
    """A product as it is written by hand, with a dot only where numbers and fractions would run together."""
    if right[0].isdigit() or right.startswith(r"\frac"):
        return rf"{left} \cdot {right}"
    return rf"{left} \, {right}" if right[0] == "\\" and not right.startswith(r"\left(") else f"{left} {right}"


def _latex_number(value: float) -> _Text:
    digits, _, exponent = _digits(value).partition("e")
    binds = _MINUS if value < 0 else _PRODUCT if exponent else _ATOM
    if not exponent:
        return _Text(digits, binds)
    factor = digits[:-1] if digits in {"1", "-1"} else rf"{digits} \cdot "
    return _Text(rf"{factor}10^{{{int(exponent)}}}", binds)


def _digits(value: float) -> str:
    """The shortest decimal number that is read back as this float."""
    return repr(value).removesuffix(".0")
