"""What surrounds every request."""

import logging

import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.texts import text
from tests.api.small_routes import small_app
from tests.asgi import call

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/t/things/known", "/t/nowhere", "/t/defect", "/", "/docs", "/favicon.ico", "/healthz"]
)
def test_every_answer_carries_the_security_headers_and_a_request_id(app: FastAPI, path: str) -> None:
    reply = call(app, "GET", path)
    assert ALWAYS.items() <= reply.headers.items()
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "server" not in reply.headers
    assert reply.headers["x-request-id"] != call(app, "GET", path).headers["x-request-id"]


def test_what_a_response_says_of_its_own_caching_and_policy_stands(app: FastAPI) -> None:
    assert call(app, "GET", "/t/things/known").headers["cache-control"] == "no-store"
    reply = call(app, "GET", "/t/cached")
    assert reply.headers["cache-control"] == "private, no-cache"
    assert reply.headers["content-security-policy"] == "sandbox"


def test_there_is_no_cors_unless_it_is_configured(app: FastAPI) -> None:
    asked = {"Origin": "https://school.example", "Access-Control-Request-Method": "POST"}
    assert not [
        name for name in call(app, "GET", "/healthz", headers=asked).headers if name.startswith("access-control")
    ]
    assert call(app, "OPTIONS", "/t/things", headers=asked).type == "wrong-method"

    open_app = small_app(Settings(cors_origins=("https://school.example",)))
    assert call(open_app, "GET", "/healthz", headers=asked).headers["access-control-allow-origin"] == asked["Origin"]
    assert call(open_app, "OPTIONS", "/t/things", headers=asked).status == 200
    foreign = call(open_app, "GET", "/healthz", headers={"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in foreign.headers


def test_an_exception_is_a_problem_that_names_its_request_and_nothing_else(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "descent"):
        reply = call(app, "GET", "/t/defect")
    assert (reply.status, reply.type) == (500, "defect")
    assert reply.headers["x-request-id"] in reply.json["detail"]
    assert b"secret" not in reply.body
    assert reply.headers["x-request-id"] in caplog.text
    assert "ZeroDivisionError: secret" in caplog.text


def test_an_exception_in_the_middle_of_an_answer_is_left_to_the_server(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ZeroDivisionError):
        call(app, "GET", "/t/half")
    assert "failed" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/t/things/known", "DELETE, GET, HEAD"),
        ("PUT", "/t/things/unknown", "DELETE, GET, HEAD"),
        ("GET", "/t/things", "POST"),
        ("HEAD", "/t/things", "POST"),
        ("DELETE", "/", "GET, HEAD"),
        ("OPTIONS", "/healthz", "GET, HEAD"),
        ("BREW", "/docs", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_all_methods_of_the_path(app: FastAPI, method: str, path: str, allow: str) -> None:
    reply = call(app, method, path)
    assert (reply.status, reply.headers["allow"]) == (405, allow)
    if method != "HEAD":
        assert reply.type == "wrong-method"


@pytest.mark.parametrize("path", ["/t/things/known", "/healthz", "/", "/docs", "/api/v1/openapi.json", "/nowhere"])
def test_head_is_get_without_the_body(app: FastAPI, path: str) -> None:
    get, head = call(app, "GET", path), call(app, "HEAD", path)
    assert (head.status, head.body) == (get.status, b"")
    assert head.headers["content-length"] == str(len(get.body))
    assert {**head.headers, "x-request-id": ""} == {**get.headers, "x-request-id": ""}


@pytest.mark.parametrize(
    "path", ["/nowhere", "/healthz/", "/t/things/", "//", "/static/0123456789abcdef/x.js", "/%00", "/t"]
)
def test_an_unknown_address_is_a_problem_and_no_redirection(app: FastAPI, path: str) -> None:
    reply = call(app, "GET", path)
    assert (reply.status, reply.type) == (404, "not-found")


@pytest.mark.parametrize("path", ["/descent/healthz", "/healthz"])
def test_under_a_prefix_it_is_found_whether_or_not_the_proxy_takes_the_prefix_away(path: str) -> None:
    app = small_app(Settings(root_path="/descent"))
    assert call(app, "GET", path).json["status"] == "ok"
    assert call(app, "HEAD", path).status == 200
    assert call(app, "POST", path).headers["allow"] == "GET, HEAD"
    assert call(app, "GET", "/descent/nowhere").type == "not-found"
    assert call(app, "GET", "/descentx/healthz").type == "not-found"


def test_the_access_log_names_routes_and_never_the_id_in_an_address(caplog: pytest.LogCaptureFixture) -> None:
    app = small_app(Settings(access_log=True))
    with caplog.at_level(logging.INFO, "descent"):
        request_id = call(app, "HEAD", "/t/things/known?run=me").headers["x-request-id"]
        call(app, "GET", "/t/things/secret")
        call(app, "GET", "/secret")
    first, second, third = caplog.messages
    assert first.startswith("HEAD /t/things/{id} 200 ")
    assert first.endswith(request_id)
    assert second.startswith("GET /t/things/{id} 404 ")
    assert third.startswith("GET - 404 ")
    assert "known" not in caplog.text
    assert "secret" not in caplog.text


def test_nothing_is_logged_of_a_request_by_default(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "descent"):
        call(app, "GET", "/t/things/known")
    assert [record for record in caplog.records if record.name == "descent"] == []


def test_problems_speak_a_language_there_is_and_say_which(app: FastAPI) -> None:
    for wanted in ("en, de;q=0.1", "tlh", "*", ";;;q=x,,", "en-GB"):
        assert call(app, "GET", "/nowhere", headers={"Accept-Language": wanted}).headers["content-language"] == "en"
    reply = call(app, "GET", "/nowhere", headers={"Accept-Language": "de-CH"})
    assert reply.headers["content-language"] == "de"
    assert reply.json["title"] == text("problem.not-found.title", "de")
