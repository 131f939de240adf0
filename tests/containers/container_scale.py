"""nginx, three replicas and Valkey: any replica serves any session, and none is needed for it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import sleep

import httpx
import pytest

from tests.containers.assets import assert_page_is_complete, is_compressed
from tests.containers.composed import Composed, clock, composed, create, inspect, kill, until

REPLICAS = 3
CLIENTS = 8
POLITE = {200, 503}
UPLOAD = "/api/v1/datasets"


@pytest.fixture(scope="module")
def scale() -> Iterator[Composed]:
    with composed("scale") as running:
        yield running


@pytest.fixture
def client(scale: Composed) -> Iterator[httpx.Client]:
    with scale.client() as client:
        yield client


def process(reply: httpx.Response) -> str:
    """Which process answered: request ids begin with its own."""
    return reply.headers["x-request-id"].partition("-")[0]


def step_often(scale: Composed, session: str, times: int) -> set[str]:
    with scale.client() as client:
        replies = [client.post(f"{session}/step", json={"steps": 1}) for _ in range(times)]
    assert {reply.status_code for reply in replies} == {200}
    return set(map(process, replies))


def walk(scale: Composed, session: str, goal: int) -> set[int]:
    """Ten steps at a time, named by where they begin, each tried until it is answered; every status there was."""
    statuses = set()
    with scale.client() as client:
        for begin in range(0, goal, 10):
            for _ in count():
                reply = client.post(f"{session}/step", json={"steps": 10, "from_step": begin})
                statuses.add(reply.status_code)
                if reply.status_code == 200:
                    assert reply.json()["step"] == begin + 10
                    break
                assert float(reply.headers["retry-after"]) <= 5
                sleep(0.2)
            sleep(0.02)
    return statuses


def walk_through(scale: Composed, victim: str) -> set[int]:
    """Everybody walks while a container is killed; returns once all have arrived."""
    goal = 1000
    with scale.client() as client, ThreadPoolExecutor(CLIENTS) as pool:
        sessions = [create(client) for _ in range(CLIENTS)]
        walks = [pool.submit(walk, scale, session, goal) for session in sessions]
        until(lambda: clock(client, sessions[0]) >= 100)
        kill(victim)
        statuses = set().union(*(walk.result(timeout=120) for walk in walks))
        assert [clock(client, session) for session in sessions] == [goal] * CLIENTS
    return statuses


def test_many_clients_step_one_session_over_all_replicas_and_no_step_is_lost_or_doubled(
    scale: Composed, client: httpx.Client
) -> None:
    session = create(client)
    with ThreadPoolExecutor(CLIENTS) as pool:
        served = pool.map(lambda _: step_often(scale, session, 25), range(CLIENTS))
        assert len(set().union(*served)) == REPLICAS
    assert clock(client, session) == CLIENTS * 25


def test_the_page_and_all_it_needs_come_through_the_proxy(client: httpx.Client) -> None:
    until(lambda: is_compressed(client, 3 * REPLICAS))
    assert_page_is_complete(client)


def test_what_is_too_large_is_refused_by_descent_up_to_the_proxys_limit_and_by_the_proxy_beyond(
    client: httpx.Client,
) -> None:
    for size, by_descent in ((4_500_000, True), (6_000_000, False)):
        reply = client.post(UPLOAD, content=b"1" * size, headers={"Content-Type": "text/csv"})
        assert reply.status_code == 413
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["type"] == "urn:descent:body-too-large"
        assert ("x-request-id" in reply.headers) == by_descent
    reply = client.get("/", headers={"X-Long": "x" * 40_000})
    assert (reply.status_code, reply.json()["type"]) == (431, "urn:descent:headers-too-large")


def test_metrics_of_one_replica_are_not_shown_to_all(client: httpx.Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_a_killed_replica_costs_nobody_a_step_and_comes_back(scale: Composed, client: httpx.Client) -> None:
    victim, *_ = scale.containers("replica")
    assert walk_through(scale, victim) <= POLITE
    until(lambda: inspect(victim)["RestartCount"] == 1)
    scale.settle()
    until(lambda: len({process(client.get("/healthz")) for _ in range(4 * REPLICAS)}) == REPLICAS)


def test_a_killed_valkey_loses_nothing_that_was_acknowledged(scale: Composed) -> None:
    (valkey,) = scale.containers("valkey")
    assert walk_through(scale, valkey) <= POLITE
    assert inspect(valkey)["RestartCount"] == 1
    scale.settle()


def test_all_of_it_can_be_stopped_and_started_and_sessions_go_on(scale: Composed, client: httpx.Client) -> None:
    session = create(client)
    client.post(f"{session}/step", json={"steps": 30})
    scale.run("stop")
    scale.run("start")
    scale.settle()
    with scale.client() as again:
        assert clock(again, session) == 30
        assert again.post(f"{session}/step", json={"steps": 5, "from_step": 30}).json()["step"] == 35


def test_the_logs_of_the_proxy_hold_no_session(scale: Composed, client: httpx.Client) -> None:
    session = create(client)
    client.get(session)
    lines = [json.loads(line) for line in scale.run("logs", "--no-log-prefix", "proxy").splitlines() if line[:1] == "{"]
    assert {line["status"] for line in lines} >= {"200", "201"}
    assert session.rpartition("/")[2] not in scale.run("logs")


@pytest.mark.parametrize("service", ["proxy", "replica", "valkey"])
def test_every_container_is_nobody_and_read_only_and_bounded(scale: Composed, service: str) -> None:
    for container in scale.containers(service):
        host = inspect(container)["HostConfig"]
        assert inspect(container)["Config"]["User"] not in {"", "0", "root"}
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert host["Memory"] > 0
        assert host["PidsLimit"] > 0
        assert host["RestartPolicy"]["Name"] == "unless-stopped"
