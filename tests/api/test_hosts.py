"""Which host names are answered."""

import socket

import pytest
from fastapi import FastAPI

from app.api.hosts import host_rule
from tests.asgi import call

OWN = socket.gethostname()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8000",
        "localhost.",
        "descent.localhost",
        "127.0.0.1",
        "192.168.1.20:8000",
        "[::1]",
        "[fe80::1]:8000",
        OWN,
        f"{OWN.partition('.')[0]}.local:80",
    ],
)
def test_addresses_and_this_machines_names_are_answered(app: FastAPI, host: str) -> None:
    assert call(app, "GET", "/healthz", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "example.org",
        "localhost.example.org",
        "127.0.0.1.example.org",
        "localhost:port",
        "localhost:8000:8000",
        "user@localhost",
        "localhost/path",
        "[::1",
        "[]",
        "999.999.999.999",
        "a" * 300,
        "é.example",
    ],
)
def test_other_hosts_are_misdirected(app: FastAPI, host: str | None) -> None:
    reply = call(app, "GET", "/healthz", host=host)
    assert (reply.status, reply.type) == (421, "foreign-host")


def test_two_host_headers_are_misdirected(app: FastAPI) -> None:
    assert call(app, "GET", "/healthz", headers={"host": "localhost"}).status == 421


def test_other_names_are_answered_where_they_are_allowed() -> None:
    knows = host_rule(["descent.example.org", "*.school.example"])
    assert [knows(name) for name in (b"descent.example.org:80", b"a.b.school.example")] == [True, True]
    assert [knows(name) for name in (b"x.descent.example.org", b"school.example", b"evilschool.example")] == [False] * 3
    assert host_rule(["*"])(b"anything.example")
