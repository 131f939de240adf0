"""Reading a typed expression, by recursive descent. One method a line of the grammar:

sum      = product { ("+" | "-") product }
product  = signed { ("*" | "/") signed | power }      a power without a sign only after a number, ")" or "|"
signed   = ("-" | "+") signed | power
power    = atom [ "^" signed ]
atom     = number | name | name "(" sum { "," sum } ")" | "(" sum ")" | "|" sum "|"
"""

from difflib import get_close_matches

from app.engine.expressions.builder import DEFAULT_LIMITS, Builder, Limits
from app.engine.expressions.errors import ExpressionError, shown
from app.engine.expressions.operations import ALIASES, CONSTANTS, FUNCTIONS, OPERATIONS, VARIABLES
from app.engine.expressions.tokens import Token, tokens
from app.engine.expressions.tree import Tree

_CALLABLE = (*FUNCTIONS, *ALIASES)
_NAMES = (*VARIABLES, *CONSTANTS, *_CALLABLE)
_TAKES_MORE = {"min", "max"}


def parse(source: str, limits: Limits = DEFAULT_LIMITS) -> Tree:
    """The tree of an expression; ExpressionError, with the place, where it is none or too large."""
    if len(source) > limits.characters:
        raise ExpressionError("too_long", limits.characters, length=len(source), limit=limits.characters)
    return _Parser(list(tokens(source)), limits).whole()


class _Parser:
    def __init__(self, tokens: list[Token], limits: Limits) -> None:
        self.tokens, self.limits, self.build = tokens, limits, Builder(limits)
        self.position = self.depth = 0
        self.in_bars = False  # whether the next "|" after an operand closes or opens

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    @property
    def previous(self) -> Token:
        return self.tokens[self.position - 1]

    def take(self, *signs: str) -> Token | None:
        """The next token if it is one of these signs."""
        token = self.token
        if token.kind != "sign" or token.text not in signs:
            return None
        self.position += 1
        return token

    def whole(self) -> Tree:
        if len(self.tokens) == 1:
            raise ExpressionError("empty", 0)
        tree = self.sum()
        if self.token.kind != "end":
            raise self._misplaced(self.token)
        return tree

    def sum(self) -> Tree:
        tree = self.product()
        while sign := self.take("+", "-"):
            tree = self.build.apply(sign.text, sign.at, tree, self.product())
        return tree

    def product(self) -> Tree:
        tree, divided = self.signed(), False
        while True:
            if sign := self.take("*", "/"):
                tree, divided = self.build.apply(sign.text, sign.at, tree, self.signed()), sign.text == "/"
            elif self._sign_left_out():
                if divided:
                    raise ExpressionError("ambiguous_division", self.token.at)
                tree = self.build.apply("*", self.token.at, tree, self.power())
            else:
                return tree

    def signed(self) -> Tree:
        if sign := self.take("-", "+"):
            self._descend(sign.at)
            tree = self.signed()
            self.depth -= 1
            return self.build.apply("neg", sign.at, tree) if sign.text == "-" else tree
        return self.power()

    def power(self) -> Tree:
        base = self.atom()
        if sign := self.take("^"):
            self._descend(sign.at)
            at, exponent = self.token.at, self.signed()
            self.depth -= 1
            self.build.check_exponent(exponent, at)
            return self.build.apply("^", sign.at, base, exponent)
        return base

    def atom(self) -> Tree:
        token = self.token
        if token.kind == "end":
            raise ExpressionError("unfinished", token.at)
        self.position += 1
        if token.kind == "number":
            return self.build.number(token.text, token.at)
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            return self._enclosed(token, ")")[0]
        if token.text == "|":
            return self.build.apply("abs", token.at, *self._enclosed(token, "|"))
        raise self._misplaced(token)

    def _sign_left_out(self) -> bool:
        """Whether a product goes on without its sign, as in 3x and (x+1)(y-1)."""
        after = self.previous.kind == "number" or self.previous.text in {")", "|"}
        opening = self.token.text == "(" or (self.token.text == "|" and not self.in_bars)
        return after and (self.token.kind == "name" or opening)

    def _enclosed(self, opening: Token, closing: str, *, commas: bool = False) -> list[Tree]:
        self._descend(opening.at)
        outside, self.in_bars = self.in_bars, closing == "|"
        trees = [self.sum()]
        while commas and self.take(","):
            trees.append(self.sum())
        self.in_bars = outside
        self._close(opening, closing)
        return trees

    def _close(self, opening: Token, closing: str) -> None:
        if not self.take(closing):
            raise ExpressionError("unclosed", opening.at) if self.token.kind == "end" else self._misplaced(self.token)
        self.depth -= 1

    def _named(self, token: Token) -> Tree:
        name = token.text
        if name in _CALLABLE:
            return self._call(token)
        if name not in _NAMES:
            raise _unknown(token)
        if self.token.text == "(":
            raise ExpressionError("not_a_function", self.token.at, name=name)
        return self.build.symbol(name, token.at)

    def _call(self, token: Token) -> Tree:
        opening = self.token
        if not self.take("("):
            raise ExpressionError("needs_parentheses", token.at, name=token.text)
        return self._applied(token, self._enclosed(opening, ")", commas=True))

    def _applied(self, token: Token, arguments: list[Tree]) -> Tree:
        operation = ALIASES.get(token.text, token.text)
        expected = len(OPERATIONS[operation].slopes)
        if len(arguments) < expected or (len(arguments) > expected and token.text not in _TAKES_MORE):
            raise ExpressionError("arguments", token.at, name=token.text, expected=expected, got=len(arguments))
        if operation == "^":
            self.build.check_exponent(arguments[1], token.at)
        tree = self.build.apply(operation, token.at, *arguments[:expected])
        for argument in arguments[expected:]:
            tree = self.build.apply(operation, token.at, tree, argument)
        return tree

    def _descend(self, at: int) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise ExpressionError("too_deep", at, limit=self.limits.depth)

    def _misplaced(self, token: Token) -> ExpressionError:
        if token.text == ",":
            return ExpressionError("comma", token.at)
        if token.text == ")" and self.depth == 0:
            return ExpressionError("unopened", token.at)
        before = self.previous
        if token.kind in ("number", "name") or token.text in ("(", "|"):
            return ExpressionError("missing_operator", token.at, before=shown(before.text), after=shown(token.text))
        return ExpressionError("misplaced", token.at, found=token.text)


def _unknown(token: Token) -> ExpressionError:
    name = token.text
    if set(name.lower()) <= set(VARIABLES) and len(name) <= 5:
        return ExpressionError("unknown_similar", token.at, name=shown(name), suggestion="*".join(name.lower()))
    similar = get_close_matches(name.lower()[:40], _NAMES, n=1, cutoff=0.6)
    if similar:
        return ExpressionError("unknown_similar", token.at, name=shown(name), suggestion=similar[0])
    return ExpressionError("unknown", token.at, name=shown(name))
