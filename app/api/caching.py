"""Answers that a client may keep and ask about again: `ETag` on the way out, `If-None-Match` on the way back."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.answers import Encoded

MOST_KEPT_BYTES = 4 * 2**20
MOST_BYTES_OF_ONE = 64 * 2**10

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


class RecentAnswers:
    """Bodies by their ETag, which says all that they are made from: a class that watches one run asks the same."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self.kept_bytes = 0

    def get(self, etag: str, make: Callable[[], bytes]) -> bytes:
        """The body with this tag; made where nobody asked for it lately, and kept if it is not large."""
        body = self._bodies.get(etag)
        if body is None:
            body = make()
            if len(body) <= MOST_BYTES_OF_ONE:
                self._bodies[etag] = body
                self.kept_bytes += len(body)
        while self.kept_bytes > MOST_KEPT_BYTES:
            self.kept_bytes -= len(self._bodies.popitem(last=False)[1])
        return body


class SharedAnswers:
    """Bodies by their ETag that take long to make, at most so many bytes: who asks meanwhile waits for the same one."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, asyncio.Future[bytes]] = {}
        self.kept_bytes = 0

    async def get(self, etag: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """The body with this tag; it is made to its end even if nobody waits any more."""
        body = self._bodies.get(etag)
        if body is not None:
            self._bodies.move_to_end(etag)
            return body
        if etag not in self._making:
            self._making[etag] = asyncio.ensure_future(make())
            self._making[etag].add_done_callback(lambda made: self._note(etag, made))
        return await asyncio.shield(self._making[etag])

    def _note(self, etag: str, made: "asyncio.Future[bytes]") -> None:
        del self._making[etag]
        if made.cancelled() or made.exception() is not None:
            return
        self._bodies[etag] = made.result()
        self.kept_bytes += len(made.result())
        while self.kept_bytes > self._most_bytes:
            self.kept_bytes -= len(self._bodies.popitem(last=False)[1])
