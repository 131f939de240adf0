"""The way to a Redis server, or to the one of a cluster that has a slot. What is sent may be sent twice.

The only place, with the store, that knows the library.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

from redis import exceptions as errors
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

TIMEOUT_SECONDS = 0.5
"""Of connecting, and of each answer; then it is tried once more."""

DEADLINE_SECONDS = 2.0
"""Of a command with all its attempts, at however many nodes."""

MOST_CONNECTIONS = 64
RETRY_SECONDS = 0.1
"""Between two questions to a cluster that is about to choose another master, or to move a slot."""

Command = tuple[Any, ...]


class Nodes(Protocol):
    """`tag` is the hash tag of the keys in a command. What goes wrong is a RedisError, OSError or TimeoutError."""

    async def send(self, tag: str, *command: Any) -> Any: ...

    async def close(self) -> None: ...


class Server:
    """One server. Commands of one turn of the event loop go together: each alone would cost five times as much."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._waiting: list[tuple[Command, asyncio.Future[Any]]] = []
        self._sending: set[asyncio.Task[None]] = set()

    @classmethod
    def at(cls, url: str) -> "Server":
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MOST_CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
            protocol=2,  # spares a greeting for each connection
            driver_info=None,
        )
        return cls(Redis.from_pool(pool))

    async def send(self, tag: str, *command: Any) -> Any:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._flush)
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((command, future))
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await future

    async def send_asking(self, *command: Any) -> Any:
        """To a node that is just being given the slot."""
        pipeline: Any = self._client.pipeline(transaction=False)
        pipeline.execute_command("ASKING")
        pipeline.execute_command(*command)
        return (await pipeline.execute())[1]

    async def close(self) -> None:
        await self._client.aclose()

    def _flush(self) -> None:
        task = asyncio.ensure_future(self._send(self._waiting))
        self._waiting = []
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, waiting: list[tuple[Command, "asyncio.Future[Any]"]]) -> None:
        pipeline: Any = self._client.pipeline(transaction=False)
        for command, _ in waiting:
            pipeline.execute_command(*command)
        try:
            answers = await pipeline.execute(raise_on_error=False)
        except (errors.RedisError, OSError) as error:
            answers = [error] * len(waiting)
        for (_, future), answer in zip(waiting, answers, strict=True):
            if future.done():  # who asked has gone, or waits no longer
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)


class Cluster:
    """Servers that share the slots. Which has one is learnt from their answers, beginning with those of the URL."""

    def __init__(self, addresses: Iterable[str], connect: Callable[[str], Server]) -> None:
        self._connect = connect
        self._servers = {address: connect(address) for address in addresses}
        self._places: dict[str, str] = {}

    @classmethod
    def at(cls, url: str) -> "Cluster":
        parts = urlsplit(url)
        login, _, hosts = parts.netloc.rpartition("@")
        before = f"{login}@" if login else ""
        return cls(hosts.split(","), lambda address: Server.at(f"redis://{before}{address}"))

    async def send(self, tag: str, *command: Any) -> Any:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                address = self._places.get(tag) or next(iter(self._servers))
                try:
                    return await self._servers[address].send(tag, *command)
                except errors.MovedError as error:
                    self._places[tag] = self._known(error, address)
                except errors.AskError as error:
                    return await self._servers[self._known(error, address)].send_asking(*command)
                except (errors.ConnectionError, errors.TimeoutError, errors.ReadOnlyError):
                    self._ask_others_than(address, tag)
                    await asyncio.sleep(RETRY_SECONDS)
                except (errors.ClusterDownError, errors.TryAgainError):
                    await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        for server in self._servers.values():
            await server.close()

    def _known(self, error: errors.AskError, asked: str) -> str:
        """The address that an answer points to; one without a host means the host that was asked."""
        host = error.host or asked.rpartition(":")[0]
        address = f"{host}:{error.port}"
        if address not in self._servers:
            self._servers[address] = self._connect(address)
        return address

    def _ask_others_than(self, address: str, tag: str) -> None:
        """A node that does not answer is the last to be asked who has a slot."""
        self._places.pop(tag, None)
        self._servers[address] = self._servers.pop(address)
