"""Which store a URL opens, and where the file is that nobody named."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from app.sessions.memory_store import MemoryStore
from app.sessions.sqlite_store import SqliteStore
from app.sessions.stores import check_store, open_store, sqlite_path

ROOT = Path(__file__).parents[2]


def test_a_url_opens_its_store(tmp_path: Path) -> None:
    async def scenario() -> None:
        assert isinstance(open_store("memory://"), MemoryStore)
        store = open_store(f"sqlite:///{tmp_path}/x.sqlite3")
        assert isinstance(store, SqliteStore)
        assert (tmp_path / "x.sqlite3").exists()
        await store.close()
        for url in ("redis://127.0.0.1:1/0", "redis+cluster://127.0.0.1:1"):
            store = open_store(url)  # nothing is sent yet
            assert type(store).__name__ == "RedisStore"
            await store.close()

    asyncio.run(scenario())


def test_without_a_path_the_file_is_in_the_folder_for_such_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/pupil")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    places = {"linux": ".local/share", "darwin": "Library/Application Support", "win32": "AppData/Local"}
    for platform, place in places.items():
        monkeypatch.setattr(sys, "platform", platform)
        assert sqlite_path("sqlite://") == Path("/pupil", place, "descent/descent.sqlite3")
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    assert sqlite_path("sqlite://") == Path("/srv/data/descent/descent.sqlite3")


def test_a_store_that_is_no_file_is_not_looked_at_before_it_is_needed() -> None:
    check_store("redis://127.0.0.1:1/0")


@pytest.mark.parametrize("url", ["memory://", "sqlite://"])
def test_redis_is_imported_only_where_it_is_the_store(url: str, tmp_path: Path) -> None:
    code = f"import sys, app.cli; from app.sessions.stores import *; open_store({url!r}); print('redis' in sys.modules)"
    environment = {"XDG_DATA_HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout == b"False\n"
