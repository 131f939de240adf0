"""The pages and the static files beneath them, each page with a content policy of its own."""

import re
from asyncio import to_thread
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.answers import Encoded
from app.api.route import Endpoint, PlainRoute
from app.bundles import plotly_bundle
from app.errors import NotFound
from app.settings import Settings
from app.static_files import ENCODERS, FOREVER, StaticFile, StaticFiles, best_encoding, encoding_header
from app.texts import DEFAULT_LANGUAGE, areas, known_language, languages, spoken, static_folder, texts

SignInPage = Callable[[Request, str, bool], Response]

_HTML = b"text/html; charset=utf-8"
LANGUAGE_COOKIE = "descent_language"
"""What one chose on the page, which writes it."""

AREAS_OF_THE_PAGE = ("language", "page", "insight", "time", "share", "compare", "data", "planes", "studies")
"""Their texts are used by its modules; it carries them, so that no request has to wait for another."""

NOWHERE_FRAMED = "frame-ancestors 'none'"
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; "
    f"form-action 'self'; {NOWHERE_FRAMED}; style-src 'self'"
)
_STYLES_OF_THE_MAP_LIBRARY = re.compile(rb"\.textContent='(\.maplibregl-map[^'\\]*)'")


def pages(settings: Settings, static: StaticFiles) -> list[PlainRoute]:
    """The routes of what people see."""
    values, policy = _values(settings, static), page_policy()
    framed = policy.replace(NOWHERE_FRAMED, frame_rule(settings.frame_ancestors))
    main = values | {"modules": [f"{values['static']}/{name}" for name in static.modules("js/main.js")]}
    drawn = f"<{values['static']}/plotly.min.js>; rel=preload; as=script"
    return [
        PlainRoute("/", _page("index.html", main | {"place": "page"}, policy, drawn)),
        PlainRoute("/embed", _page("index.html", main | {"place": "embed"}, framed, drawn)),
        PlainRoute("/watch/{view_id}", _page("watch.html", values, policy, drawn)),
        PlainRoute("/docs", _page("docs.html", values, DOCS_POLICY)),
        PlainRoute("/static/{hash}/{path:path}", _static(static)),
        PlainRoute("/favicon.ico", _favicon(static)),
    ]


def sign_in_page(settings: Settings, static: StaticFiles) -> SignInPage:
    """The form for the access token of a closed class: for which page, and whether a token was wrong."""
    template, values = _environment().get_template("sign-in.html"), _values(settings, static)

    def answer(request: Request, page: str, failed: bool) -> Response:
        language = language_of(request)
        html = template.render(values, language=language, texts=texts(language), page=page, failed=failed)
        headers = {"Content-Language": language, "Content-Security-Policy": DOCS_POLICY, "WWW-Authenticate": "Bearer"}
        return Encoded(html.encode(), 401, _HTML, headers)

    return answer


def _values(settings: Settings, static: StaticFiles) -> dict[str, Any]:
    """What every page names."""
    address = f"{settings.root_path}/static/{static.hash}"
    return {
        "root_path": settings.root_path,
        "static": address,
        "version": __version__,
        "frames": "some" if settings.frame_ancestors else "none",
    }


@cache
def _environment() -> Environment:
    """One for all pages and languages: a template is compiled once."""
    return Environment(loader=FileSystemLoader(templates_folder()), autoescape=True, undefined=StrictUndefined)


def page_policy() -> str:
    """What the page may do: nothing inline but two style sheets that Plotly adds when it is loaded.

    One is empty, the other belongs to the map library in its bundle; a style sheet is named by the hash of its text.
    """
    with plotly_bundle().open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as bundle:
        found = _STYLES_OF_THE_MAP_LIBRARY.findall(bundle)
    return " ".join([DOCS_POLICY, "'unsafe-hashes'", *map(_style_hash, (b"", *found))])


def frame_rule(ancestors: tuple[str, ...]) -> str:
    """Which pages may show one of ours in a frame; none where none is named."""
    named = ("'self'" if name == "self" else name for name in ancestors)
    return f"frame-ancestors {' '.join(named)}" if ancestors else NOWHERE_FRAMED


def templates_folder() -> Path:
    """`templates/`, beside `static/` in a checkout as in a wheel."""
    return static_folder().parent / "templates"


@dataclass(frozen=True)
class Page:
    """A page in one language, rendered and compressed once.

    `link` names what takes longest to fetch and to parse: a browser that reads it in the headers begins at once.
    """

    language: str
    policy: str
    link: str
    encoded: dict[str | None, bytes]

    def answer(self, request: Request) -> Response:
        encoding = best_encoding(request.headers.get("accept-encoding", ""))
        body = self.encoded[encoding]
        headers = {
            "Cache-Control": "no-cache",
            "Content-Language": self.language,
            "Content-Security-Policy": self.policy,
            "ETag": f'"{sha256(body).hexdigest()[:16]}"',
            "Vary": "Accept-Encoding, Accept-Language, Cookie",
        }
        if self.link:
            headers["Link"] = self.link
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Encoded(body, 200, _HTML, headers | encoding_header(encoding))


def _page(template: str, values: dict[str, Any], policy: str, link: str = "") -> Endpoint:
    rendered = {}
    for language in languages():
        html = _html(template, values, language)
        encoded: dict[str | None, bytes] = {None: html}
        encoded.update({name: encode(html) for name, encode in ENCODERS.items()})
        rendered[language] = Page(language, policy, link, encoded)

    async def endpoint(request: Request) -> Response:
        return rendered[language_of(request)].answer(request)

    return endpoint


def _html(template: str, values: dict[str, Any], language: str) -> bytes:
    words = texts(language)
    of_modules = {key: words[key] for area in AREAS_OF_THE_PAGE for key in areas(DEFAULT_LANGUAGE).get(area, ())}
    names = {"language": language, "languages": languages(), "texts": words, "texts_of_modules": of_modules}
    return _environment().get_template(template).render(values | names).encode()


def language_of(request: Request) -> str:
    """That of the link (`?lang=de`), else the one that was chosen on the page, else the browser's."""
    chosen = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    found = (known_language(tag) for tag in chosen if tag)
    return next(filter(None, found), spoken())


def _static(static: StaticFiles) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        file = static.files.get(request.path_params["path"])
        if file is None or request.path_params["hash"] != static.hash:
            raise NotFound
        return await _file_answer(file, request, FOREVER)

    return endpoint


def _favicon(static: StaticFiles) -> Endpoint:
    """Browsers ask for it where a page did not name one: for JSON, and for a page that failed."""

    async def endpoint(request: Request) -> Response:
        return await _file_answer(static.files["favicon.svg"], request, "public, max-age=86400")

    return endpoint


async def _file_answer(file: StaticFile, request: Request, cache_control: str) -> Response:
    encoding = best_encoding(request.headers.get("accept-encoding", ""), file.encoded)
    body = file.encoded[encoding]() if encoding else await to_thread(file.read)
    headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"} | encoding_header(encoding)
    return Encoded(body, 200, file.media_type.encode(), headers)


def _style_hash(text: bytes) -> str:
    return f"'sha256-{b64encode(sha256(text).digest()).decode()}'"
