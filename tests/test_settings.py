import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from annotated_types import Ge, Gt, Le

from app.sessions.stores import OPENERS
from app.settings import STORES, Settings, SettingsError, variable

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
ROW = re.compile(r"^\| `(DESCENT_\w+)` \| (?:`([^`]*)`)? ?\| ([^|]*?) ?\| (.+) \|$", re.MULTILINE)
DOCUMENTED = {name: (default, allowed) for name, default, allowed, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))}
HINTS = get_type_hints(Settings, include_extras=True)


def written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value == () else f"{value:g}" if isinstance(value, float) else str(value)


def allowed(hint: Any) -> str:
    match [bound for bound in get_args(hint) if isinstance(bound, Ge | Gt | Le)]:
        case [Ge(least), Le(most)]:
            return f"{least} … {most}"
        case [Gt(least), Le(most)]:
            return f"above {least}, at most {most}"
        case [Ge(least)]:
            return f"at least {least}"
    raise AssertionError(f"{hint} has no bound")


def test_the_documented_settings_are_the_real_ones() -> None:
    assert set(DOCUMENTED) == {variable(field.name) for field in fields(Settings)}


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_the_documented_defaults_and_bounds_are_the_real_ones(name: str) -> None:
    default, bounds = DOCUMENTED[variable(name)]
    assert default == written(getattr(Settings(), name))
    if isinstance(getattr(Settings(), name), int | float) and not isinstance(getattr(Settings(), name), bool):
        assert bounds == allowed(HINTS[name])


