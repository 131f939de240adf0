"""What only the store in Redis can be asked: answers that get lost, servers that stop, slots that move."""

import asyncio
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from app.errors import StoreUnavailable
from app.sessions.redis_nodes import Cluster, Server
from app.sessions.redis_store import CLUSTER_BUCKETS, RedisStore, evenly_spread, open_redis
from app.sessions.store import Conflict, Record
from tests.sessions.conftest import needs_redis
from tests.sessions.redis_servers import SLOTS, ask, redis_cluster, redis_server
from tests.sessions.writes import write

pytestmark = needs_redis

Scenario = Callable[[RedisStore], Awaitable[None]]


def in_store(url: str, scenario: Scenario) -> None:
    async def run() -> None:
        store = open_redis(url)
        try:
            await scenario(store)
        finally:
            await store.close()

    asyncio.run(run())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A server of the test's own, and its process."""
    with redis_server(tmp_path) as (port, process):
        yield f"redis://127.0.0.1:{port}/0", process


@contextmanager
def frozen(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


class Cutter:
    """A proxy before a server that can cut a connection when the answer comes: done, but never heard of."""

    def __init__(self, url: str) -> None:
        self.cuts = 0
        self.port = urlsplit(url).port
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self) -> str:
        self.server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        return f"redis://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/0"

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        self.tasks.append(asyncio.ensure_future(self.pass_on(reader, back, answers=False)))
        self.tasks.append(asyncio.ensure_future(self.pass_on(there, writer, answers=True)))

    async def pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        while data := await source.read(65_536):
            if answers and self.cuts:
                self.cuts -= 1
                break
            target.write(data)
        target.close()

    async def stop(self) -> None:
        self.server.close()
        await asyncio.gather(*self.tasks)


def test_a_write_whose_answer_is_lost_is_sent_again_and_done_once(redis_url: str) -> None:
    async def run() -> None:
        cutter = Cutter(redis_url)
        store = RedisStore(Server.at(await cutter.start()), ["0"], "cut")
        await store.save("session", "a", write(b"1", append=b"one ", alias="view"), expected=0)
        cutter.cuts = 1
        assert await store.save("session", "a", write(b"2", append=b"two"), expected=1) == 2
        assert cutter.cuts == 0
        assert await store.load("session", "a") == Record(2, b"2", b"one two")
        with pytest.raises(Conflict):
            await store.save("session", "a", write(b"2", append=b"two"), expected=1)
        cutter.cuts = 2
        with pytest.raises(StoreUnavailable):
            await store.save("session", "a", write(b"3", append=b" three"), expected=2)
        assert await store.load("session", "a") == Record(3, b"3", b"one two three")
        await store.close()
        await cutter.stop()

    asyncio.run(run())


def test_a_server_that_does_not_answer_is_unavailable_until_it_does(
    server: tuple[str, "subprocess.Popen[bytes]"],
) -> None:
    url, process = server

    async def scenario(store: RedisStore) -> None:
        await store.save("session", "a", write(), expected=0)
        with frozen(process):
            calls = [store.touch("session", "a"), store.load("session", "a"), store.ping(), store.find("session", "x")]
            for answer in await asyncio.gather(*calls, return_exceptions=True):
                assert isinstance(answer, StoreUnavailable)
                assert answer.headers["Retry-After"] == "1"
        assert await store.touch("session", "a") == 1
        process.kill()
        process.wait()
        with pytest.raises(StoreUnavailable):
            await store.touch("session", "a")

    in_store(url, scenario)


def test_a_killed_server_that_writes_to_disk_first_comes_back_with_everything(tmp_path: Path) -> None:
    options = ("--appendonly", "yes", "--appendfsync", "always")
    stores: list[RedisStore] = []

    async def before(store: RedisStore) -> None:
        for version in range(20):
            await store.save("session", "a", write(str(version).encode(), append=b".", alias="view"), expected=version)

    async def after(store: RedisStore) -> None:
        stores.append(store)
        assert await store.load("session", "a") == Record(20, b"19", b"." * 20)
        assert await store.find("session", "view") == "a"
        assert await store.save("session", "a", write(), expected=20) == 21

    for scenario in (before, after):
        with redis_server(tmp_path, *options) as (port, process):
            in_store(f"redis://127.0.0.1:{port}/0", scenario)
            process.kill()
            process.wait()
    assert len(stores) == 1


def test_a_server_that_forgot_the_scripts_is_told_them_again(server: tuple[str, "subprocess.Popen[bytes]"]) -> None:
    url, _ = server

    async def scenario(store: RedisStore) -> None:
        await store.save("session", "a", write(), expected=0)
        with redis.Redis.from_url(url) as client:
            client.script_flush()
        assert await asyncio.gather(*(store.touch("session", "a") for _ in range(10))) == [1] * 10

    in_store(url, scenario)


def test_a_server_without_memory_left_refuses_writes_and_is_read(
    server: tuple[str, "subprocess.Popen[bytes]"],
) -> None:
    url, _ = server

    async def scenario(store: RedisStore) -> None:
        await store.save("session", "a", write(b"1", append=b"one"), expected=0)
        with redis.Redis.from_url(url) as client:
            client.config_set("maxmemory", "1mb")
            with pytest.raises(StoreUnavailable):
                await store.save("session", "a", write(b"2", append=b"two"), expected=1)
            assert await store.load("session", "a") == Record(1, b"1", b"one")
            client.config_set("maxmemory", "0")
        assert await store.save("session", "a", write(b"2", append=b" two"), expected=1) == 2
        assert await store.load("session", "a") == Record(2, b"2", b"one two")

    in_store(url, scenario)


