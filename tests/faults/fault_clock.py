"""The time of day jumps while a class works."""

import asyncio
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.faults.client import Class
from tests.faults.conftest import Start
from tests.faults.moved_clock import FILE

MOVED = (sys.executable, "-m", "tests.faults.moved_clock", "serve")


def hour(port: int) -> float:
    with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        return parsedate_to_datetime(answer.headers["date"]).timestamp()


def test_an_hour_forward_and_two_back_change_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    monkeypatch.setenv(FILE, str(clock))

    async def scenario() -> None:
        server = start(command=MOVED, session_idle_seconds=600)
        students = await Class.of(10, [server.port])
        students.play()
        began = hour(server.port)
        for moved in (3600, -3600):
            clock.write_text(str(moved))
            await asyncio.sleep(2.5)
            assert abs(hour(server.port) - began - moved) < 60
        assert students.statuses.keys() <= {200, 201}
        await students.end(2.0)

    asyncio.run(scenario())
