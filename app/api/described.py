"""What OpenAPI says of problems: a schema, and for every status of a route the problems that may stand behind it."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from app.errors import (
    MEDIA_TYPE,
    MOST_ERRORS,
    AccessNeeded,
    BadInput,
    BodyTooLarge,
    Defect,
    EmptyBody,
    FieldError,
    ForeignHost,
    Malformed,
    NotJson,
    Problem,
    Stopping,
    StoreUnavailable,
    TooMuchWork,
)

Responses = dict[int | str, dict[str, Any]]

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "ProblemDetails",
    "type": "object",
    "description": "RFC 9457. Never more than 4 KB.",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri", "pattern": "^urn:descent:[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "maxItems": MOST_ERRORS,
            "items": {
                "type": "object",
                "required": ["where", "problem"],
                "additionalProperties": False,
                "properties": {"where": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}
_EXAMPLE_VALUES: dict[str, Any] = {"most": 1_048_576, "seconds": 1, "request_id": "5f0c1e2d-1a"}
_EXAMPLE_ERROR = FieldError("runs[0].optimizer.learning_rate", "bad.less_than_equal", {"le": 100, "got": 1000})
_RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}


def problems(*types: type[Problem]) -> Responses:
    """The `responses=` of a route for problems of its own; what any route may answer is added by itself."""
    by_status = groupby(sorted(types, key=attrgetter("status")), key=attrgetter("status"))
    return {status: _response(list(group)) for status, group in by_status}


def answers(model: Any, *types: type[Problem], status: int = 200) -> Responses:
    """The `responses=` of a route: what it answers when all is well, and the problems of its own."""
    return {status: {"model": model}} | problems(*types)


def general_problems(*, with_body: bool) -> Responses:
    """What any route may answer."""
    of_body = (Malformed, EmptyBody, BodyTooLarge, NotJson) if with_body else ()
    return problems(*of_body, AccessNeeded, ForeignHost, BadInput, TooMuchWork, Defect, StoreUnavailable, Stopping)


def _response(types: Iterable[type[Problem]]) -> dict[str, Any]:
    documents = {type_.type: _example(type_) for type_ in types}
    content = {
        "schema": {"$ref": "#/components/schemas/ProblemDetails"},
        "examples": {name: {"value": document} for name, document in documents.items()},
    }
    response: dict[str, Any] = {
        "description": " · ".join(document["title"] for document in documents.values()),
        "content": {MEDIA_TYPE: content},
    }
    if any(issubclass(type_, TooMuchWork | StoreUnavailable | Stopping) for type_ in types):
        response["headers"] = _RETRY_AFTER
    return response


def _example(type_: type[Problem]) -> dict[str, Any]:
    problem = Problem.__new__(type_)
    Problem.__init__(problem, errors=[_EXAMPLE_ERROR] if type_ is BadInput else (), **_EXAMPLE_VALUES)
    return problem.document()
