"""What a client may send: a type, read strictly, whose errors a pupil can act on.

Strict means: 2.0 is no integer, `true` is no number, "1.5" is no number, an unknown field is refused, every number is
finite, no key stands twice. The same holds for bodies (JSON bytes), for values that are JSON already and for queries.
"""

import json
import re
from collections.abc import Hashable, Mapping
from functools import cache, cached_property
from typing import Any, Generic, NoReturn, TypeVar, cast
from urllib.parse import parse_qsl

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from app.errors import BadInput, EmptyBody, FieldError, Malformed
from app.field_errors import WHOLE_BODY, Schema, explain, known_names, place

MOST_FIELDS_OF_AN_OBJECT = 1000
MOST_CONTAINERS = 40_000  # eight runs with a thousand events each need 24,000
MOST_QUERY_PARAMETERS = 50
MOST_ENTRIES_TOLD_OF = 100

T = TypeVar("T")

_LONG_ROW_OF_NUMBERS = re.compile(rb"\[[-+.0-9eE,\s]{200,}\]")
_NOT_FINITE = re.compile(r"-?(?:NaN|Infinity)")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_OBJECTS = {"dataclass", "model", "tagged-union", "typed-dict", "definition-ref"}


class Shape(Generic[T]):
    """Anything pydantic can validate. Every method raises Malformed (400) or BadInput (422), never anything else."""

    def __init__(self, type_: Any) -> None:
        self._schema: Schema = _failing_fast(TypeAdapter(type_).core_schema)
        self._validator = SchemaValidator(cast("Any", self._schema))

    def from_json(self, raw: bytes) -> T:
        """What a body says."""
        check_json(raw)
        return self._validate(raw)

    def from_value(self, value: object) -> T:
        """What JSON values in Python (dict, list, str, numbers, None) say; used where a change was merged into them."""
        return self._validate(encoded(value))

    def from_query(self, query: bytes) -> T:
        """What a query string says, one parameter for each field of the type."""
        values = {name: self._parameter(name, value) for name, value in _pairs(query).items()} if query else {}
        return self._validate(orjson.dumps(values))

    def _validate(self, raw: bytes) -> T:
        try:
            return cast("T", self._validator.validate_json(raw, strict=True, extra="forbid"))
        except ValidationError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
                raise _too_deep() from None  # the one thing that pydantic refuses and `check_json` does not
            raise BadInput(errors=explain(error, self._schema)) from None

    def _parameter(self, name: str, value: str) -> Any:
        """Numbers and truth values are written as in JSON; whatever else stands there stays text, and is refused."""
        if name not in self._numbers or value != value.strip():
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """The fields that hold a number or a truth value, not a text."""
        names = known_names(place(self._schema, ()).schema)
        return frozenset(name for name in names if _holds_numbers(place(self._schema, (name,)).schema))


@cache
def shape_of(type_: Hashable) -> Shape[Any]:
    """The one shape of a type: those of recipes are large."""
    return Shape(type_)


def encoded(value: object) -> bytes:
    """JSON of values that came as JSON; orjson alone refuses integers of more than 64 bits."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()


def check_json(raw: bytes) -> None:
    """Refuse what is not one JSON text in UTF-8 (400), and JSON whose meaning readers would not agree on (422)."""
    if not raw.strip():
        raise EmptyBody
    if raw.count(b"{") + raw.count(b"[") > MOST_CONTAINERS:
        raise BadInput.at(WHOLE_BODY, "bad.too_many_containers", most=MOST_CONTAINERS)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        _refuse(raw, error)
    if isinstance(value, dict) and raw.count(b":") == len(value) <= MOST_FIELDS_OF_AN_OBJECT:
        return  # as many colons as names: none stands twice, and none stands deeper
    try:  # rows of numbers hold no keys, and are what makes bodies long
        _decoder().decode(_LONG_ROW_OF_NUMBERS.sub(b"[]", raw).decode())
    except RecursionError:
        raise _too_deep() from None


def _refuse(raw: bytes, error: orjson.JSONDecodeError) -> NoReturn:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("problem.malformed.encoding") from None
    if text.startswith("\ufeff"):
        raise Malformed("problem.malformed.encoding") from None
    if "depth limit" in error.msg:
        raise _too_deep() from None
    start = max(error.pos - 1, 0)
    if "infinity" in error.msg or _NOT_FINITE.match(text, error.pos) or _NOT_FINITE.match(text, start):
        raise BadInput.at(WHOLE_BODY, "bad.not_finite") from None
    if _SURROGATE.search(text, max(error.pos - 12, 0), error.pos + 12):
        raise BadInput.at(WHOLE_BODY, "bad.surrogate") from None
    raise Malformed("problem.malformed.at", line=error.lineno, column=error.colno) from None


def _too_deep() -> BadInput:
    return BadInput.at(WHOLE_BODY, "bad.too_deep")


@cache
def _decoder() -> json.JSONDecoder:
    """One for all bodies: each refers to itself, and would wait for the garbage collector."""
    return json.JSONDecoder(object_pairs_hook=_object)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | None:
    if len(pairs) > MOST_FIELDS_OF_AN_OBJECT:
        raise BadInput.at(WHOLE_BODY, "bad.too_many_fields", most=MOST_FIELDS_OF_AN_OBJECT)
    if len(dict(pairs)) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise BadInput.at(WHOLE_BODY, "bad.repeated_field", name=repeated)
    return None


def _pairs(query: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            query.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_QUERY_PARAMETERS
        )
    except UnicodeDecodeError:
        raise BadInput.at("query", "bad.query_encoding") from None
    except ValueError:
        raise BadInput.at("query", "bad.too_many_parameters", most=MOST_QUERY_PARAMETERS) from None
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise BadInput(errors=[FieldError(name, "bad.repeated_parameter") for name in values if names.count(name) > 1])
    return values


def _holds_numbers(schema: Schema | None) -> bool:
    match schema and schema["type"]:
        case "int" | "float" | "bool":
            return True
        case "union":
            return any(map(_holds_numbers, schema["choices"]))  # type: ignore[index]  # `match` does not narrow it
        case _:
            return False


def _failing_fast(schema: Any) -> Any:
    """The same schema, in which a list stops at its first wrong entry: 100,000 wrong numbers are one error.

    Short lists of objects, such as runs, report all that is wrong in them.
    """
    if isinstance(schema, list):
        return [_failing_fast(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    copied = {key: value if key == "metadata" else _failing_fast(value) for key, value in schema.items()}
    if copied.get("type") in {"list", "tuple"} and not _is_short_list_of_objects(copied):
        copied["fail_fast"] = True
    return copied


def _is_short_list_of_objects(schema: Mapping[str, Any]) -> bool:
    items = schema.get("items_schema")
    first = items[0] if isinstance(items, list) and items else items
    is_short = schema.get("max_length", MOST_CONTAINERS) <= MOST_ENTRIES_TOLD_OF
    return is_short and isinstance(first, Mapping) and first["type"] in _OBJECTS
