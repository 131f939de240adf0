"""The access token of a closed class: who sends it neither as a header nor as the cookie of the sign-in page stays out.

Of it the cookie holds what cannot be turned back, the same at every replica; another token makes all cookies worthless.
"""

import hmac
import re
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.answers import Encoded
from app.api.body import read_bytes
from app.api.route import PlainRoute
from app.errors import AccessNeeded
from app.pages import SignInPage
from app.settings import Settings

OPEN = ("/healthz", "/readyz", "/sign-in", "/favicon.ico")
STATIC = "/static/"
PAGES = ("/", "/docs", "/embed")
WATCHED = re.compile(r"/watch/[A-Za-z0-9_-]{1,64}")
COOKIE = "descent_access"
COOKIE_SECONDS = 12 * 3600
MOST_FORM_BYTES = 4096


class Access:
    """Knows the token; compares in a time that tells nothing about it."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self.cookie = hmac.new(self._token, b"descent access cookie 1", sha256).hexdigest()

    def is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token)

    def may(self, headers: Headers) -> bool:
        """Whether a request carries token or cookie."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(given.strip()):
            return True
        return hmac.compare_digest(_cookie(headers).encode(), self.cookie.encode())


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


class Gate:
    """An ASGI layer: whoever stays out is shown the sign-in page where a page was asked for, else AccessNeeded."""

    def __init__(self, app: ASGIApp, settings: Settings, access: Access, sign_in: SignInPage) -> None:
        self._app, self._access, self._sign_in = app, access, sign_in
        self._root_path = settings.root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(self._root_path)
        if scope["type"] != "http" or path in OPEN or path.startswith(STATIC) or self._access.may(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif is_page(path) and scope["method"] == "GET":
            await self._sign_in(Request(scope), path, False)(scope, receive, send)
        else:
            raise AccessNeeded


def is_page(path: str) -> bool:
    """Whether people see a page there: where the form may send them, and nowhere else."""
    return path in PAGES or WATCHED.fullmatch(path) is not None


def sign_in_route(settings: Settings, access: Access, show: SignInPage) -> PlainRoute:
    """Where the form goes: on to the page that was wanted, or to the form once more."""

    async def sign_in(request: Request) -> Response:
        form = parse_qs((await read_bytes(request, MOST_FORM_BYTES)).decode("utf-8", "replace"))
        wanted = form.get("page", [""])[0]
        page = wanted if is_page(wanted) else PAGES[0]
        if not access.is_token(form.get("token", [""])[0].strip()):
            return show(request, page, True)
        headers = {
            "Location": settings.root_path + page,
            "Set-Cookie": _set_cookie(access.cookie, settings.root_path, request.headers),
        }
        return Encoded(b"", 303, headers=headers)

    return PlainRoute("/sign-in", sign_in, methods=("POST",))


def _set_cookie(value: str, root_path: str, headers: Headers) -> str:
    """Only for HTTPS where a proxy says that the browser came that way; believing it can but hurt who lies."""
    secure = "; Secure" if headers.get("x-forwarded-proto") == "https" else ""
    path = root_path or "/"
    return f"{COOKIE}={value}; Path={path}; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}"
