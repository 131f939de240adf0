"""Servers that are killed, and servers that are told to stop."""

import asyncio
import os
import signal
import time

import pytest

from tests.faults.client import Class
from tests.faults.conftest import Start

RECOVERY_SECONDS = 5.0
STOP_SECONDS = 5.0
STUDENTS = 20


def test_the_only_worker_is_killed_and_started_again(start: Start) -> None:
    async def scenario() -> None:
        server = start()
        students = await Class.of(STUDENTS, [server.port])
        students.play()
        for _ in range(3):
            await asyncio.sleep(1)
            server.process.kill()
            server.process.wait()
            server = await asyncio.to_thread(start, port=server.port)
        await asyncio.sleep(1)
        await students.end(RECOVERY_SECONDS)

    asyncio.run(scenario())


def test_one_of_two_workers_is_killed_again_and_again(start: Start) -> None:
    async def scenario() -> None:
        server = start(workers=2)
        students = await Class.of(STUDENTS, [server.port])
        students.play()
        for turn in range(6):
            await asyncio.sleep(1)
            os.kill(server.workers[turn % 2], signal.SIGKILL)
        await asyncio.sleep(2)
        assert len(server.workers) == 2
        await students.end(RECOVERY_SECONDS)

    asyncio.run(scenario())


def test_a_replica_is_killed_in_the_middle_of_steps_and_the_other_goes_on(
    start: Start, redis: tuple[str, object]
) -> None:
    async def scenario() -> None:
        replicas = [start(redis[0]) for _ in range(2)]
        students = await Class.of(STUDENTS, [server.port for server in replicas])
        for student in students.students:
            student.stride = 500  # some milliseconds, so that a kill hits the middle of some
        students.play()
        for turn in range(4):
            await asyncio.sleep(1)
            server = replicas[turn % 2]
            server.process.kill()
            server.process.wait()
            replicas[turn % 2] = await asyncio.to_thread(start, redis[0], port=server.port)
        await students.end(RECOVERY_SECONDS)

    asyncio.run(scenario())


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_under_load_ends_the_server_in_time_with_all_work_saved(start: Start, workers: int) -> None:
    async def scenario() -> None:
        server = start(workers=workers)
        students = await Class.of(STUDENTS, [server.port])
        students.play(pause=0)
        for _ in range(2):
            await asyncio.sleep(1.5)
            began = time.monotonic()
            server.process.terminate()
            await asyncio.to_thread(server.process.wait, 20)
            assert time.monotonic() - began <= STOP_SECONDS
            server = await asyncio.to_thread(start, port=server.port, workers=workers)
        await asyncio.sleep(1)
        await students.end(RECOVERY_SECONDS + STOP_SECONDS)

    asyncio.run(scenario())
