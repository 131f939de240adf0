"""Every way in which a request can fail, and the one shape in which it is told: RFC 9457 `application/problem+json`.

Problem
├── Malformed            400  the body is not JSON at all
│   └── EmptyBody        400
├── AccessNeeded         401  this server wants its access token
├── ViewOnly             403  a view id that wants to change something
├── NotFound             404
│   ├── UnknownSession   404  unknown or expired: one answer for both
│   ├── UnknownPlane     404
│   └── UnknownStudy     404
├── WrongMethod          405
├── StaleCursor          409
├── BodyTooLarge         413
├── NotJson              415
├── NotCsv               415
├── ForeignHost          421
├── BadInput             422  with at most five `errors`, each saying where and what
├── TooMuchWork          429  with Retry-After
├── HeadersTooLarge      431
├── Defect               500  ours, logged with its request id
├── StoreUnavailable     503  with Retry-After
└── Stopping             503  with Retry-After

Words stand in `static/texts/<language>/server.json`: `problem.<type>.title` and `problem.<type>.detail`, and for each
entry of `errors` under `bad.<kind>`. Of what was sent they repeat only numbers and names of at most 40 printable
characters, so no answer grows with the question.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from pydantic_core import PydanticCustomError

from app.texts import DEFAULT_LANGUAGE, text, texts

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 5
MOST_NAME_CHARACTERS = 40
MOST_TEXT_CHARACTERS = 400


class Words(tuple[str, ...]):
    """Keys of texts, told in the language of the answer: "a number or a list"."""

    __slots__ = ()


class FieldError(NamedTuple):
    """One thing wrong with what was sent: where (`runs[0].optimizer.learning_rate`) and what: a text and its values."""

    where: str
    key: str
    values: Mapping[str, object] = {}

    def document(self, language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
        return {"where": self.where, "problem": words(self.key, self.values, language)}


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Something a client is told; raise it anywhere in a request. `detail` is another text key than the type's own."""

    status: ClassVar[int]
    type: ClassVar[str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(detail or self.type)
        self.detail = detail or f"problem.{self.type}.detail"
        self.errors = tuple(errors)[:MOST_ERRORS]
        self.headers = dict(headers or {})
        self.values = values

    def document(self, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """The problem in words, as it goes over the wire."""
        document: dict[str, Any] = {
            "type": f"urn:descent:{self.type}",
            "title": text(f"problem.{self.type}.title", language=language),
            "status": self.status,
            "detail": words(self.detail, self.values, language),
        }
        if self.errors:
            document["errors"] = [error.document(language) for error in self.errors]
        return document


class Malformed(Problem):
    """The body is not JSON; `problem.malformed.at` says where it stops being so."""

    status = 400
    type = "malformed"


class EmptyBody(Malformed):
    """A call that needs a body came without."""

    type = "empty-body"


class AccessNeeded(Problem):
    """Whoever runs this server gives a token to those who may use it; this request came without."""

    status = 401
    type = "access-needed"

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="Descent"'})


class ViewOnly(Problem):
    """A view id wants to change something."""

    status = 403
    type = "view-only"


class NotFound(Problem):
    """Nothing stands under this address."""

    status = 404
    type = "not-found"


class UnknownSession(NotFound):
    """An id that never was, or whose session has expired: one answer for both."""

    type = "unknown-session"


class UnknownPlane(NotFound):
    """A plane id that this session does not have."""

    type = "unknown-plane"


class UnknownStudy(NotFound):
    """A study that this session does not have, or not any more."""

    type = "unknown-study"


class WrongMethod(Problem):
    """`allowed` are all methods of the path, whichever route serves them."""

    status = 405
    type = "wrong-method"

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        allow = ", ".join(sorted(allowed))
        super().__init__(headers={"Allow": allow}, method=method, allow=allow)


class StaleCursor(Problem):
    """The step or lineage that was named is not where the session is."""

    status = 409
    type = "stale-cursor"


class BodyTooLarge(Problem):
    """More bytes than the limit of this call."""

    status = 413
    type = "body-too-large"

    def __init__(self, most_bytes: int) -> None:
        super().__init__(most=most_bytes)


class NotJson(Problem):
    """The body is announced as something else than JSON."""

    status = 415
    type = "not-json"


class NotCsv(Problem):
    """An upload is announced as something else than a table."""

    status = 415
    type = "not-csv"


class ForeignHost(Problem):
    """A host name this server does not answer for."""

    status = 421
    type = "foreign-host"


class BadInput(Problem):
    """What was asked for cannot be done; `errors` say why. Nothing was changed."""

    status = 422
    type = "bad-input"

    @classmethod
    def at(cls, where: str, key: str, **values: object) -> "BadInput":
        """One thing wrong: `BadInput.at("runs[1].name", "bad.run_name_taken", name=name)`."""
        return cls(errors=[FieldError(where, key, values)])


class _Later(Problem):
    """Something that may succeed when it is asked again."""

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int = 1, **values: object) -> None:
        headers = {"Retry-After": str(retry_after_seconds)}
        super().__init__(detail, errors=(), headers=headers, seconds=retry_after_seconds, **values)


class TooMuchWork(_Later):
    """The server is busy, or full of sessions in use."""

    status = 429
    type = "too-much-work"


class HeadersTooLarge(Problem):
    """Request line and headers are longer than anything we send or expect."""

    status = 431
    type = "headers-too-large"


class StoreUnavailable(_Later):
    """The store does not answer."""

    status = 503
    type = "store-unavailable"


class Stopping(_Later):
    """The server is being stopped, and this request would have taken longer than it waits."""

    status = 503
    type = "stopping"


class Defect(Problem):
    """An exception nobody expected; the log has it under the same request id."""

    status = 500
    type = "defect"

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id=request_id)


def unacceptable(key: str, **values: object) -> PydanticCustomError:
    """What a validator of ours raises: its words are the text `key`, its place is added by pydantic."""
    return PydanticCustomError(key, texts()[key], values)


def words(key: str, values: Mapping[str, object], language: str = DEFAULT_LANGUAGE) -> str:
    """The text `key` with values that are fit to be repeated."""
    filled = text(key, language=language, **{name: shown(value, language) for name, value in values.items()})
    return filled if len(filled) <= MOST_TEXT_CHARACTERS else filled[: MOST_TEXT_CHARACTERS - 1] + "…"


def shown(value: object, language: str = DEFAULT_LANGUAGE) -> str:
    r"""A value as an answer may repeat it: a number, a short printable name, or a list of our own names (a tuple).

    >>> shown(0.1), shown(True), shown("two\nlines"), shown(10**50), shown(("w", "b"))
    ('0.1', 'true', '…', '1e+50', 'w, b')
    """
    if isinstance(value, Words):
        return f" {text('or', language=language)} ".join(text(key, language=language) for key in value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return value if len(value) <= MOST_NAME_CHARACTERS and value.isprintable() else "…"
    return _number(value) if isinstance(value, int | float) else "…"


def _number(value: int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) or -(10**16) < value < 10**16:
        return repr(value)
    try:
        return f"{float(value):g}"
    except OverflowError:
        return "…"