def test_a_password_is_given(tmp_path: Path) -> None:
    async def scenario(store: RedisStore) -> None:
        assert await store.save("session", "a", write(), expected=0) == 1

    async def fails(store: RedisStore) -> None:
        with pytest.raises(StoreUnavailable):
            await store.ping()

    with redis_server(tmp_path, "--requirepass", "p@ss", password="p@ss") as (port, _):
        in_store(f"redis://:p%40ss@127.0.0.1:{port}/0", scenario)
        in_store(f"redis://127.0.0.1:{port}/0", fails)


def test_what_is_over_leaves_no_key_behind(server: tuple[str, "subprocess.Popen[bytes]"]) -> None:
    url, _ = server

    async def scenario(store: RedisStore) -> None:
        for i in range(50):
            what = write(b"data", append=b"path", alias=f"v{i}", idle_seconds=0.05)
            await store.save("session", str(i), what, expected=0)
        await asyncio.sleep(0.1)
        assert await store.count("session") == 0
        with redis.Redis.from_url(url) as client:
            assert client.keys("*") == []

    in_store(url, scenario)


def test_records_are_spread_over_all_nodes_of_a_cluster(cluster_url: str) -> None:
    async def scenario(store: RedisStore) -> None:
        for i in range(60):
            await store.save("spread", str(i), write(append=b"x", alias=f"v{i}"), expected=0)
        assert await asyncio.gather(*(store.find("spread", f"v{i}") for i in range(60))) == list(map(str, range(60)))
        assert await store.count("spread") == 60
        assert isinstance(store._nodes, Cluster)
        for server in store._nodes._servers.values():
            assert len(await server._client.keys("descent:*:spread:r:*")) >= 10
        assert len(store._nodes._servers) == 3

    in_store(cluster_url, scenario)


def test_the_buckets_lie_in_equal_parts_of_all_slots() -> None:
    tags = evenly_spread(CLUSTER_BUCKETS)
    slots = [redis.crc.key_slot(tag.encode()) for tag in tags]
    assert [slot * CLUSTER_BUCKETS // SLOTS for slot in slots] == list(range(CLUSTER_BUCKETS))
    assert redis.crc.key_slot(f"descent:{{{tags[5]}}}:session:r:x".encode()) == slots[5]


def test_a_slot_that_moves_to_another_node_takes_its_records_along(tmp_path: Path) -> None:
    """In each half-way state of the move: before the first key, among them, after the last, and when it is done."""
    with redis_cluster(tmp_path) as ports:
        url = f"redis+cluster://127.0.0.1:{ports[0]}"

        async def scenario(store: RedisStore) -> None:
            assert await store.save("session", "a", write(b"1", append=b"one"), expected=0) == 1
            tag = store._tag("a")
            with Mover(ports, tag) as mover:
                mover.announce()
                assert await store.save("session", "a", write(b"2", append=b" two"), expected=1) == 2
                mover.move_keys(most=2)
                with pytest.raises(StoreUnavailable):
                    await store.save("session", "a", write(b"no", append=b" no"), expected=2)
                mover.move_keys()
                assert await store.save("session", "a", write(b"3", append=b" three"), expected=2) == 3
                mover.settle()
                assert await store.save("session", "a", write(b"4", append=b" four"), expected=3) == 4
                assert await store.load("session", "a") == Record(4, b"4", b"one two three four")

        in_store(url, scenario)


class Mover:
    """Gives the slot of a tag to another node, step by step, as an administrator's tool does."""

    def __init__(self, ports: list[int], tag: str) -> None:
        self.slot = redis.crc.key_slot(tag.encode())
        owner = self.slot * len(ports) // SLOTS
        self.source_port, self.target_port = ports[owner], ports[(owner + 1) % len(ports)]
        self.clients = {port: redis.Redis(port=port) for port in ports}
        self.names = {port: ask(client, "CLUSTER", "MYID").decode() for port, client in self.clients.items()}

    def __enter__(self) -> "Mover":
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients.values():
            client.close()

    def announce(self) -> None:
        source, target = self.source_port, self.target_port
        ask(self.clients[target], "CLUSTER", "SETSLOT", self.slot, "IMPORTING", self.names[source])
        ask(self.clients[source], "CLUSTER", "SETSLOT", self.slot, "MIGRATING", self.names[target])

    def move_keys(self, most: int = 100) -> None:
        source = self.clients[self.source_port]
        keys = source.execute_command("CLUSTER", "GETKEYSINSLOT", self.slot, most)  # type: ignore[no-untyped-call]
        assert keys
        ask(source, "MIGRATE", "127.0.0.1", self.target_port, "", 0, 5000, "KEYS", *keys)

    def settle(self) -> None:
        for client in self.clients.values():
            ask(client, "CLUSTER", "SETSLOT", self.slot, "NODE", self.names[self.target_port])


def test_a_cluster_is_found_by_any_of_the_nodes_that_are_named(tmp_path: Path) -> None:
    with redis_cluster(tmp_path) as ports, redis_server(tmp_path / "gone") as (gone, process):
        process.kill()
        process.wait()

        async def scenario(store: RedisStore) -> None:
            for i in range(16):
                assert await store.save("session", str(i), write(), expected=0) == 1

        in_store(f"redis+cluster://127.0.0.1:{gone},127.0.0.1:{ports[1]}", scenario)
