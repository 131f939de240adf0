"""What an operator can set: one frozen object, read from `DESCENT_…` variables; it refuses to exist when wrong.

`docs/settings.md` says what each setting is for; a test holds it to the defaults and bounds here.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Annotated, Any

from annotated_types import Ge, Gt, Le
from pydantic import TypeAdapter, ValidationError

from app.logs import LogFormat

PREFIX = "DESCENT_"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^][@/:,]+)(?::\d+)?"
_LOGIN = r"(?:[^@/]*@)?"
STORES = {
    "memory://": ("memory://", r""),
    "sqlite://": (
        "sqlite:///relative/file or sqlite:////absolute/file",
        r"(?:/.*[^/])?",
    ),
    "redis://": ("redis://[:password@]host:port/db", rf"{_LOGIN}{_HOST}(?:/\d*)?"),
    "redis+cluster://": ("redis+cluster://[:password@]host:port,…", rf"{_LOGIN}{_HOST}(?:,{_HOST})*/?"),
}
"""The stores there are: the form of their URLs, and what follows the scheme."""

OWN_PATHS = ("/api", "/static", "/docs", "/embed", "/watch", "/sign-in", "/healthz", "/readyz", "/metrics")

LISTS = {"allowed_hosts", "cors_origins", "frame_ancestors"}

# What a content policy can name as the page around a frame: `self`, any, a scheme, or an origin.
_ANCESTOR = re.compile(r"self|\*|[a-z][a-z0-9+.-]*:|https?://(?:\*\.)?[A-Za-z0-9.-]+(?::(?:\d{1,5}|\*))?")

# Kubernetes gives every container variables for each service; one named "descent" makes these.
_SERVICE_LINK = re.compile(r"DESCENT_(?:SERVICE_.+|PORT_\d+_.+)")

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{12,200}")  # what may stand in a header behind "Bearer"

Port = Annotated[int, Ge(0), Le(65_535)]
Positive = Annotated[int, Ge(1)]
Bytes = Annotated[int, Ge(1024)]
A_YEAR_SECONDS = 31_536_000


class SettingsError(ValueError):
    """A setting is wrong; the message names its variable."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings with their defaults; units stand in the names, 0 never means "no limit"."""

    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Positive = 1
    store: str = "sqlite://"
    root_path: str = ""
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    cache_folder: str = ""
    access_log: bool = False
    log_format: LogFormat = "text"
    metrics: bool = True
    access_token: str = field(default="", repr=False)
    graceful_seconds: Annotated[int, Ge(0)] = 3

    max_body_bytes: Bytes = 1_048_576
    max_upload_bytes: Bytes = 4_194_304
    max_uploads_total_bytes: Bytes = 67_108_864
    max_examples: Annotated[int, Ge(2)] = 100_000
    max_features: Positive = 100
    max_parameters: Annotated[int, Ge(2)] = 10_000
    max_runs: Annotated[int, Ge(1), Le(100)] = 8
    max_events_per_run: Positive = 1000
    max_sessions: Positive = 10_000
    session_idle_seconds: Annotated[float, Gt(0), Le(A_YEAR_SECONDS)] = 86_400.0
    call_budget_milliseconds: Annotated[float, Gt(0), Le(60_000)] = 100.0
    max_queue_seconds: Annotated[float, Gt(0), Le(60)] = 2.0
    max_steps_per_call: Positive = 10_000
    max_path_bytes: Annotated[int, Ge(16_384)] = 262_144
    max_resolution: Annotated[int, Ge(2), Le(1001)] = 201
    max_step_work: Positive = 2_000_000
    max_surface_work: Positive = 1_000_000_000
    max_surface_cache_bytes: Bytes = 16_777_216
    max_studies: Positive = 200
    max_studies_per_session: Annotated[int, Ge(2)] = 8
    study_seconds: Annotated[float, Gt(0), Le(600)] = 20.0
    study_idle_seconds: Annotated[float, Gt(0), Le(A_YEAR_SECONDS)] = 3600.0

    def __post_init__(self) -> None:
        """Refuse what is wrong only together with something else, or that no bound can say."""
        _check_store(self.store, self.workers)
        _check_root_path(self.root_path)
        _check_ancestors(self.frame_ancestors)
        wellformed = self.access_token == "" or _TOKEN.fullmatch(self.access_token)
        _check(bool(wellformed), "access_token", "has to be 12 to 200 letters, digits and -._~+/=")
        _check(self.max_uploads_total_bytes >= self.max_upload_bytes, "max_uploads_total_bytes", "is below one upload")

    @classmethod
    def from_environment(
        cls, overrides: Mapping[str, Any] | None = None, variables: Mapping[str, str] = os.environ
    ) -> "Settings":
        """The settings from variables, with those of `overrides` that are not None on top.

        SettingsError names the variable where one is unknown, malformed or out of bounds.
        """
        given: dict[str, Any] = _read(variables)
        given |= {name: value for name, value in (overrides or {}).items() if value is not None}
        try:
            return _SETTINGS.validate_python(given)
        except ValidationError as error:
            first = error.errors()[0]
            raise SettingsError(_message(first["loc"], first["msg"])) from None

    def limits(self) -> dict[str, int | float]:
        """The limits in force, for `/catalogue`: what a client may run into."""
        limited = ("max_", "session_idle_", "call_budget_", "study_")
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name.startswith(limited)}


