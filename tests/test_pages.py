"""The pages and their files as a browser gets them."""

import gzip
import json
import re
from base64 import b64encode
from hashlib import sha256

import brotli  # type: ignore[import-untyped]  # it comes without types
import pytest
from fastapi import FastAPI

from app import __version__
from app.bundles import plotly_bundle
from app.main import create_app
from app.pages import AREAS_OF_THE_PAGE, DOCS_POLICY, LANGUAGE_COOKIE, frame_rule, page_policy
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from app.texts import areas, text
from tests.asgi import call

LINKED = re.compile(r"""(?:src|href)="([^"#]+)\"""")
PATHS = ["/", "/docs", "/embed", "/watch/unknown"]
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=|\sstyle=|<style|javascript:")


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(), MemoryStore())


def plain(reply_body: bytes) -> str:
    return reply_body.decode("utf-8")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["", "/descent"])
def test_all_that_a_page_links_to_is_there(prefix: str, path: str) -> None:
    app = create_app(Settings(root_path=prefix), MemoryStore())
    html = plain(call(app, "GET", prefix + path).body)
    linked = set(LINKED.findall(html))
    assert len(linked) >= 4
    for link in linked:
        assert link.startswith(f"{prefix}/")
        assert call(app, "GET", link).status == 200
    assert f"{prefix}/static/" in html


def test_the_page_preloads_every_module(app: FastAPI) -> None:
    html = plain(call(app, "GET", "/").body)
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', html)
    assert any(link.endswith("/js/main.js") for link in preloaded)
    assert all("/js/" in link for link in preloaded)


@pytest.mark.parametrize("path", PATHS)
def test_the_headers_of_pages_that_draw_name_what_draws(app: FastAPI, path: str) -> None:
    reply = call(app, "GET", path)
    preloaded = re.findall(r'rel="preload" href="([^"]+)" as="script"', plain(reply.body))
    assert reply.headers.get("link") == (f"<{preloaded[0]}>; rel=preload; as=script" if preloaded else None)
    assert bool(preloaded) == (path != "/docs")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_in_a_page_is_inline(app: FastAPI, path: str) -> None:
    assert INLINE_SCRIPT.findall(plain(call(app, "GET", path).body)) == []


