"""One request to an application in this process, without a server: what the server would hand over, byte by byte."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    read: int
    """How many bytes of the request's body the application asked for."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        """The last part of a problem's type."""
        assert self.headers["content-type"] == "application/problem+json"
        assert len(self.body) <= 4096
        assert self.json["status"] == self.status
        return str(self.json["type"]).removeprefix("urn:descent:")


def call(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | Iterable[bytes] = b"",
    host: str | None = "localhost",
) -> Reply:
    """`body` in pieces comes as a chunked one would; `host` None sends no such header."""
    path, _, query = path.partition("?")
    sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    sent += [(b"host", host.encode("latin-1"))] if host is not None else []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": sent,
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
    }
    pieces = iter([body] if isinstance(body, bytes) else body)
    ended = False
    messages: list[Message] = []
    read = 0

    async def receive() -> Message:
        nonlocal read, ended
        if ended:  # a server waits here until the client goes
            await asyncio.sleep(3600)
        piece = next(pieces, None)
        ended = piece is None
        read += len(piece or b"")
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(_run(app, scope, receive, send))
    (start,) = [message for message in messages if message["type"] == "http.response.start"]
    answered = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    assert len(answered) == len(start["headers"])
    whole = b"".join(message.get("body", b"") for message in messages)
    return Reply(start["status"], answered, whole, read)


async def _run(app: ASGIApp, scope: Any, receive: Any, send: Any) -> None:
    await app(scope, receive, send)
