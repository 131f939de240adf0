"""What tests of stores write."""

from typing import Any

from app.sessions.store import Write

LONG = 1000.0


def write(data: bytes = b"data", **rest: Any) -> Write:
    return Write(data=data, **{"idle_seconds": LONG, **rest})
