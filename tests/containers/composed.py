"""A profile of compose.yaml, started for real, on a port and with volumes of its own that go when the block ends."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tools import containers
from tools.containers import ROOT, docker
from tools.server import free_port

PATIENCE_SECONDS = 60
LINE = {"problem": {"kind": "univariate_regression"}}
KILL = "import os; os.kill({pid}, 9)"


@dataclass(frozen=True)
class Composed:
    """What runs, and where it serves."""

    command: tuple[str, ...]
    environment: dict[str, str]
    url: str

    def run(self, *arguments: str) -> str:
        """A command of compose on this project; what it prints."""
        whole = [*self.command, *arguments]
        done = subprocess.run(whole, check=True, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers that run."""
        return self.run("ps", "--quiet", service).split()

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def settle(self) -> None:
        """Returns once every container is up and healthy."""
        self.run("up", "--detach", "--no-build", "--wait", "--no-recreate")


@contextmanager
def composed(profile: str) -> Iterator[Composed]:
    port = free_port()
    command = containers.compose()
    assert command, "`python -m tools.containers` gets it"
    environment = {**os.environ, **containers.images(), "PORT": f"127.0.0.1:{port}"}
    whole = (*command, "--project-name", f"descent-test-{port}", "--profile", profile)
    running = Composed(whole, environment, f"http://127.0.0.1:{port}")
    try:
        running.settle()
        yield running
    except BaseException as error:
        error.add_note(running.run("logs", "--tail", "40"))
        raise
    finally:
        running.run("down", "--volumes", "--timeout", "5")


def kill(container: str) -> None:
    """As when the machine runs out of memory: the engine does not know why, and starts it again."""
    pid = inspect(container)["State"]["Pid"]
    script = KILL.format(pid=pid)
    docker("run", "--rm", "--pid=host", "--user=0", containers.images()["DESCENT_IMAGE"], "python", "-c", script)


def inspect(name: str) -> Any:
    """What the engine knows of a container or an image."""
    return json.loads(docker("inspect", name))[0]


def until(probe: Callable[[], bool]) -> None:
    """Waits until `probe` holds; AssertionError if it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not probe():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def create(client: httpx.Client) -> str:
    """The path of a new session."""
    reply = client.post("/api/v1/sessions", json=LINE)
    assert reply.status_code == 201, reply.text
    return reply.headers["location"]


def clock(client: httpx.Client, session: str) -> int:
    """The step at which a session is."""
    reply = client.get(session)
    assert reply.status_code == 200, reply.text
    return int(reply.json()["step"])
