"""What the faults happen to: servers as they are started for real, and a Redis that keeps what it acknowledged."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.load.server import Served, served
from tests.sessions.redis_servers import SERVER, redis_server

KEEPS_ALL = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")

Start = Callable[..., Served]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers: with the SQLite file of the test unless told otherwise."""
    with ExitStack() as stack:

        def begin(store: str = f"sqlite:///{tmp_path}/descent.sqlite3", **details: Any) -> Served:
            details = {"call_budget_milliseconds": 60_000, **details}
            return stack.enter_context(served(store, tmp_path / "log.txt", **details))

        yield begin
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert "Traceback" not in log, log[-4000:]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    """URL and process."""
    assert SERVER is not None, "`make faults` installs redis-server"
    with redis_server(tmp_path / "redis", *KEEPS_ALL) as (port, process):
        yield f"redis://127.0.0.1:{port}/0", process
