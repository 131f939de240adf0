"""Many requests at once: nothing is lost, nothing doubled, nothing half-done is seen."""

import asyncio
from contextlib import closing
from typing import Any

import httpx
import pytest

from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.service import API, Handle, Json, Service, parsed

BIG: Json = {
    "kind": "two_layer_sigmoid",
    "problem": {"hidden": 20, "dataset": {"kind": "curve", "samples": 2000}},
    "runs": [{"optimizer": {"learning_rate": 0.01}}],
}
"""A step takes about half a millisecond, so that calls go to the pool."""


async def together(*sent: Any) -> list[Any]:
    return list(await asyncio.gather(*sent))


async def at_work(session: Handle, waiting: int = 0) -> None:
    """Returns once somebody works with the session, and so many wait for it."""
    live = session.service.sessions.live.get(session.id)
    assert live is not None
    for _ in range(1000):
        if live.lock.locked() and live.waiting >= waiting:
            return
        await asyncio.sleep(0.001)
    raise AssertionError("nobody worked with it for a second")


def steps(session: Handle, count: int, **body: Any) -> list[Any]:
    """So many step calls, ready to be awaited."""
    service = session.service
    return [service.send("POST", f"{session.path}/step", json=body) for _ in range(count)]


@pytest.mark.parametrize("recipe", [{}, BIG], ids=["inline", "pool"])
def test_two_hundred_steps_at_once_are_two_hundred_steps(service: Service, recipe: Json) -> None:
    count = 200 if not recipe else 40
    each = 1 if not recipe else 5
    session, straight = service.start(**recipe), service.start(**recipe)
    replies = service.run(together(*steps(session, count, steps=each)))
    deltas = sorted((parsed(reply) for reply in replies), key=lambda delta: delta["step"])
    assert [delta["step"] for delta in deltas] == [each * number for number in range(1, count + 1)]
    assert {delta["steps_taken"] for delta in deltas} == {each}
    assert len({delta["version"] for delta in deltas}) == count
    straight.reach(count * each)
    assert session.get("/trajectory")["runs"] == straight.get("/trajectory")["runs"]


def test_retries_at_once_step_no_more_than_one_does(service: Service) -> None:
    session = service.start(**BIG)
    session.step(5)
    replies = service.run(together(*steps(session, 50, steps=10, from_step=5, lineage=0)))
    deltas = [parsed(reply) for reply in replies]
    assert {delta["step"] for delta in deltas} == {15}
    assert sorted(delta["steps_taken"] for delta in deltas) == [0] * 49 + [10]
    assert {tuple(delta["runs"][0]["trajectory"]["step"]) for delta in deltas} == {tuple(range(6, 16))}


def test_what_is_read_during_a_long_step_is_one_state(service: Service) -> None:
    session = service.start(**BIG)

    async def mixed() -> list[Any]:
        gets = [
            service.send("GET", session.path + call)
            for _ in range(15)
            for call in ("", "/trajectory", "/trajectory?since=3", "/parameters", "/surface?resolution=3", "/config")
        ]
        stepping = steps(session, 8, steps=40)
        return await together(*[one for pair in zip(gets, stepping, strict=False) for one in pair], *gets[8:])

    for reply in service.run(mixed()):
        shown = parsed(reply)
        if "runs" not in shown or "version" not in shown:
            continue
        (run,) = shown["runs"]
        assert run["step"] == shown["step"]
        assert shown["step"] % 40 == 0
        if run.get("trajectory", {}).get("step"):
            path = run["trajectory"]
            assert (path["step"][-1], path["loss"][-1]) == (run["step"], run["loss"])
            assert len({len(path[name]) for name in path if name != "stride"}) == 1
    assert session.get()["step"] == 320


def test_others_are_served_while_one_session_works(new_service: Any) -> None:
    service = new_service(Settings(call_budget_milliseconds=400))
    big, small = service.start(**BIG), service.start()
    finished: list[str] = []

    async def note(name: str, sent: Any) -> None:
        await sent
        finished.append(name)

    async def work() -> None:
        heavy = asyncio.create_task(note("heavy", service.send("POST", f"{big.path}/step", json={"steps": 10_000})))
        await at_work(big)
        for _ in range(5):
            await note("light", service.send("GET", f"{small.path}/trajectory"))
            await note("light", service.send("POST", f"{small.path}/step", json={}))
        await heavy

    service.run(work())
    assert finished[-1] == "heavy"
    assert finished.count("light") == 10


def test_a_spectator_waits_for_the_end_of_a_step_and_sees_it(service: Service) -> None:
    session = service.start(**BIG)

    async def work() -> tuple[Any, Any]:
        stepping = asyncio.create_task(service.send("POST", f"{session.path}/step", json={"steps": 200}))
        await at_work(session)
        seen = await service.send("GET", session.path)
        return await stepping, seen

    stepped, seen = service.run(work())
    assert parsed(seen)["version"] == parsed(stepped)["version"]
    assert parsed(seen)["step"] == 200


