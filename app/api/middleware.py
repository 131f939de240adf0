"""What surrounds every request: one pure ASGI layer, because each layer costs and Starlette's base class costs most."""

import logging
from asyncio import CancelledError
from itertools import count
from secrets import token_hex
from time import perf_counter

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.answers import problem_response
from app.api.hosts import host_rule
from app.errors import Defect, ForeignHost, Problem, Stopping
from app.logs import request_id
from app.metrics import Metrics
from app.settings import Settings
from app.texts import preferred_language, speak, spoken

log = logging.getLogger("descent")

REQUEST_ID = "descent.request_id"  # where a request's scope keeps it

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),  # session ids stand in addresses
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_UNLESS_SET = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}


class Shell:
    """Host names, prefix, HEAD, security headers, request ids, counting, and every exception made an answer.

    `receive` is left alone: bodies are bounded where they are read, and one that nobody reads is thrown away by the
    server as it comes.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics
        self._knows = host_rule((settings.host, *settings.allowed_hosts))
        self._root_path = settings.root_path
        self._access_log = settings.access_log
        self._process = token_hex(4)
        self._requests = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Answer(send, f"{self._process}-{next(self._requests):x}", scope["method"] == "HEAD")
        request_id.set(answer.request_id)  # each request runs in a context of its own
        speak(preferred_language(Headers(scope=scope).get("accept-language", "")))
        scope = self._prepared(scope, answer)
        started = perf_counter()
        try:
            if not self._knows(_host(scope)):
                raise ForeignHost
            await self.app(scope, receive, answer)
        except Problem as problem:
            await _tell(problem, scope, receive, answer)
        except ClientDisconnect:
            pass  # nobody is left to answer
        except CancelledError:  # the server stops, and has waited as long as it may
            if answer.status:
                raise
            await _tell(Stopping(), scope, receive, answer)
        except Exception:
            log.exception("request %s failed", answer.request_id)
            if answer.status:  # half an answer cannot be taken back: the server cuts the connection
                raise
            await _tell(Defect(answer.request_id), scope, receive, answer)
        self._note(scope, answer, perf_counter() - started)

    def _note(self, scope: Scope, answer: "Answer", seconds: float) -> None:
        """By the route's template, never the address: that holds the session's id. Who has gone got no answer."""
        method = "HEAD" if answer.is_head else scope["method"]
        route = getattr(scope.get("route"), "path", "-")
        if answer.status:
            self._metrics.observe_request(method, route, answer.status, seconds)
        if self._access_log:
            _log_request(method, route, answer, seconds)

    def _prepared(self, scope: Scope, answer: "Answer") -> Scope:
        scope[REQUEST_ID] = answer.request_id
        if self._root_path:
            scope["root_path"] = self._root_path
            if not scope["path"].startswith(self._root_path + "/"):  # a proxy took the prefix away
                scope["path"] = self._root_path + scope["path"]
        if answer.is_head:
            return {**scope, "method": "GET"}
        return scope


class Answer:
    """The `send` of one request, which adds headers to its answer and leaves out the body for HEAD."""

    __slots__ = ("_send", "is_head", "request_id", "status")

    def __init__(self, send: Send, request_id: str, is_head: bool) -> None:
        self._send = send
        self.request_id = request_id
        self.is_head = is_head
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._with_own(message.get("headers", []))}
        elif self.is_head:
            message = {**message, "body": b""}
        await self._send(message)

    def _with_own(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in headers}
        missing = [pair for pair in _UNLESS_SET.items() if pair[0] not in names]
        return [*headers, *_ALWAYS, *missing, (b"x-request-id", self.request_id.encode())]


def _host(scope: Scope) -> bytes:
    """The `Host` header; nothing where it is missing or stands twice."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return hosts[0] if len(hosts) == 1 else b""


async def _tell(problem: Problem, scope: Scope, receive: Receive, answer: Answer) -> None:
    await problem_response(problem, spoken())(scope, receive, answer)


def _log_request(method: str, route: str, answer: Answer, seconds: float) -> None:
    milliseconds = round(seconds * 1e3, 1)
    fields = {"method": method, "route": route, "status": answer.status, "milliseconds": milliseconds}
    line = "%s %s %d %.1f ms %s"
    log.info(line, method, route, answer.status, milliseconds, answer.request_id, extra={"fields": fields})
