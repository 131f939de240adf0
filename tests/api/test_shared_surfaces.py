"""Surfaces are computed once for all who ask for the same, never stale, within limits, and nobody waits behind them."""

import asyncio
import re
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from app.api.caching import SharedAnswers
from app.engine.surfaces import heights
from app.sessions import surfaces
from app.settings import Settings
from tests.service import Handle, Json, Service

CALLS = ["/surface", "/field", "/line", "/plane"]
NETWORK: Json = {"dataset": {"kind": "surface", "samples": 40}}
HEAVY: Json = {"dataset": {"kind": "surface", "samples": 300}, "hidden": 8}
WINDOW: Json = {"x_min": -1, "x_max": 1, "y_min": -1, "y_max": 1}


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was worked out, in its order."""
    done: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(surfaces, name)

        def call(*given: Any, **more: Any) -> Any:
            done.append(name)
            return real(*given, **more)

        return call

    for name in ("surface", "descent_field", "line"):
        monkeypatch.setattr(surfaces, name, counted(name))
    return done


def etag(session: Handle, call: str, **query: Any) -> str:
    reply = session.service.call("GET", session.path + call, params=query)
    assert reply.status_code == 200, reply.text
    return str(reply.headers["etag"])


@pytest.mark.parametrize("call", CALLS)
def test_who_has_an_answer_is_told_so_and_nothing_is_computed(
    new_service: Callable[..., Service], computed: list[str], call: str
) -> None:
    session = new_service().start("two_layer_sigmoid", problem=NETWORK)
    session.step(5)
    first = session.service.call("GET", session.path + call)
    before = list(computed)
    again = session.service.call("GET", session.path + call, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert session.service.call("GET", session.path + call).content == first.content
    assert computed == before


def test_what_one_session_asked_for_is_there_for_all(new_service: Callable[..., Service], computed: list[str]) -> None:
    """Two sessions with the same problem cut through the same start; whoever watches asks for the same, too."""
    service = new_service()
    one, other = (service.start("two_layer_sigmoid", problem=NETWORK, seed=3) for _ in range(2))
    query = {"plane": "random", "normalize": "filter", "center": "start"}
    first = one.get("/surface", **query)
    assert other.get("/surface", **query) == first
    assert service.get(f"/sessions/{one.get()['view_id']}/surface", **query) == first
    assert computed == ["surface"]


def test_many_who_ask_at_once_wait_for_one_computation(
    new_service: Callable[..., Service], computed: list[str]
) -> None:
    service = new_service()
    session = service.start("two_layer_sigmoid", problem=HEAVY)

    async def ask_together() -> list[bytes]:
        path = f"{session.path}/surface"
        replies = await asyncio.gather(*(service.send("GET", path, params={"resolution": 101}) for _ in range(20)))
        return [reply.content for reply in replies]

    assert len(set(service.run(ask_together()))) == 1
    assert computed == ["surface"]


def test_every_part_of_a_question_makes_another_answer(new_service: Callable[..., Service]) -> None:
    service = new_service()
    session = service.start("two_layer_sigmoid", problem=NETWORK)
    session.step(3)
    asked: list[Json] = [
        {},
        {"resolution": 60},
        {"tolerance": 0.001},
        {"digits": 4},
        {"arrays": "base64"},
        WINDOW,
        {"center": "start"},
        {"x": "b2"},
        {"plane": "pca"},
        {"plane": "random"},
        {"plane": "random", "seed": 1},
        {"step": 2},
    ]
    tags = [etag(session, "/surface", **query) for query in asked]
    tags.append(etag(session, "/field", resolution=61))
    other = service.start("two_layer_sigmoid", problem={"dataset": {"kind": "surface", "samples": 40, "seed": 1}})
    window = {**WINDOW, "center": "start"}
    tags += [etag(one, "/surface", **window) for one in (session, other)]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("kind", [{}, {"plane": "pca"}, {"plane": "points", "points": "start,current,run 1@3"}])
def test_an_answer_of_before_a_step_is_not_given_after_it(service: Service, kind: Json) -> None:
    session = service.start("two_layer_sigmoid", problem=NETWORK)
    session.step(6)
    before = session.get("/surface", resolution=5, **kind)
    session.step(6)
    after = session.get("/surface", resolution=5, **kind)
    assert after["plane"]["id"] != before["plane"]["id"]
    assert after["loss"] != before["loss"]
    assert session.get("/surface", resolution=5, step=6, **kind) == before


def test_other_data_have_another_surface_on_the_same_plane(service: Service) -> None:
    session = service.start()
    before = session.get("/surface", **WINDOW, center="start")
    session.patch({"problem": {"dataset": {"seed": 5}}})
    after = session.get("/surface", **WINDOW, center="start")
    assert after["plane"]["id"] == before["plane"]["id"]
    assert after["loss"] != before["loss"]


def test_what_is_kept_stays_within_its_bytes() -> None:
    async def scenario() -> None:
        shared, made = SharedAnswers(1000), list[str]()

        async def make(tag: str, size: int) -> bytes:
            made.append(tag)
            return bytes(size)

        for tag in ("a", "b", "a", "c", "b", "a"):
            await shared.get(tag, lambda tag=tag: make(tag, 400))  # type: ignore[misc]  # a default is no argument
            assert shared.kept_bytes <= 1000
        assert made == ["a", "b", "c", "b", "a"], "the one used longest ago went first"
        assert len(await shared.get("large", lambda: make("large", 5000))) == 5000
        assert shared.kept_bytes <= 1000

    asyncio.run(scenario())


def test_a_failure_is_not_kept_and_all_who_wait_are_told() -> None:
    async def scenario() -> None:
        shared, failing = SharedAnswers(1000), [True]

        async def make() -> bytes:
            await asyncio.sleep(0)
            if failing[0]:
                raise ZeroDivisionError
            return b"body"

        results = await asyncio.gather(*(shared.get("tag", make) for _ in range(3)), return_exceptions=True)
        assert [type(result) for result in results] == [ZeroDivisionError] * 3
        failing[0] = False
        assert await shared.get("tag", make) == b"body"

    asyncio.run(scenario())


@pytest.mark.parametrize("call", ["/surface", "/field", "/line"])
def test_too_much_work_is_refused_and_says_what_would_do(new_service: Callable[..., Service], call: str) -> None:
    limit = 300_000
    service = new_service(Settings(max_surface_work=limit))
    session = service.start("two_layer_sigmoid", problem=HEAVY)
    query: Json = {"samples": 2001, "to": "run 1@1"} if call == "/line" else {"plane": "random"}
    session.step(1)
    (error,) = session.refused("GET", call, params=query)["errors"]
    assert error["where"] == ("samples" if call == "/line" else "resolution")
    assert f"at most {limit} " in error["problem"]
    (enough,) = (int(number) for number in re.findall(r"(?:resolution|line) of (\d+)", error["problem"]))
    name = "samples" if call == "/line" else "resolution"
    assert 2 <= enough < query.get("samples", 61)
    session.get(call, **{**query, name: enough})


def test_a_tolerance_allows_what_would_take_too_long_cell_by_cell(new_service: Callable[..., Service]) -> None:
    service = new_service(Settings(max_surface_work=8_000_000))
    session = service.start("two_layer_sigmoid", problem=HEAVY)
    query = {"plane": "random", "normalize": "filter", "resolution": 121}
    session.refused("GET", "/surface", params=query)
    assert 0.0 < session.get("/surface", tolerance=1e-2, **query)["error_bound"] <= 1e-2


def test_an_operator_may_allow_less_than_the_api(new_service: Callable[..., Service]) -> None:
    session = new_service(Settings(max_resolution=30)).start()
    (error,) = session.refused("GET", "/surface", params={"resolution": 31})["errors"]
    assert error == {"where": "resolution", "problem": "must be at most 30, got 31"}
    session.get("/surface", resolution=30)


async def running_loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_polls_and_steps_of_others_are_answered_while_a_heavy_surface_is_computed(
    new_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The surface cannot end before ten rounds of others have: were one of them to wait for it, so would this test."""
    service = new_service()
    session, other = (service.start("two_layer_sigmoid", problem=HEAVY) for _ in range(2))
    go_on, begun, events = Event(), asyncio.Event(), list[str]()
    tell = service.run(running_loop()).call_soon_threadsafe
    real = heights.heights

    def slow(*given: Any, **more: Any) -> Any:
        tell(begun.set)
        assert go_on.wait(60)
        return real(*given, **more)

    monkeypatch.setattr(surfaces, "heights", slow)

    async def scenario() -> None:
        drawing = asyncio.ensure_future(service.send("GET", f"{session.path}/surface", params={"resolution": 101}))
        await begun.wait()
        for _ in range(10):
            for handle in (session, other):
                step = await service.send("POST", f"{handle.path}/step", json={"steps": 50})
                poll = await service.send("GET", f"{handle.path}/trajectory")
                assert (step.status_code, poll.status_code) == (200, 200)
        events.append("others")
        assert not drawing.done()
        go_on.set()
        assert (await drawing).status_code == 200
        events.append("surface")

    service.run(asyncio.wait_for(scenario(), 60))
    assert events == ["others", "surface"]


def test_surfaces_that_would_wait_too_long_are_refused_with_a_time(
    new_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = new_service(Settings(max_queue_seconds=1.0))
    session = service.start("two_layer_sigmoid", problem=HEAVY)
    service.sessions._drawing._mean_seconds = 1.0
    go_on, real = Event(), heights.heights

    def slow(*given: Any, **more: Any) -> Any:
        assert go_on.wait(60)
        return real(*given, **more)

    monkeypatch.setattr(surfaces, "heights", slow)

    async def scenario() -> list[int]:
        asked = [
            asyncio.ensure_future(service.send("GET", f"{session.path}/surface", params={"resolution": side}))
            for side in range(101, 107)
        ]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        refused = [reply.result() for reply in asked if reply.done()]
        assert all(int(reply.headers["retry-after"]) >= 1 for reply in refused)
        go_on.set()
        return [reply.status_code for reply in await asyncio.gather(*asked)]

    statuses = service.run(scenario())
    assert set(statuses) == {200, 429}
    assert statuses.index(429) >= 2
