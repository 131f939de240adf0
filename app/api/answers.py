"""What goes back: JSON that is encoded once, and problems in the language of whoever asked."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from starlette.responses import Response

from app.errors import MEDIA_TYPE, Problem
from app.texts import DEFAULT_LANGUAGE

MOST_PROBLEM_BYTES = 4096
JSON = b"application/json"
WITHOUT_CONTENT = (204, 304)


class Encoded(Response):
    """A body that is bytes already. Starlette's own constructor costs more than encoding a small answer."""

    def __init__(
        self, body: bytes, status: int = 200, media_type: bytes = JSON, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        length = (b"content-length", str(len(body)).encode())
        self.raw_headers = [] if status in WITHOUT_CONTENT else [(b"content-type", media_type), length]
        if headers:
            self.raw_headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as a JSON answer."""
    return Encoded(encoded(value), status, JSON, headers)


def encoded(value: Any) -> bytes:
    """`value` as JSON; NumPy arrays are written without a detour, floats in shortest round-trip form."""
    return orjson.dumps(value, _listed, orjson.OPT_SERIALIZE_NUMPY)


def _listed(value: Any) -> Any:
    """What orjson does not write by itself: arrays whose rows do not lie one after another."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no JSON")


def problem_response(problem: Problem, language: str = DEFAULT_LANGUAGE) -> Response:
    """The problem document, never more than 4 KB: errors are left out from the end until it fits."""
    document = problem.document(language)
    body = orjson.dumps(document)
    while len(body) > MOST_PROBLEM_BYTES and document.get("errors"):
        document["errors"].pop()
        body = orjson.dumps(document)
    headers = {**problem.headers, "Content-Language": language}
    return Encoded(body, problem.status, MEDIA_TYPE.encode(), headers)