def test_who_waited_for_a_session_that_was_deleted_is_told_so(service: Service) -> None:
    session = service.start(**BIG)

    async def work() -> list[Any]:
        stepping = asyncio.create_task(service.send("POST", f"{session.path}/step", json={"steps": 200}))
        await at_work(session)
        deleting = asyncio.create_task(service.send("DELETE", session.path))
        await at_work(session, waiting=1)
        late = [service.send("GET", session.path), *steps(session, 2)]
        return await together(stepping, deleting, *late)

    statuses = [reply.status_code for reply in service.run(work())]
    assert statuses == [200, 204, 404, 404, 404]


def test_changes_of_all_sorts_at_once_leave_a_whole_session(service: Service) -> None:
    session = service.start(runs=[{"name": "a"}, {"name": "b", "batch_size": 5}])
    calls: list[tuple[str, str, Json | None]] = [
        ("POST", "/step", {"steps": 30}),
        ("PATCH", "/config", {"runs": [{"name": "a", "optimizer": {"learning_rate": 0.05}}]}),
        ("POST", "/runs", {"fork": {"run": "a", "step": 0}}),
        ("POST", "/reset", {}),
        ("POST", "/step", {"steps": 500}),
        ("PATCH", "/config", {"seed": 4}),
        ("DELETE", "/runs/b", None),
        ("POST", "/rewind", {"step": 0}),
        ("GET", "/trajectory", None),
        ("PATCH", "/config", {"runs": [{"name": "a", "parameters": {"w": 1.0}}]}),
    ]

    async def work() -> list[Any]:
        sent = [
            service.send(method, session.path + call, **({} if body is None else {"json": body}))
            for _ in range(8)
            for method, call, body in calls
        ]
        return await together(*sent)

    assert {reply.status_code for reply in service.run(work())} <= {200, 201, 422}
    view = session.get()
    assert [run["name"] for run in view["runs"]] == [run["name"] for run in view["recipe"]["runs"]]
    again = service.start(**view["recipe"])
    if view["step"]:
        again.reach(view["step"])
    assert again.get()["runs"] == view["runs"]


def test_two_workers_with_one_store_lose_and_double_nothing() -> None:
    store = MemoryStore()
    with closing(Service(store=store)) as one, closing(Service(store=store)) as other:
        session = one.start(**BIG)
        there = Handle(other, session.id)
        for number in range(1, 11):
            assert (session if number % 2 else there).step(7)["step"] == 7 * number
        assert there.get("/trajectory") == session.get("/trajectory")
        there.post("/rewind", {"step": 20})
        assert session.get()["step"] == 20
        other.call("DELETE", there.path)
        one.refused("GET", session.path, 404)


def test_two_workers_at_once_lose_and_double_nothing() -> None:
    store = MemoryStore()
    with closing(Service(store=store)) as one, closing(Service(store=store)) as other:
        session = one.start(**BIG)

        async def work() -> list[Any]:
            sent = [steps(session, 10, steps=5), steps(Handle(other, session.id), 10, steps=5)]
            return await together(*(call for pair in zip(*sent, strict=True) for call in pair))

        replies = one.run(work())
        done = [parsed(reply) for reply in replies if reply.status_code == 200]
        assert {reply.status_code for reply in replies} <= {200, 429}
        assert session.get()["step"] == 5 * len(done)
        assert len({delta["step"] for delta in done}) == len(done) >= 5


def test_a_request_that_a_stopping_server_gives_up_leaves_what_the_store_has(service: Service) -> None:
    session = service.start(**BIG)
    session.step(10)

    async def give_up() -> httpx.Response:
        work = service.client.post(f"{API}{session.path}/step", json={"steps": 500})
        stepping = asyncio.create_task(work)
        await at_work(session)
        stepping.cancel()  # as a server does that has to stop
        return await stepping

    before = session.everything()
    assert service.run(give_up()).status_code == 503
    assert session.everything() == before
    assert session.step(5)["step"] == 15


def test_an_earlier_step_that_has_to_be_computed_again_holds_nobody_up(service: Service) -> None:
    session, straight = service.start(**BIG), service.start(**BIG)
    session.reach(300)
    straight.reach(250)
    service.restart()  # of the way there the store has no checkpoints

    async def work() -> list[Any]:
        early = [asyncio.create_task(service.send("GET", f"{session.path}?step=250")) for _ in range(3)]
        await asyncio.sleep(0.005)
        return await together(*early, *steps(session, 1, steps=1))

    *seen, stepped = service.run(work())
    assert all(parsed(reply)["runs"] == straight.get()["runs"] for reply in seen)
    assert parsed(stepped)["step"] == 301