@pytest.mark.parametrize("path", PATHS)
def test_pages_say_their_language_their_policy_and_that_they_change(app: FastAPI, path: str) -> None:
    reply = call(app, "GET", path)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-language"] == "en"
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["content-security-policy"] == (DOCS_POLICY if path == "/docs" else page_policy())
    again = call(app, "GET", path, headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == reply.headers["etag"]


@pytest.mark.parametrize("path", PATHS)
def test_pages_come_in_the_encoding_that_is_accepted(app: FastAPI, path: str) -> None:
    as_it_is = call(app, "GET", path)
    assert "content-encoding" not in as_it_is.headers
    for name, decompress in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        reply = call(app, "GET", path, headers={"Accept-Encoding": name})
        assert reply.headers["content-encoding"] == name
        assert "Accept-Encoding" in reply.headers["vary"]
        assert decompress(reply.body) == as_it_is.body
        assert reply.headers["etag"] != as_it_is.headers["etag"]


def test_the_policy_names_the_two_style_sheets_that_plotly_adds_and_allows_nothing_else_inline() -> None:
    bundle = plotly_bundle().read_text(encoding="utf-8")
    begin = bundle.index(".textContent='.maplibregl-map") + len(".textContent='")
    css = bundle[begin : bundle.index("'", begin)]
    assert "\\" not in css  # else the script's text would not be the style sheet's
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in ("", css)]
    assert page_policy() == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors 'none'; style-src 'self' 'unsafe-hashes' {' '.join(hashes)}"
    )
    assert bundle.count(".textContent='.") == 1


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_in_the_language_of_the_link_else_the_chosen_one_else_the_browsers(app: FastAPI, path: str) -> None:
    def language(path: str, **headers: str) -> str:
        reply = call(app, "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        assert f'<html lang="{reply.headers["content-language"]}"' in plain(reply.body)
        assert reply.headers["vary"] == "Accept-Encoding, Accept-Language, Cookie"
        return reply.headers["content-language"]

    chosen = f"{LANGUAGE_COOKIE}=de"
    assert language(path) == "en"
    assert language(path, Accept_Language="de-AT, en;q=0.5") == "de"
    assert language(path, Accept_Language="en", Cookie=chosen) == "de"
    assert language(f"{path}?lang=en", Accept_Language="de", Cookie=chosen) == "en"
    assert language(f"{path}?lang=tlh", Cookie=chosen) == "de"
    assert language(f"{path}?lang=<script>", Cookie=f"{LANGUAGE_COOKIE}=../../etc") == "en"


def test_a_page_in_another_language_has_another_tag(app: FastAPI) -> None:
    tags = {call(app, "GET", "/", headers={"Accept-Language": tag}).headers["etag"] for tag in ("en", "de")}
    assert len(tags) == 2


def test_the_page_carries_the_texts_of_its_modules(app: FastAPI) -> None:
    html = plain(call(app, "GET", "/?lang=de").body)
    found = re.search(r'<script type="application/json" id="texts">(.*?)</script>', html, re.DOTALL)
    assert found
    carried = json.loads(found[1])
    assert carried["transport.play"] == text("transport.play", "de")
    assert {key for area in AREAS_OF_THE_PAGE for key in areas("en")[area]} == set(carried)


def test_static_files_never_change_under_their_address(app: FastAPI) -> None:
    html = plain(call(app, "GET", "/").body)
    found = re.search(r"/static/([0-9a-f]{16})/", html)
    assert found
    reply = call(app, "GET", f"/static/{found[1]}/texts/en/server.json")
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.json["or"] == "or"
    assert call(app, "GET", f"/static/{'0' * 16}/texts/en/server.json").type == "not-found"
    for path in ("../app/main.py", "js/../../app/main.py", "%2e%2e/app/main.py", "js", "js/", "", "nothing.js"):
        assert call(app, "GET", f"/static/{found[1]}/{path}").type == "not-found"


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [("docs.js", "text/javascript"), ("swagger-ui.css", "text/css"), ("favicon.svg", "image/svg")],
)
def test_static_files_say_what_they_are(app: FastAPI, suffix: str, media_type: str) -> None:
    links = LINKED.findall(plain(call(app, "GET", "/docs").body))
    (link,) = [link for link in links if link.endswith(suffix)]
    assert call(app, "GET", link).headers["content-type"].startswith(media_type)


def test_the_description_of_the_api_is_where_the_docs_look_for_it(app: FastAPI) -> None:
    html = plain(call(app, "GET", "/docs").body)
    found = re.search(r'data-openapi="([^"]+)"', html)
    assert found
    document = call(app, "GET", found[1]).json
    assert document["info"]["version"] == __version__
    assert document["openapi"].startswith("3.1")


def test_a_browser_that_asks_for_an_icon_gets_one(app: FastAPI) -> None:
    assert call(app, "GET", "/favicon.ico").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("ancestors", "rule"),
    [
        ((), "frame-ancestors 'none'"),
        (("self",), "frame-ancestors 'self'"),
        (("self", "https://notes.example", "file:"), "frame-ancestors 'self' https://notes.example file:"),
    ],
)
def test_only_the_page_for_frames_can_be_framed_and_only_where_a_setting_says(
    ancestors: tuple[str, ...], rule: str
) -> None:
    assert frame_rule(ancestors) == rule
    app = create_app(Settings(frame_ancestors=ancestors), MemoryStore())
    policies = {path: call(app, "GET", path).headers["content-security-policy"] for path in PATHS}
    assert rule in policies["/embed"]
    assert policies["/embed"].count("frame-ancestors") == 1
    assert all("frame-ancestors 'none'" in policies[path] for path in PATHS if path != "/embed")
    assert f'data-frames="{"some" if ancestors else "none"}"' in plain(call(app, "GET", "/").body)
