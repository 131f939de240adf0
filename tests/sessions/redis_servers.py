"""Real Redis servers on free ports, alone or three as a cluster; they end with the block that started them."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import which

import redis

from tools.server import free_port

SERVER = which("redis-server") or which("valkey-server")
START_SECONDS = 20
SLOTS = 16384


@contextmanager
def redis_server(
    folder: Path, *options: str, password: str | None = None, port: int | None = None
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """One server, that keeps its files in `folder`; its port and process."""
    assert SERVER is not None
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    command = [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", *options]
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            wait_for_ping(port, password)
            yield port, process
        finally:
            process.kill()


def wait_for_ping(port: int, password: str | None = None) -> None:
    """Returns once the server answers."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with redis.Redis(port=port, password=password) as client:
                client.ping()
                return
        except redis.ConnectionError:  # not listening yet, or loading what it kept
            assert time.monotonic() < deadline, f"no Redis on port {port}"
            time.sleep(0.02)


@contextmanager
def redis_cluster(folder: Path, nodes: int = 3) -> Iterator[list[int]]:
    """Masters that share all slots; their ports."""
    with ExitStack() as stack:
        ports = [
            stack.enter_context(redis_server(folder / str(number), "--cluster-enabled", "yes", *_bus()))[0]
            for number in range(nodes)
        ]
        clients = [stack.enter_context(redis.Redis(port=port)) for port in ports]
        for number, client in enumerate(clients):
            first, last = SLOTS * number // nodes, SLOTS * (number + 1) // nodes - 1
            ask(client, "CLUSTER", "ADDSLOTSRANGE", first, last)
            ask(client, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        buses = [int(client.config_get("cluster-port")["cluster-port"]) for client in clients]
        for port, bus in zip(ports[1:], buses[1:], strict=True):
            ask(clients[0], "CLUSTER", "MEET", "127.0.0.1", port, bus)
        deadline = time.monotonic() + START_SECONDS
        while not all(_knows_all(client, nodes) for client in clients):
            assert time.monotonic() < deadline, "the nodes do not become a cluster"
            time.sleep(0.05)
        yield ports


def _bus() -> tuple[str, str]:
    return "--cluster-port", str(free_port())  # the usual one, 10,000 above the port, may not exist


def _knows_all(client: redis.Redis, nodes: int) -> bool:
    told = ask(client, "CLUSTER", "INFO")
    return b"cluster_state:ok" in told and f"cluster_known_nodes:{nodes}".encode() in told


def ask(client: redis.Redis, *command: object) -> bytes:
    """What the server answers to a command that the library has no typed method for."""
    return bytes(client.execute_command(*command))  # type: ignore[no-untyped-call]  # it has no types
