"""Clients that say nothing, that ask all at once, and that never hear the answer."""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random

import pytest

from tests.faults.client import LINE, Class, Student
from tests.faults.conftest import Start
from tests.load.client import Client
from tests.load.server import silent_connections

SILENT = 2000
AT_ONCE = 500


@pytest.fixture
def many_files() -> None:
    """Both sides of the silent connections are ours."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = SILENT + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.fail(f"this needs {wanted} open files, {hard} are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


@pytest.mark.usefixtures("many_files")
def test_two_thousand_silent_connections_keep_nobody_from_working(start: Start) -> None:
    async def scenario() -> None:
        server = start()
        silent = await asyncio.to_thread(silent_connections, server.port, SILENT)
        try:
            students = await Class.of(10, [server.port])
            students.play()
            await asyncio.sleep(3)
            assert students.statuses.keys() <= {200, 201}
            await students.end(1.0)
        finally:
            for connection in silent:
                connection.close()

    asyncio.run(scenario())


async def all_at_once(ports: list[int]) -> None:
    """500 steps of one, each on a connection of its own, at all servers."""
    owner = Student(ports)
    await owner.open(LINE)

    async def one(number: int) -> None:
        client = Client(ports[number % len(ports)])
        answer = await client.send("POST", f"{owner.path}/step", {"steps": 1})
        while answer.status == 429:
            await asyncio.sleep(answer.retry_after)
            answer = await client.send("POST", f"{owner.path}/step", {"steps": 1})
        assert answer.status == 200
        await client.cut()

    await asyncio.gather(*map(one, range(AT_ONCE)))
    owner.acknowledged = AT_ONCE
    await owner.check()


def test_five_hundred_steps_at_once_through_two_workers_are_exactly_five_hundred(start: Start) -> None:
    asyncio.run(all_at_once([start(workers=2).port]))


def test_five_hundred_steps_at_once_through_two_replicas_are_exactly_five_hundred(
    start: Start, redis: tuple[str, object]
) -> None:
    asyncio.run(all_at_once([start(redis[0]).port for _ in range(2)]))


@asynccontextmanager
async def forgetful_proxy(port: int, share: float) -> AsyncIterator[int]:
    """Hands requests on, and cuts the connection in place of this share of the answers; its port."""
    random = Random(0)

    async def pair(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)

        async def hand_back() -> None:
            while answer := await server_reader.read(65_536):
                if random.random() < share:
                    break
                writer.write(answer)
            writer.transport.abort()
            server_writer.transport.abort()

        answers = asyncio.ensure_future(hand_back())
        with suppress(ConnectionError):
            while request := await reader.read(65_536):
                server_writer.write(request)
        server_writer.transport.abort()
        await asyncio.gather(answers, return_exceptions=True)
        writer.transport.abort()

    proxy = await asyncio.start_server(pair, "127.0.0.1", 0)
    async with proxy:
        yield proxy.sockets[0].getsockname()[1]


@pytest.mark.parametrize("workers", [1, 2])
def test_clients_that_do_not_hear_half_of_the_answers_arrive_exactly_where_they_aim(start: Start, workers: int) -> None:
    async def scenario() -> None:
        server = start(workers=workers)
        async with forgetful_proxy(server.port, 0.5) as port:
            students = await Class.of(10, [port])
            students.play(pause=0)
            await asyncio.sleep(4)
            assert students.statuses[0] > 20
            for student in students.students:
                student.ports = [server.port]
            await students.end(5.0)

    asyncio.run(scenario())
