"""Descent as it is served, in processes of its own, with what they cost."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.server import free_port, wait_until_ready

TICK = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 10
DESCENT = (sys.executable, "-m", "app.cli", "serve")


@dataclass(frozen=True)
class Served:
    """A server that runs, with its workers."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def processes(self) -> list[int]:
        """The server and its children."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [pid, *map(int, children.split())]

    @property
    def workers(self) -> list[int]:
        """Those that answer."""
        return self.processes[1:] or self.processes

    def processor_seconds(self) -> float:
        """Of all threads of all processes so far; those that have ended are counted in their parent."""
        total = 0.0
        for pid in self.processes:
            found = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            total += sum(map(int, found[11:15] if pid == self.process.pid else found[11:13])) / TICK
        return total

    def memory_mb(self, name: str = "VmRSS") -> float:
        """Of the largest process: what it has now, or with `VmHWM` the most it ever had."""
        return max(_memory(pid, name) for pid in self.processes)


def _memory(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1]) / 1024


@contextmanager
def served(store: str, log: Path, command: Sequence[str] = DESCENT, **settings: object) -> Iterator[Served]:
    """A server on a port of its own until the block ends; `settings` as in the environment, in small letters."""
    port = int(str(settings.pop("port", 0))) or free_port()
    variables = {name: value for name, value in os.environ.items() if not name.startswith("DESCENT_")}
    variables |= {f"DESCENT_{name.upper()}": str(value) for name, value in settings.items()}
    arguments = [*command, "--port", str(port), "--store", store]
    with log.open("ab") as output:
        process = subprocess.Popen(arguments, env=variables, stdout=output, stderr=output)
        try:
            wait_until_ready(process, f"http://127.0.0.1:{port}")
            yield Served(process, port)
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """By SIGTERM, and by force where that does not help."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def silent_connections(port: int, number: int) -> list[socket.socket]:
    """Connections on which nothing is said."""
    return [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(number)]
