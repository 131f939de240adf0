"""From pydantic's errors to at most five sentences for a pupil: where, what is wrong, and what may have been meant.

A location of pydantic names the branches of unions, which the sender never wrote. It is walked along the core schema,
so that exactly the parts that stand in the JSON remain, and so that the names known at the place can be told.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.engine.data.problems import DataError
from app.engine.expressions.errors import ExpressionError
from app.errors import MOST_ERRORS, MOST_NAME_CHARACTERS, FieldError, Words, shown
from app.texts import texts

Schema = Mapping[str, Any]
Part = int | str

MOST_NAMES_LISTED = 24
MOST_DETAILS_READ = 100
MOST_PATH_CHARACTERS = 120
WHOLE_BODY = "body"

# What an error of pydantic's says was expected, as a text.
_EXPECTED = {
    "bool_type": "type.boolean",
    "dataclass_type": "type.object",
    "dict_type": "type.object",
    "float_type": "type.number",
    "int_type": "type.integer",
    "list_type": "type.list",
    "model_attributes_type": "type.object",
    "model_type": "type.object",
    "none_required": "type.null",
    "string_type": "type.string",
    "tuple_type": "type.list",
}
_UNKNOWN_FIELD = {"extra_forbidden", "unexpected_keyword_argument"}
_CONTAINERS = {  # and where the schema of their entries stands
    "dataclass-args": "fields",
    "dict": "values_schema",
    "list": "items_schema",
    "model-fields": "fields",
    "tuple": "items_schema",
    "typed-dict": "fields",
}
_TRANSPARENT = {"dataclass", "default", "function-after", "function-before", "function-wrap", "model", "nullable"}


class Place(NamedTuple):
    """Where a location leads: its parts in the JSON and the schema found there.

    `left` counts what could not be followed, `in_union` says whether one of several possible types was looked into.
    """

    parts: tuple[Part, ...]
    schema: Schema | None
    left: int = 0
    in_union: bool = False


class Complaint(NamedTuple):
    """An error, and whether its location went through a branch of a union."""

    parts: tuple[Part, ...]
    in_union: bool
    error: FieldError


def explain(error: ValidationError, schema: Schema) -> tuple[FieldError, ...]:
    """At most five errors, one for a place; of a union's branches the one that the input came nearest to."""
    first = error.errors(include_url=False)[:MOST_DETAILS_READ]
    complaints = [complaint for details in first for complaint in _complaints(details, schema)]
    errors: dict[str, FieldError] = {}
    for complaint in complaints:
        if not _explained_deeper(complaint, complaints):
            where = complaint.error.where
            errors[where] = _either(errors[where], complaint.error) if where in errors else complaint.error
    return tuple(errors.values())[:MOST_ERRORS]


def place(schema: Schema, location: tuple[Part, ...]) -> Place:
    """Follow a location of pydantic's through the core schema."""
    definitions = {item["ref"]: item for item in schema.get("definitions", ())}
    return _follow(schema, location, definitions)


def known_names(schema: Schema | None) -> tuple[str, ...]:
    """The fields of an object, the kinds of a union, the values of a literal."""
    match schema and schema["type"]:
        case "model-fields" | "typed-dict":
            return tuple(_fields_as_sent(schema))  # type: ignore[arg-type]  # `match` does not narrow the mapping
        case "dataclass-args":
            return tuple(field["name"] for field in schema["fields"])  # type: ignore[index]  # the same
        case "tagged-union":
            return tuple(map(str, schema["choices"]))  # type: ignore[index]  # the same
        case "literal":
            return tuple(map(str, schema["expected"]))  # type: ignore[index]  # the same
        case _:
            return ()


def _fields_as_sent(schema: Schema) -> dict[Part, Schema]:
    """By the names that clients know, which differ from ours where those are words of Python."""
    return {field.get("validation_alias", name): field for name, field in schema["fields"].items()}


def path(parts: Iterable[Part]) -> str:
    """`("runs", 0, "name")` is `runs[0].name`; names too long to repeat become an ellipsis."""
    joined = "".join(f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in parts).removeprefix(".")
    return joined if len(joined) <= MOST_PATH_CHARACTERS else joined[: MOST_PATH_CHARACTERS - 1] + "…"


def unknown_name(where: str, name: str, known: tuple[str, ...], key: str = "bad.unknown_field") -> FieldError:
    """What to say of a name that is not known: the nearest that is, or all of them."""
    if not known:
        return FieldError(where, f"{key}_at_all", {"got": name})
    nearest = get_close_matches(name[:MOST_NAME_CHARACTERS], known, n=1)
    if nearest:
        return FieldError(where, f"{key}_nearest", {"got": name, "nearest": nearest[0]})
    return FieldError(where, key, {"got": name, "known": _listed(known)})


def _complaints(details: Mapping[str, Any], schema: Schema) -> list[Complaint]:
    """One for each error of pydantic's; what our own types refuse may be several things, at places below theirs."""
    if details["type"] != "value_error":
        return [_complaint(details, schema)]
    here = place(schema, details["loc"]).parts
    match details["ctx"]["error"]:
        case DataError(problems=problems):
            found = [((*here, *problem.path), problem.key, problem.values) for problem in problems]
        case ExpressionError(key=key, values=values):
            found = [((*here, "expression"), key, values)]
        case _:
            raise details["ctx"]["error"]
    return [Complaint(parts, False, FieldError(path(parts), key, values)) for parts, key, values in found]


