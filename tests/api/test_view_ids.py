"""The id that a teacher shows: it reads everything and changes nothing."""

from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from tests.service import Handle, Json, Service

GETS = ("", "/config", "/trajectory", "/data", "/parameters", "/predictions", "/surface?resolution=5")


@pytest.mark.parametrize("call", GETS)
def test_what_is_read_with_it_is_the_same_without_the_id(service: Service, call: str) -> None:
    session = service.start(runs=[{}, {"batch_size": 7}])
    session.step(5)
    spectator = Handle(service, session.get()["view_id"])
    seen = service.call("GET", spectator.path + call)
    assert session.id not in seen.text
    assert session.id not in str(seen.headers)
    own, theirs = session.get(call.partition("?")[0]), spectator.get(call.partition("?")[0])
    hidden = {"id"} if call == "" else {"session"} if call == "/trajectory" else set()
    assert set(own) - set(theirs) == (hidden & {"id"})
    assert {k: v for k, v in own.items() if k not in hidden} == {k: v for k, v in theirs.items() if k not in hidden}
    if call == "/trajectory":
        assert theirs["session"] == spectator.id


def changes() -> list[tuple[str, str, Json]]:
    """Every call of the API about a session that is no GET, with a body that it would accept."""
    bodies: dict[str, Json] = {
        "/rewind": {"step": 0},
        "/recipe": {"problem": {"kind": "univariate_regression"}},
        "/studies": {"kind": "basins"},
    }
    found = []
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        call = path.removeprefix("/api/v1/sessions/{session_id}")
        if call != path:
            found += [(method, call, bodies.get(call, {})) for method in methods if method != "get"]
    return found


@pytest.mark.parametrize(("method", "call", "body"), changes())
def test_whatever_changes_something_is_refused(service: Service, method: str, call: str, body: Json) -> None:
    session = service.start(runs=[{"name": "a"}, {"name": "b"}])
    session.step(5)
    spectator = f"/sessions/{session.get()['view_id']}"
    before = session.everything()
    details: dict[str, Any] = {} if method == "delete" else {"json": body}
    problem = service.refused(method.upper(), spectator + call.replace("{name}", "a"), 403, **details)
    assert problem["type"] == "urn:descent:view-only"
    assert session.id not in str(problem)
    assert session.everything() == before


def test_it_ends_with_its_session(service: Service) -> None:
    session = service.start()
    view_id = session.get()["view_id"]
    service.call("DELETE", session.path)
    assert service.refused("GET", f"/sessions/{view_id}", 404)["type"] == "urn:descent:unknown-session"


def test_it_leads_to_the_session_after_a_restart(new_service: Any) -> None:
    service = new_service()
    session = service.start()
    session.step(5)
    spectator = Handle(service, session.get()["view_id"])
    service.restart()
    assert spectator.get("/parameters") == session.get("/parameters")
    assert spectator.get()["view_id"] == spectator.id
