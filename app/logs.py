"""What goes to the log, for people or line by line as JSON: never the id of a session, an address or a body.

Every line written while a request is answered carries its id, the one that stands in the answer's `X-Request-Id`.
"""

import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType
from typing import Literal

import orjson

LogFormat = Literal["text", "json"]

request_id: ContextVar[str] = ContextVar("request_id", default="")

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextFormatter(logging.Formatter):
    """A line for people. Of an exception only its type and where it was raised: its words may repeat what was sent."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatException(self, ei: _Raised) -> str:
        type_, _, trace = ei
        return "".join(["Traceback (most recent call last):\n", *format_tb(trace), type_.__name__ if type_ else ""])

    def formatMessage(self, record: logging.LogRecord) -> str:
        known = request_id.get()
        line = super().formatMessage(record)
        return f"{line} ({known})" if known and known not in line else line


class JsonFormatter(TextFormatter):
    """The same as one JSON object a line; `extra={"fields": {…}}` of a log call stands in it by name."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if known := request_id.get():
            line["request_id"] = known
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line | getattr(record, "fields", {})).decode()


def configure(format_: LogFormat) -> None:
    """Log to standard error: ours from INFO on, the server's warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if format_ == "json" else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
