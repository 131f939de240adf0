"""What stands in the log, and what never does."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.errors import StoreUnavailable
from app.logs import JsonFormatter, TextFormatter, configure
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.api.small_routes import small_app
from tests.asgi import call
from tests.service import Service


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Lines of JSON, of every logger there is."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    level, handlers = root.level, root.handlers
    root.handlers = [handler]
    root.setLevel(logging.DEBUG)
    logging.getLogger("httpx").propagate = False  # the test's own client names addresses
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("httpx").propagate = True


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_object_with_its_id_and_no_address(written: io.StringIO) -> None:
    app = small_app(Settings(access_log=True))
    reply = call(app, "GET", "/t/things/known?run=mine")
    (line,) = [line for line in lines(written) if "route" in line]
    assert line["request_id"] == reply.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/t/things/{id}", 200)
    assert line["milliseconds"] >= 0
    assert (line["level"], bool(re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", line["time"]))) == ("info", True)


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_a_defect_is_told_with_its_place_and_without_its_words(
    written: io.StringIO, formatter: logging.Formatter
) -> None:
    logging.getLogger().handlers[0].setFormatter(formatter)
    reply = call(small_app(), "GET", "/t/defect")
    text = written.getvalue()
    assert text.count(reply.headers["x-request-id"]) >= 1
    assert "ZeroDivisionError" in text
    assert "in defect" in text
    assert 'ZeroDivisionError("secret")' not in text.replace("raise ", "") or "raise" in text
    assert "ZeroDivisionError: secret" not in text


def test_what_the_store_complains_of_while_a_request_is_answered_carries_its_id(written: io.StringIO) -> None:
    class ComplainingStore(MemoryStore):
        async def ping(self) -> None:
            logging.getLogger("descent").error("the store is not there")
            raise StoreUnavailable

    app = small_app()
    app.state.store = ComplainingStore()
    reply = call(app, "GET", "/readyz")
    (line,) = [line for line in lines(written) if "store" in line["message"]]
    assert line["request_id"] == reply.headers["x-request-id"]


def test_no_id_address_or_body_is_in_the_log_whatever_happens(
    written: io.StringIO, new_service: Callable[..., Service]
) -> None:
    class FailingStore(MemoryStore):
        fails: Exception | None = None

        async def touch(self, kind: str, id_: str) -> int | None:
            if self.fails:
                raise self.fails
            return await super().touch(kind, id_)

    store = FailingStore()
    service = new_service(Settings(access_log=True), store)
    session = service.start(runs=[{"name": "xyzzy"}])
    view_id = session.get()["view_id"]
    session.step(10)
    session.get("/trajectory", since=3)
    service.call("GET", f"/sessions/{view_id}?plugh=1")
    service.call("POST", f"{session.path}/step", content=b'{"plover": NaN}')
    service.call("GET", "/plugh")
    for fails in (StoreUnavailable(), KeyError(session.id)):
        store.fails = fails
        with pytest.raises(AssertionError):  # the service's own check: no other test may see a 5xx
            session.get()
    text = written.getvalue()
    assert text.count("KeyError") == 1
    assert len([line for line in lines(written) if "route" in line]) >= 8
    for secret in (session.id, view_id, "xyzzy", "plugh", "plover", "127.0.0.1"):
        assert secret not in text, secret


def test_the_form_of_the_log_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        root.handlers = []
        configure("json")
        logging.getLogger("descent").warning("so %s", "it is")
        assert json.loads(capsys.readouterr().err)["message"] == "so it is"
        configure("text")
        logging.getLogger("descent").warning("so %s", "it is")
        assert capsys.readouterr().err.endswith(" WARNING so it is\n")
    finally:
        root.handlers, root.level = handlers, level
        logging.getLogger("uvicorn").setLevel(logging.NOTSET)
