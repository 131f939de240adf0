"""Planes that one worker named are known to all."""

import pytest

from app.engine.planes import Plane
from app.errors import UnknownPlane
from app.sessions import changes
from app.sessions.cuts import PlaneChoice, planned
from app.sessions.session import Session
from app.sessions.sessions import Sessions
from tests.sessions.conftest import MakeStore
from tests.sessions.workers import RACE, start, step, with_workers


def put(session: Session, choice: PlaneChoice) -> Plane:
    """A plane as a request for a surface chooses and keeps it."""
    return session.planes.put(planned(session, session.runs[0], choice, None, None).make().plane)


def test_a_plane_that_one_worker_named_is_known_to_all(make_store: MakeStore) -> None:
    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one, RACE)
        plane = put(session, PlaneChoice(x="W1[0,0]", y="b2", center="start"))
        await one.keep_planes(session)
        await step(one, session.id, 3)
        there, _ = await other.read(session.view_id, None, plane.id)
        same = there.plane(plane.id)
        assert same.id == plane.id
        assert (same.x_label, same.y_label, same.named_axes) == (plane.x_label, plane.y_label, plane.named_axes)
        for array in ("origin", "d1", "d2"):
            assert getattr(same, array).tolist() == getattr(plane, array).tolist()
        stranger = await start(other)
        await other.read(stranger.id, None, plane.id)
        with pytest.raises(UnknownPlane):
            stranger.plane(plane.id)
        for unknown in ("0" * 24, "no id at all"):
            with pytest.raises(UnknownPlane):
                (await other.read(session.id, None, unknown))[0].plane(unknown)

    with_workers(scenario, store=make_store)


def test_a_plane_of_another_model_is_unknown_after_a_restart_with_this_one() -> None:
    async def scenario(one: Sessions) -> None:
        session = await start(one, RACE)
        plane = put(session, PlaneChoice(center="start"))
        change = {"problem": {"kind": "univariate_regression"}}
        session_id = session.id

        def work(session: Session) -> str:
            return changes.patch(
                session, change, one.settings, lambda problem: one.problems.build(problem, {}), float("inf")
            )

        assert await one.change(session_id, work, lambda _, effect: effect) == "restart"
        with pytest.raises(UnknownPlane):
            (await one.read(session_id, None, plane.id))[0].plane(plane.id)

    with_workers(scenario, 1)


def test_planes_beyond_their_bytes_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.planes.MOST_KEPT_BYTES", 1000)
    monkeypatch.setattr("app.sessions.planes.LOOK_BYTES", 1)

    async def scenario(one: Sessions, other: Sessions) -> None:
        session = await start(one, RACE)
        ids = []
        for _ in range(30):
            await step(one, session.id)
            ids.append(put(session, PlaneChoice()).id)
            await one.keep_planes(session)
        assert await one.store.data_bytes("plane") < 1500
        assert (await other.read(session.id, None, ids[-1]))[0].plane(ids[-1]).id == ids[-1]
        with pytest.raises(UnknownPlane):
            (await other.read(session.id, None, ids[0]))[0].plane(ids[0])

    with_workers(scenario)
