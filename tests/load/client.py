"""HTTP connections that cost little, so that the machine is left to the server: one request at a time on each."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

import httptools
import orjson


@dataclass(slots=True)
class Answer:
    """What came back; status 0 where the connection was cut before."""

    status: int
    etag: bytes
    retry_after: float
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


LOST = Answer(0, b"", 0.0, b"")


class _Wire(asyncio.Protocol):
    """The parser's side of a connection."""

    def __init__(self) -> None:
        self.waiting: asyncio.Future[Answer] | None = None
        self.transport: asyncio.Transport
        self._parser = httptools.HttpResponseParser(self)
        self._begin()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's are not of asyncio's class

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(LOST)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name == b"etag":
            self._etag = value
        elif name == b"retry-after":
            self._retry_after = float(value)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), self._etag, self._retry_after, self._body)
        self._begin()
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(answer)

    def _begin(self) -> None:
        self._etag, self._retry_after, self._body = b"", 0.0, b""


class Client:
    """One connection to a server, opened when it is needed and again where it was cut; it never raises OSError."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: _Wire | None = None

    async def send(self, method: str, path: str, body: Any = None, etag: bytes = b"") -> Answer:
        """An answer; LOST where there was none."""
        wire = await self._connected()
        if wire is None:
            return LOST
        content = b"" if body is None else orjson.dumps(body)
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(content)}\r\n"
        head += "content-type: application/json\r\n" if content else ""
        known = b"if-none-match: " + etag + b"\r\n" if etag else b""
        wire.waiting = asyncio.get_running_loop().create_future()
        wire.transport.write(head.encode() + known + b"\r\n" + content)
        return await wire.waiting

    async def cut(self) -> None:
        """Close the connection, whatever is under way."""
        if self._wire is not None:
            self._wire.transport.abort()
            self._wire = None

    async def _connected(self) -> _Wire | None:
        if self._wire is None or self._wire.transport.is_closing():
            try:
                _, self._wire = await asyncio.get_running_loop().create_connection(_Wire, "127.0.0.1", self._port)
            except OSError:
                self._wire = None
        return self._wire
