"""A class that is closed by an access token."""

from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.asgi import Reply, call

TOKEN = "open-sesame-123"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def closed(**settings: object) -> FastAPI:
    app = create_app(Settings(**{"access_token": TOKEN, **settings}), MemoryStore())  # type: ignore[arg-type]
    app.state.store = MemoryStore()
    return app


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return closed()


def sign_in(app: FastAPI, token: str = TOKEN, prefix: str = "", **more: str) -> Reply:
    return call(app, "POST", f"{prefix}/sign-in", headers=FORM, body=urlencode({"token": token, **more}).encode())


def cookie(reply: Reply) -> dict[str, str]:
    (morsel,) = SimpleCookie(reply.headers["set-cookie"]).values()
    return {"Cookie": f"other=1; {morsel.key}={morsel.value}"}


PATHS = ["/api/v1/catalogue", "/api/v1/openapi.json", "/api/v1/sessions/x", "/metrics", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN}4"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer ÿ"},
        {"Cookie": f"descent_access={TOKEN}"},
        {"Cookie": "descent_access="},
        {"Cookie": 'descent_access="\\377; [=]'},
    ],
)
def test_without_the_token_the_api_stays_closed(app: FastAPI, path: str, headers: dict[str, str]) -> None:
    reply = call(app, "GET", path, headers=headers)
    assert (reply.status, reply.type) == (401, "access-needed")
    assert reply.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN not in reply.body.decode()


def test_with_the_token_the_api_is_open(app: FastAPI) -> None:
    for scheme in ("Bearer", "bearer"):
        given = {"Authorization": f"{scheme} {TOKEN}"}
        assert call(app, "GET", "/api/v1/catalogue", headers=given).status == 200
        assert call(app, "GET", "/nowhere", headers=given).type == "not-found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_no_method_goes_around_it(app: FastAPI, method: str) -> None:
    for path in ("/api/v1/sessions", "/docs") if method != "HEAD" else ("/api/v1/catalogue",):
        assert call(app, method, path).status == 401


def test_health_static_files_and_icon_stay_open(app: FastAPI) -> None:
    for path in ("/healthz", "/readyz", "/favicon.ico"):
        assert call(app, "GET", path).status == 200
    html = call(app, "GET", "/").body.decode()
    link = next(part for part in html.split('"') if part.endswith("sign-in.css"))
    assert call(app, "GET", link).status == 200


@pytest.mark.parametrize("page", ["/", "/docs", "/embed", "/watch/a-view_id"])
def test_a_browser_is_shown_a_form_and_led_to_the_page_it_wanted(app: FastAPI, page: str) -> None:
    shown = call(app, "GET", page)
    html = shown.body.decode()
    assert (shown.status, shown.headers["cache-control"]) == (401, "no-store")
    assert "<form" in html
    assert "main.js" not in html
    wanted = html.partition('name="page" value="')[2].partition('"')[0]
    inside = sign_in(app, page=wanted)
    assert (inside.status, inside.headers["location"]) == (303, page)
    html = call(app, "GET", page, headers=cookie(inside)).body.decode()
    assert {"/docs": "swagger", "/watch/a-view_id": "js/share/watch.js"}.get(page, "main.js") in html
    assert call(app, "GET", "/api/v1/catalogue", headers=cookie(inside)).status == 200


def test_the_cookie_is_for_this_site_and_no_script_and_does_not_hold_the_token(app: FastAPI) -> None:
    said = sign_in(app).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} <= set(said.split("; "))
    assert TOKEN not in said
    assert "Secure" not in said
    proxied = {**FORM, "X-Forwarded-Proto": "https"}
    reply = call(app, "POST", "/sign-in", headers=proxied, body=urlencode({"token": TOKEN}).encode())
    assert "Secure" in reply.headers["set-cookie"].split("; ")


def test_a_cookie_is_good_at_every_replica_until_the_token_is_another(app: FastAPI) -> None:
    given = cookie(sign_in(app))
    assert call(closed(), "GET", "/api/v1/catalogue", headers=given).status == 200
    assert call(closed(access_token="another-token-1"), "GET", "/api/v1/catalogue", headers=given).status == 401


@pytest.mark.parametrize("token", ["", "wrong", TOKEN.upper(), "é", "\0", "<script>"])
def test_a_wrong_token_shows_the_form_again_and_repeats_nothing(app: FastAPI, token: str) -> None:
    reply = sign_in(app, token, page="/docs")
    html = reply.body.decode()
    assert reply.status == 401
    assert 'role="alert"' in html
    assert 'value="/docs"' in html
    assert "set-cookie" not in reply.headers
    assert "<script>" not in html


@pytest.mark.parametrize(
    "page",
    [
        "//elsewhere.example",
        "https://elsewhere.example/",
        "/api/v1/sessions",
        "\r\nX: y",
        "/watch/../api",
        "/watch/a\r\nX: y",
        "/watch/",
    ],
)
def test_signing_in_leads_to_no_other_place_than_a_page(app: FastAPI, page: str) -> None:
    assert sign_in(app, page=page).headers["location"] == "/"


def test_a_form_without_end_is_refused(app: FastAPI) -> None:
    reply = call(app, "POST", "/sign-in", headers=FORM, body=[b"x" * 1000] * 100)
    assert (reply.status, reply.type) == (413, "body-too-large")


@pytest.mark.parametrize("prefix", ["/descent", ""])
def test_behind_a_proxy_form_and_cookie_know_the_prefix(prefix: str) -> None:
    app = closed(root_path="/descent")
    assert 'action="/descent/sign-in"' in call(app, "GET", f"{prefix}/").body.decode()
    inside = sign_in(app, prefix=prefix, page="/docs")
    assert inside.headers["location"] == "/descent/docs"
    assert "Path=/descent;" in inside.headers["set-cookie"]
    assert call(app, "GET", f"{prefix}/api/v1/catalogue", headers=cookie(inside)).status == 200
    assert call(app, "GET", f"{prefix}/api/v1/catalogue").status == 401
    assert call(app, "GET", f"{prefix}/healthz").status == 200


def test_the_description_says_that_a_token_is_needed_and_only_then(app: FastAPI) -> None:
    given = {"Authorization": f"Bearer {TOKEN}"}
    document = call(app, "GET", "/api/v1/openapi.json", headers=given).json
    assert {name for one in document["security"] for name in one} == set(document["components"]["securitySchemes"])
    assert "security" not in call(create_app(Settings(), MemoryStore()), "GET", "/api/v1/openapi.json").json


def test_a_preflight_of_a_page_that_may_call_is_answered_without_the_token() -> None:
    app = closed(cors_origins=("https://school.example",))
    asked = {"Origin": "https://school.example", "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "Authorization"
    assert call(app, "OPTIONS", "/api/v1/catalogue", headers=asked).status == 200


def test_without_the_setting_nothing_is_closed_and_nobody_signs_in() -> None:
    app = create_app(Settings(), MemoryStore())
    assert call(app, "GET", "/api/v1/catalogue").status == 200
    assert sign_in(app).type == "not-found"
