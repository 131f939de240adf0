"""The stores that every test of stores is run against; a new one is added here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.sessions.memory_store import MemoryStore
from app.sessions.redis_store import open_redis
from app.sessions.sqlite_store import SqliteStore
from app.sessions.store import Store
from tests.sessions.redis_servers import SERVER, redis_cluster, redis_server

MakeStore = Callable[[], Store]
needs_redis = pytest.mark.skipif(SERVER is None, reason="redis-server is not installed; `make test` sees to it")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server that lasts for all tests; each takes a prefix of its own."""
    with redis_server(tmp_path_factory.mktemp("redis")) as (port, _):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three Redis servers that are one cluster."""
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as ports:
        yield f"redis+cluster://127.0.0.1:{ports[0]}"


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("redis", marks=needs_redis), pytest.param("cluster", marks=needs_redis)]
)
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    """Makes new, empty stores of each sort."""
    match request.param:
        case "memory":
            return MemoryStore
        case "sqlite":
            return lambda: SqliteStore(tmp_path / f"{uuid4()}.sqlite3")
    url = request.getfixturevalue(f"{request.param}_url")
    return lambda: open_redis(url, prefix=str(uuid4()))
