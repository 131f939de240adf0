"""Bodies: what they say they are, and how much of them is read."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.api.small_routes import small_app
from tests.asgi import call

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON ;x=y"])
def test_json_is_read(app: FastAPI, media_type: str) -> None:
    assert call(app, "POST", "/t/things", headers={"Content-Type": media_type}, body=b"{}").status == 201


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "text/json",
        "json",
    ],
)
def test_what_is_not_announced_as_json_is_refused_before_it_is_read(app: FastAPI, media_type: str) -> None:
    reply = call(app, "POST", "/t/things", headers={"Content-Type": media_type}, body=b"{}")
    assert (reply.status, reply.type, reply.read) == (415, "not-json", 0)


def test_a_declared_length_above_the_limit_is_refused_before_anything_is_read(app: FastAPI) -> None:
    for length in ("1048577", "9" * 4000):
        reply = call(app, "POST", "/t/things", headers={**JSON, "Content-Length": length}, body=b"{}")
        assert (reply.status, reply.type, reply.read) == (413, "body-too-large", 0)
        assert "1048576" in reply.json["detail"]


@pytest.mark.parametrize("length", [None, "5", "-5", "1e3", "x"])
def test_a_body_that_goes_on_and_on_is_refused_at_the_limit(app: FastAPI, length: str | None) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(300_000_000 // 65_536):
            yield bytes(65_536)

    headers = JSON if length is None else {**JSON, "Content-Length": length}
    reply = call(app, "POST", "/t/things", headers=headers, body=pieces())
    assert (reply.status, reply.type) == (413, "body-too-large")
    assert reply.read <= 1_048_576 + 65_536


def test_a_body_of_just_the_limit_is_read() -> None:
    app = small_app(Settings(max_body_bytes=1024))
    assert call(app, "POST", "/t/things", headers=JSON, body=b"{" + b" " * 1022 + b"}").status == 201
    assert call(app, "POST", "/t/things", headers=JSON, body=b"{" + b" " * 1023 + b"}").status == 413


def test_pieces_are_put_together(app: FastAPI) -> None:
    body = (bytes([byte]) for byte in b'{"dataset": {"samples": 9}}')
    assert call(app, "POST", "/t/things", headers=JSON, body=body).json == {"samples": 9}


def test_a_raw_body_has_a_limit_of_its_own(app: FastAPI) -> None:
    assert call(app, "POST", "/t/raw", body=bytes(2000)).json == 2000
    assert call(app, "POST", "/t/raw", body=bytes(2001)).type == "body-too-large"


def test_a_body_that_nobody_asked_for_is_not_read(app: FastAPI) -> None:
    assert call(app, "GET", "/healthz", body=bytes(10)).read == 0
    assert call(app, "DELETE", "/t/things/known", body=bytes(10)).read == 0


@pytest.mark.parametrize(
    ("body", "status", "type_"),
    [
        (b"", 400, "empty-body"),
        (b"{", 400, "malformed"),
        (b"\xef\xbb\xbf{}", 400, "malformed"),
        ("{}".encode("utf-16"), 400, "malformed"),
        (b"[]", 422, "bad-input"),
        (b"null", 422, "bad-input"),
        (b'{"dataset": {"noise": NaN}}', 422, "bad-input"),
        (b'{"dataset": {"noise": 1e999}}', 422, "bad-input"),
        (rb'{"runs": [{"name": "\ud800"}]}', 422, "bad-input"),
        (b'{"runs": [], "runs": []}', 422, "bad-input"),
        (b"[" * 100_000, 422, "bad-input"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 422, "bad-input"),
    ],
)
def test_a_wrong_body_is_a_problem_of_at_most_4_kb(app: FastAPI, body: bytes, status: int, type_: str) -> None:
    reply = call(app, "POST", "/t/things", headers=JSON, body=body)
    assert (reply.status, reply.type) == (status, type_)
