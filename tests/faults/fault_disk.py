"""A disk without room, as a limit on the size of files that is put on a running server and taken off again."""

import asyncio
import resource
import sys

import pytest

from tests.faults.client import Class
from tests.faults.conftest import Start

RECOVERY_SECONDS = 5.0
FULL_SECONDS = 4.0
FULL_BYTES = 140_000
"""The file of signals fits, the write-ahead log does not."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
@pytest.mark.parametrize("workers", [1, 2])
def test_the_disk_is_full_for_a_while(start: Start, workers: int) -> None:
    async def scenario() -> None:
        server = start(workers=workers)
        students = await Class.of(10, [server.port])
        students.play()
        await asyncio.sleep(1)
        for pid in server.processes:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_BYTES, resource.RLIM_INFINITY))
        await asyncio.sleep(FULL_SECONDS)
        assert students.statuses[503] > 0
        for pid in server.processes:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await asyncio.sleep(2)
        await students.end(FULL_SECONDS + RECOVERY_SECONDS)

    asyncio.run(scenario())