def _complaint(details: Mapping[str, Any], schema: Schema) -> Complaint:
    location = details["loc"]
    if details["type"] in _UNKNOWN_FIELD:
        parent = place(schema, location[:-1])
        parts = (*parent.parts, location[-1])
        return Complaint(parts, False, unknown_name(path(parts), str(location[-1]), known_names(parent.schema)))
    here = place(schema, location)
    return Complaint(here.parts, here.in_union, _say(details, here))


def _say(details: Mapping[str, Any], here: Place) -> FieldError:
    kind, got, context = details["type"], details["input"], details.get("ctx", {})
    where = path(here.parts) or WHOLE_BODY
    known = known_names(here.schema)
    if kind in _EXPECTED:
        return FieldError(where, "bad.type", {"expected": Words((_EXPECTED[kind],)), "got": _got(got)})
    if kind == "union_tag_invalid":
        return unknown_name(path((*here.parts, _discriminator(context))), context["tag"], known, "bad.unknown_kind")
    if kind == "union_tag_not_found":
        return FieldError(path((*here.parts, _discriminator(context))), "bad.missing_kind", {"known": _listed(known)})
    if kind == "literal_error" and isinstance(got, str):
        return unknown_name(where, got, known, "bad.unknown_value")
    # Those of validators of ours (see `unacceptable`) have a whole key for a type already.
    key = kind if kind.startswith("bad.") else f"bad.{kind}"
    if key not in texts():
        return FieldError(where, "bad.value_error")
    bounds = {name: _bound(value) for name, value in context.items()}
    return FieldError(where, key, {"known": _listed(known), "got": _got(got), **bounds})


def _discriminator(context: Mapping[str, Any]) -> str:
    """The field that tells the branches of a union apart; pydantic shows a name in quotes, a function with ()."""
    return str(context["discriminator"]).strip("'()")


def _bound(value: object) -> object:
    """A bound as it was written: pydantic tells that of a float field as 100.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 10**15 else value


def _got(value: object) -> object:
    """What an answer repeats of a wrong value: numbers and truth values; of everything else only what it is."""
    if isinstance(value, bool | int | float):
        return value
    names = ((str, "type.string"), (list, "type.list"), (dict, "type.object"))
    return Words(next(((name,) for type_, name in names if isinstance(value, type_)), ("type.null",)))


def _listed(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) <= MOST_NAMES_LISTED else (*names[:MOST_NAMES_LISTED], "…")


def _either(first: FieldError, second: FieldError) -> FieldError:
    """Two branches of a union want different types at one place: say both."""
    if first.key == second.key == "bad.type":
        expected = dict.fromkeys((*first.values["expected"], *second.values["expected"]))  # type: ignore[misc]  # Words
        return first._replace(values={**first.values, "expected": Words(expected)})
    return first


def _explained_deeper(complaint: Complaint, others: list[Complaint]) -> bool:
    """A union's branch, or a list that is too short only because wrong entries do not count."""
    if not (complaint.in_union or complaint.error.key == "bad.too_short"):
        return False
    depth, name = len(complaint.parts), _name(complaint.parts)
    return any(
        other.parts != complaint.parts
        and (other.parts[:depth] == complaint.parts or (_name(other.parts) == name and other.parts > complaint.parts))
        for other in others
    )


def _name(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A place without the indices at its end: where that is one, the branch that came furthest in a list is meant."""
    return _name(parts[:-1]) if parts and isinstance(parts[-1], int) else parts


def _follow(schema: Schema, location: tuple[Part, ...], definitions: Mapping[str, Schema]) -> Place:
    schema = _plain(schema, definitions)
    if not location:
        return Place((), schema)
    found = Place((), schema, len(location))
    for part, child in _continuations(schema, location[0]):
        below = _follow(child, location[1:], definitions) if child else Place((), None, len(location) - 1)
        if below.left < found.left:
            in_union = below.in_union or schema["type"] == "union"
            found = Place((*part, *below.parts), below.schema, below.left, in_union)
    return found


def _plain(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema that gives the JSON its form, without what is wrapped around it."""
    while True:
        kind = schema["type"]
        if kind == "definition-ref":
            schema = definitions[schema["schema_ref"]]
        elif kind in _TRANSPARENT or kind == "definitions":
            schema = schema["schema"]
        elif kind == "json-or-python":
            schema = schema["json_schema"]
        else:
            return schema


def _continuations(schema: Schema, element: Part) -> list[tuple[tuple[Part, ...], Schema | None]]:
    """Where a location's element may lead: the part it adds to the path (none for a union's branch) and the schema."""
    kind = schema["type"]
    if kind == "union":
        return [((), choice[0] if isinstance(choice, tuple) else choice) for choice in schema["choices"]]
    if kind == "tagged-union":
        return [((), schema["choices"].get(element))]
    return [((element,), _child(schema, element))] if kind in _CONTAINERS else []


def _child(schema: Schema, element: Part) -> Schema | None:
    """The schema of a field or an entry."""
    match schema["type"]:
        case "dataclass-args":
            return {field["name"]: field["schema"] for field in schema["fields"]}.get(element)
        case "model-fields" | "typed-dict":
            return _fields_as_sent(schema).get(element, {}).get("schema")
        case "tuple":
            items: list[Schema] = schema["items_schema"]
            return items[min(int(element), len(items) - 1)]
        case kind:
            return schema.get(_CONTAINERS[kind])
