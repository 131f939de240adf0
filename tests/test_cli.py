"""The command."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config

from app import __version__, cli
from app.cli import main

ROOT = Path(__file__).parents[1]


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["serve", *arguments]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    return written.err


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"descent {__version__}\n"


def test_its_help_names_every_flag_default_and_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["serve", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for flag, default in (("host", "127.0.0.1"), ("port", "8000"), ("workers", "1"), ("store", "sqlite://")):
        assert f"--{flag}" in shown
        assert f"(default {default}; DESCENT_{flag.upper()})" in shown
    assert "--root-path" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "http"], "DESCENT_PORT: input should be a valid integer"),
        (["--workers", "2", "--store", "memory://"], "DESCENT_WORKERS is 2, but memory://"),
        (["--store", "sqlite:////dev/null/x"], "/dev/null/x cannot be used: "),
        (["--store", "nowhere://"], "DESCENT_STORE names no store"),
        (["--root-path", "x"], "DESCENT_ROOT_PATH has to look like"),
        (["--host", "no.such.host.invalid", "--store", "memory://"], "cannot serve http://no.such.host.invalid:8000: "),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    error = error_of(capsys, *arguments)
    assert error.startswith(f"descent: {message}")
    assert error.count("\n") == 1


def test_a_port_that_is_taken_is_said_so_with_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        error = error_of(capsys, "--port", str(port), "--store", "memory://")
    assert error.startswith(f"descent: cannot serve http://127.0.0.1:{port}: Address already in use")
    assert "--port" in error


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_announces_the_address_once_it_serves_there(host: str) -> None:
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--host", host, "--root-path", "/pre"]
    command += ["--store", "memory://"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESCENT_")}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        announced = process.stdout.readline()
        url = rf"http://{re.escape(f'[{host}]' if ':' in host else host)}:(\d+)/pre/"
        match = re.fullmatch(rf"Descent {re.escape(__version__)} serves {url} \(Ctrl\+C stops it\)\n", announced)
        assert match, announced
        with socket.create_connection((host, int(match[1])), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        process.terminate()


def test_a_signal_wakes_a_server_that_looks_around_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "LOOK_SECONDS", 3600)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError

    async def stopped() -> None:
        server = cli.CalmServer(Config(application, lifespan="off"))
        looking = asyncio.create_task(server.main_loop())
        await asyncio.sleep(0)
        server.handle_exit(signal.SIGTERM, None)
        await asyncio.wait_for(looking, 10)

    asyncio.run(stopped())