_SETTINGS = TypeAdapter(Settings)


def variable(name: str) -> str:
    """The environment variable of a setting: `max_body_bytes` is `DESCENT_MAX_BODY_BYTES`."""
    return PREFIX + name.upper()


def _read(variables: Mapping[str, str]) -> dict[str, Any]:
    known = {variable(field.name): field.name for field in fields(Settings)}
    given: dict[str, Any] = {}
    for key, value in variables.items():
        if key in known:
            name = known[key]
            given[name] = _split(value) if name in LISTS else value
        elif key.startswith(PREFIX) and not _SERVICE_LINK.fullmatch(key):
            nearest = get_close_matches(key, known, n=1)
            raise SettingsError(f"{key} is no setting" + (f"; did you mean {nearest[0]}?" if nearest else ""))
    return given


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _message(location: tuple[int | str, ...], message: str) -> str:
    if not location:
        return message.removeprefix("Value error, ")
    return f"{variable(str(location[0]))}: {message[0].lower()}{message[1:]}"


def _check(holds: bool, name: str, reason: str) -> None:
    if not holds:
        raise SettingsError(f"{variable(name)} {reason}")


def _check_store(store: str, workers: int) -> None:
    scheme = store.partition("://")[0] + "://"
    _check(scheme in STORES, "store", f"names no store that is known; a store begins with {', '.join(STORES)}")
    form, rest = STORES[scheme]
    _check(re.fullmatch(rest, store.removeprefix(scheme)) is not None, "store", f"has to look like {form}")
    _check(
        workers == 1 or scheme != "memory://",
        "workers",
        f"is {workers}, but memory:// keeps the sessions inside one process: another worker would not find them",
    )
    _check(workers == 1 or hasattr(os, "fork"), "workers", f"is {workers}, but this system cannot fork processes")


def _check_root_path(root_path: str) -> None:
    wellformed = root_path == "" or re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", root_path)
    _check(bool(wellformed), "root_path", "has to look like /prefix: it begins with a slash and does not end with one")
    first = "/" + root_path[1:].partition("/")[0]
    _check(first not in OWN_PATHS, "root_path", f"begins with {first}, a path of Descent itself")


def _check_ancestors(ancestors: tuple[str, ...]) -> None:
    wrong = next((name for name in ancestors if not _ANCESTOR.fullmatch(name)), None)
    _check(
        wrong is None,
        "frame_ancestors",
        f"has {wrong!r}; it takes self, *, origins such as https://notes.example.org, and schemes such as file:",
    )
