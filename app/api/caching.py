"""Answers that a client may keep and ask about again: `ETag` on the way out, `If-None-Match` on the way back."""

from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.answers import Encoded

PRIVATE = "private, no-cache"
"""Kept by the browser alone, and asked about before each use."""

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the answer whose ETag stands in If-None-Match."}
}


def tag(*parts: object) -> str:
    """A strong ETag of all that an answer of this build is made from."""
    return f'"{sha256(repr((__version__, parts)).encode()).hexdigest()[:24]}"'


def not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """304 where the client has the answer with the ETag of these headers already.

    The comparison is the weak one of RFC 9110, as a proxy that compresses makes tags weak.
    """
    known = request.headers.get("if-none-match")
    if known is None:
        return None
    tags = {part.strip().removeprefix("W/") for part in known.split(",")}
    return Encoded(b"", 304, headers=headers) if tags & {headers["ETag"], "*"} else None
