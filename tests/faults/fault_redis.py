"""A Redis that hangs, dies or is full, behind two replicas."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import redis as library

from tests.faults.client import Class
from tests.faults.conftest import KEEPS_ALL, Start
from tests.sessions.redis_servers import ask, redis_server

RECOVERY_SECONDS = 5.0
STUDENTS = 10


async def playing(start: Start, url: str) -> Class:
    """A class that plays on two replicas with this store."""
    students = await Class.of(STUDENTS, [start(url).port for _ in range(2)])
    students.play()
    return students


def test_redis_stands_still_for_ten_seconds(start: Start, redis: tuple[str, Any]) -> None:
    async def scenario() -> None:
        url, process = redis
        students = await playing(start, url)
        await asyncio.sleep(1)
        os.kill(process.pid, signal.SIGSTOP)
        await asyncio.sleep(10)
        os.kill(process.pid, signal.SIGCONT)
        began = [student.acknowledged for student in students.students]
        await asyncio.sleep(RECOVERY_SECONDS)
        assert all(s.acknowledged > before for s, before in zip(students.students, began, strict=True))
        assert students.statuses[503] > 0
        await students.end(10 + RECOVERY_SECONDS)

    asyncio.run(scenario())


def test_redis_is_killed_and_comes_back_with_all_it_acknowledged(start: Start, tmp_path: Path) -> None:
    async def scenario() -> None:
        folder = tmp_path / "kept"
        with redis_server(folder, *KEEPS_ALL) as (port, process):
            students = await playing(start, f"redis://127.0.0.1:{port}/0")
            await asyncio.sleep(2)
            process.kill()
            process.wait()
        await asyncio.sleep(1)
        with redis_server(folder, *KEEPS_ALL, port=port):
            await asyncio.sleep(2)
            await students.end(1 + RECOVERY_SECONDS)

    asyncio.run(scenario())


def test_redis_has_no_memory_left_for_a_while(start: Start, redis: tuple[str, Any]) -> None:
    async def scenario() -> None:
        url, _ = redis
        students = await playing(start, url)
        await asyncio.sleep(1)
        with library.Redis.from_url(url) as client:
            ask(client, "CONFIG", "SET", "maxmemory", "1")
            began = time.monotonic()
            await asyncio.sleep(4)
            assert students.statuses[503] > 0
            ask(client, "CONFIG", "SET", "maxmemory", "0")
        await asyncio.sleep(2)
        await students.end(time.monotonic() - began + RECOVERY_SECONDS)

    asyncio.run(scenario())
