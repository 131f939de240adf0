"""A real Descent server on a free port, in a process of its own: for tests in the browser and pictures."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 30
STOP_SECONDS = 10
COMMAND = (sys.executable, "-m", "app.cli")


def free_port() -> int:
    """A port on the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether the server behind `url` says that it is well."""
    try:
        with urlopen(f"{url}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    """Returns once the server answers; RuntimeError if it ended or took longer than `START_SECONDS`."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start: {process.args!r}, exit code {process.returncode}")
        time.sleep(0.05)


@contextmanager
def running_server(log: Path, command: Sequence[str] = COMMAND, cwd: Path | None = None) -> Iterator[str]:
    """Serves from memory while the block runs and yields the URL; what the server prints goes to `log`."""
    port = free_port()
    arguments = [*command, "serve", "--host", "127.0.0.1", "--port", str(port), "--store", "memory://"]
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output, subprocess.Popen(arguments, stdout=output, stderr=output, cwd=cwd) as process:
        try:
            wait_until_ready(process, url)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=STOP_SECONDS)