def test_settings_are_read_from_the_environment_and_flags_win() -> None:
    variables = {
        "DESCENT_PORT": "9000",
        "DESCENT_HOST": "0.0.0.0",
        "DESCENT_ACCESS_LOG": "on",
        "DESCENT_ALLOWED_HOSTS": "descent.example.org, *.school.example",
        "DESCENT_SESSION_IDLE_SECONDS": "0.5",
        "DESCENT_FRAME_ANCESTORS": "self, https://*.school.example, http://localhost:8888, file:",
        "HOME": "/nowhere",
    }
    settings = Settings.from_environment({"port": "9001", "host": None}, variables)
    assert settings == Settings(
        port=9001,
        host="0.0.0.0",
        access_log=True,
        allowed_hosts=("descent.example.org", "*.school.example"),
        session_idle_seconds=0.5,
        frame_ancestors=("self", "https://*.school.example", "http://localhost:8888", "file:"),
    )


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DESCENT_PORT": "many"}, "DESCENT_PORT: input should be a valid integer"),
        ({"DESCENT_PORT": "65536"}, "DESCENT_PORT: input should be less than or equal to 65535"),
        ({"DESCENT_MAX_BODY_BYTES": "0"}, "DESCENT_MAX_BODY_BYTES: input should be greater than or equal to 1024"),
        ({"DESCENT_SESSION_IDLE_SECONDS": "nan"}, "DESCENT_SESSION_IDLE_SECONDS: input should be"),
        (
            {"DESCENT_SESSION_IDLE_SECONDS": "inf"},
            "DESCENT_SESSION_IDLE_SECONDS: input should be less than",
        ),
        ({"DESCENT_ACCESS_LOG": "perhaps"}, "DESCENT_ACCESS_LOG: input should be a valid boolean"),
        ({"DESCENT_LOG_FORMAT": "xml"}, "DESCENT_LOG_FORMAT: input should be 'text' or 'json'"),
        ({"DESCENT_ACCESS_TOKEN": "short"}, "DESCENT_ACCESS_TOKEN has to be 12 to 200 letters"),
        ({"DESCENT_ACCESS_TOKEN": "with a space in it"}, "DESCENT_ACCESS_TOKEN has to be 12 to 200 letters"),
        ({"DESCENT_PROT": "8000"}, "DESCENT_PROT is no setting; did you mean DESCENT_PORT?"),
        ({"DESCENT_FRAME_ANCESTORS": "self, notes example"}, "DESCENT_FRAME_ANCESTORS has 'notes example'; it takes"),
        ({"DESCENT_FRAME_ANCESTORS": "'none'; script-src *"}, "DESCENT_FRAME_ANCESTORS has"),
        ({"DESCENT_FRAME_ANCESTORS": "https://a.example/path"}, "DESCENT_FRAME_ANCESTORS has"),
        ({"DESCENT_COLOUR": "red"}, "DESCENT_COLOUR is no setting"),
        ({"DESCENT_STORE": "postgres://there"}, "DESCENT_STORE names no store that is known"),
        ({"DESCENT_STORE": "sqlite://relative"}, "DESCENT_STORE has to look like sqlite:///relative"),
        ({"DESCENT_STORE": "sqlite:///folder/"}, "DESCENT_STORE has to look like sqlite:///relative"),
        ({"DESCENT_STORE": "memory://x"}, "DESCENT_STORE has to look like memory://"),
        ({"DESCENT_STORE": "redis://"}, "DESCENT_STORE has to look like redis://"),
        ({"DESCENT_STORE": "redis://:secret@host:port"}, "DESCENT_STORE has to look like redis://[:password@]"),
        ({"DESCENT_STORE": "redis+cluster://a:1,"}, "DESCENT_STORE has to look like redis+cluster://"),
        (
            {"DESCENT_WORKERS": "2", "DESCENT_STORE": "memory://"},
            "DESCENT_WORKERS is 2, but memory:// keeps the sessions inside one process",
        ),
        ({"DESCENT_ROOT_PATH": "descent"}, "DESCENT_ROOT_PATH has to look like /prefix"),
        ({"DESCENT_ROOT_PATH": "/descent/"}, "DESCENT_ROOT_PATH has to look like /prefix"),
        ({"DESCENT_ROOT_PATH": "/api"}, "DESCENT_ROOT_PATH begins with /api, a path of Descent itself"),
        ({"DESCENT_MAX_UPLOADS_TOTAL_BYTES": "1024"}, "DESCENT_MAX_UPLOADS_TOTAL_BYTES is below one upload"),
    ],
)
def test_a_wrong_setting_refuses_to_start_and_names_its_variable(variables: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({}, variables)
    assert str(caught.value).startswith(message)


def test_the_access_token_is_not_shown_with_the_settings() -> None:
    assert "open-sesame" not in repr(Settings(access_token="open-sesame-1"))


def test_the_variables_that_kubernetes_makes_for_a_service_are_no_mistake() -> None:
    variables = {"DESCENT_SERVICE_HOST": "10.0.0.1", "DESCENT_PORT_8000_TCP": "tcp://10.0.0.1:8000"}
    assert Settings.from_environment({}, variables) == Settings()


def test_the_limits_of_the_catalogue_are_all_that_a_client_can_run_into() -> None:
    limits = Settings(max_runs=3).limits()
    assert limits["max_runs"] == 3
    served = {"host", "port", "workers", "store", "root_path", "allowed_hosts", "cors_origins", "cache_folder"}
    others = {"access_log", "log_format", "metrics", "access_token", "graceful_seconds", "frame_ancestors"}
    assert set(limits) == {field.name for field in fields(Settings)} - served - others


def test_every_known_store_can_be_opened() -> None:
    assert list(STORES) == list(OPENERS)


@pytest.mark.parametrize(
    "url",
    [
        "memory://",
        "sqlite://",
        "sqlite:///relative.sqlite3",
        "sqlite:////data/ü and space/descent.sqlite3",
        "redis://localhost",
        "redis://:p%40ss@10.0.0.1:6379/3",
        "redis://user:password@[::1]:6379",
        "redis+cluster://one.example:7000",
        "redis+cluster://:secret@one:7000,two:7000,three",
    ],
)
def test_urls_of_stores_are_taken(url: str) -> None:
    assert Settings(store=url).store == url


def test_several_workers_need_a_system_that_can_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(workers=2).workers == 2
    monkeypatch.delattr("os.fork")
    with pytest.raises(SettingsError, match="cannot fork"):
        Settings(workers=2)


def test_the_documented_stores_are_those_there_are() -> None:
    urls = re.findall(r"^\| `([a-z+]+://)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(urls) == set(STORES)
