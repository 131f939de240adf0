"""What a server does with bytes on the wire: headers and bodies without end, half requests, signals."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def most_memory_kb(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


@dataclass
class Answer:
    status: int
    head: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def start() -> Served:
    command = [sys.executable, "-m", "tests.api.small_server"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    announced = process.stdout.readline()
    match = re.fullmatch(r"Descent \S+ serves http://127\.0\.0\.1:(\d+)/ .*\n", announced)
    assert match, announced
    return Served(process, int(match[1]))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    server = start()
    yield server
    server.process.terminate()
    assert server.process.wait(timeout=10) in {0, -signal.SIGTERM}
    assert server.process.stdout is not None
    server.process.stdout.close()


def answer(connection: socket.socket) -> Answer:
    """The next answer on a connection; those here all say their length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += received(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head)[1])  # type: ignore[index]  # fails the test where it is not
    while len(body) < length:
        body += received(connection)
    return Answer(int(head.split()[1]), head.decode(), body)


def send_in_pieces(connection: socket.socket, data: bytes) -> None:
    for begin in range(0, len(data), 16_384):
        connection.sendall(data[begin : begin + 16_384])


def received(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    assert data, "the server closed the connection"
    return data


def test_many_requests_share_a_connection_whatever_becomes_of_them(served: Served) -> None:
    with served.connect() as connection:
        for path, status in [(b"/healthz", 200), (b"/t/defect", 500), (b"/nowhere", 404), (b"/t/cached?x=1", 422)] * 2:
            connection.sendall(GET % path)
            assert answer(connection).status == status


def test_no_answer_names_the_server(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(GET % b"/healthz")
        assert "server:" not in answer(connection).head


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("framing", ["content-length: 300000000", "transfer-encoding: chunked"])
def test_a_body_of_300_mb_is_refused_without_being_kept(served: Served, framing: str) -> None:
    before = served.most_memory_kb()
    chunk = b"10000\r\n" + bytes(65_536) + b"\r\n" if "chunked" in framing else bytes(65_536)
    head = f"POST /t/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
    with served.connect() as connection:
        connection.sendall(head.encode())
        for _ in range(300_000_000 // 65_536):
            connection.sendall(chunk)
        refused = answer(connection)
    assert (refused.status, refused.json["type"]) == (413, "urn:descent:body-too-large")
    assert served.most_memory_kb() - before < 32 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 20_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 3_000_000 + b"\r\n",
        b"GET /" + b"x" * 20_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["one header", "many headers", "address"],
)
def test_headers_without_end_are_refused_without_being_kept(served: Served, head: bytes) -> None:
    before = served.most_memory_kb()
    with served.connect() as connection, pytest.raises((ConnectionResetError, BrokenPipeError)):
        send_in_pieces(connection, head)
    assert served.most_memory_kb() - before < 4 * 1024
    with served.connect() as connection:
        connection.sendall(GET % b"/healthz")
        assert answer(connection).status == 200


@pytest.mark.parametrize("size", [65_600, 70_000])
def test_headers_above_the_limit_are_told_so(served: Served, size: int) -> None:
    with served.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * size + b"\r\n\r\n")
        refused = answer(connection)
    assert (refused.status, refused.json["type"]) == (431, "urn:descent:headers-too-large")


def test_headers_below_the_limit_are_read_however_they_arrive(served: Served) -> None:
    with served.connect() as connection:
        for size in (60_000, 10, 60_000):
            head = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * size + b"\r\n\r\n"
            connection.sendall(head[:30])
            time.sleep(0.02)
            connection.sendall(head[30:])
            assert answer(connection).status == 200


@pytest.mark.parametrize("line", [b"nonsense", b"GET / HTTP/1.1\r\nHost", b"\x16\x03\x01\x02\x00\x01"])
def test_what_is_no_http_is_a_bad_request(served: Served, line: bytes) -> None:
    with served.connect() as connection:
        connection.sendall(line + b"\r\n\r\n")
        assert answer(connection).status == 400


def test_silent_connections_keep_nobody_from_being_served(served: Served) -> None:
    silent = [served.connect() for _ in range(200)]
    silent[0].sendall(b"POST /t/things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")
    try:
        with served.connect() as connection:
            connection.sendall(GET % b"/healthz")
            assert answer(connection).status == 200
    finally:
        for connection in silent:
            connection.close()


def test_a_server_stops_in_time_although_a_request_hangs() -> None:
    server = start()
    with server.connect() as hanging, server.connect() as idle:
        hanging.sendall(GET % b"/t/slow")
        idle.sendall(GET % b"/healthz")
        assert answer(idle).status == 200
        server.process.terminate()
        server.process.wait(timeout=20)  # the request takes 60 s
        told = answer(hanging)
    assert (told.status, told.json["type"]) == (503, "urn:descent:stopping")
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_an_answer_to_head_has_its_head_and_the_connection_goes_on(served: Served) -> None:
    with served.connect() as connection:
        for _ in range(2):
            connection.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head = connection.recv(65_536)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert head.endswith(b"\r\n\r\n")


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(served: Served) -> None:
    with served.connect() as connection:
        body = b'{"problem":{"kind":"univariate_regression"}}'
        head = b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body))
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 201 Created\r\n")


def test_answers_to_questions_asked_at_once_come_in_their_order(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(GET % b"/healthz" + GET % b"/nowhere" + GET % b"/healthz")
        received = b""
        while received.count(b"HTTP/1.1 ") < 3 or not received.endswith(b"}"):
            received += connection.recv(65_536)
        assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"404", b"200"]
