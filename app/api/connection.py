"""The HTTP parser's side of a connection, with a bound on what comes before a body: uvicorn itself has none."""

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import MEDIA_TYPE, HeadersTooLarge

MOST_HEAD_BYTES = 65_536


class BoundedProtocol(HttpToolsProtocol):
    """Refuses (431) and closes where request line and headers are longer than 64 KB, as soon as that is known."""

    _head_is_open = False
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_is_open and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse_head()

    def on_message_begin(self) -> None:
        self._head_is_open, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_is_open = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD_BYTES:
            self._refuse_head()
            raise HeadersTooLarge  # ends the parser's work on this connection
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():  # the parser's complaint about the exception above
            super().send_400_response(msg)

    def _refuse_head(self) -> None:
        body = orjson.dumps(HeadersTooLarge(most=MOST_HEAD_BYTES).document())
        head = (
            f"HTTP/1.1 431 \r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
