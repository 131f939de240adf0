"""One container with a volume, for a class."""

from collections.abc import Iterator

import pytest

from tests.containers.assets import assert_page_is_complete, is_compressed
from tests.containers.composed import Composed, clock, composed, create, inspect, kill, until
from tools.containers import docker, images

MOST_IMAGE_BYTES = 300e6
FETCH_PAGE = """
import re, urllib.request
fetch = lambda path: urllib.request.urlopen("http://127.0.0.1:8000" + path).read().decode()
links = set(re.findall('(?:src|href)="([^"#]+)"', fetch("/")))
print(len(links), sum(len(fetch(link)) > 0 for link in links))
"""


@pytest.fixture(scope="module")
def classroom() -> Iterator[Composed]:
    with composed("classroom") as running:
        yield running


def container(classroom: Composed) -> str:
    (only,) = classroom.containers("classroom")
    return only


def run(classroom: Composed, script: str) -> str:
    return docker("exec", container(classroom), "python", "-c", script)


def test_the_image_is_small() -> None:
    assert inspect(images()["DESCENT_IMAGE"])["Size"] <= MOST_IMAGE_BYTES


def test_the_process_is_nobody_without_capabilities(classroom: Composed) -> None:
    lines = run(classroom, "print(open('/proc/1/status').read())").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert status["Uid"].split() == ["10001"] * 4
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


def test_it_can_write_nowhere_but_to_its_data_and_a_little_to_tmp(classroom: Composed) -> None:
    script = """
import os
points = [line.split()[1] for line in open("/proc/mounts") if line.split()[3].split(",")[0] == "rw"]
folders = ["/", "/opt/descent", "/etc", "/usr", "/var", "/data", "/tmp", *points]
print(*sorted({folder for folder in folders if os.path.isdir(folder) and os.access(folder, os.W_OK)}))
"""
    writable = set(run(classroom, script).split())
    assert writable - {"/dev/mqueue", "/dev/shm"} == {"/data", "/tmp"}  # those two are the engine's own
    assert not any(path.startswith("/proc") for path in writable)


def test_the_page_and_all_it_needs_come_from_the_container(classroom: Composed) -> None:
    with classroom.client() as client:
        until(lambda: is_compressed(client))
        assert_page_is_complete(client)


def test_without_any_network_it_starts_and_serves() -> None:
    alone = docker("run", "--detach", "--rm", "--network=none", "--read-only", images()["DESCENT_IMAGE"])
    try:
        until(lambda: inspect(alone)["State"]["Health"]["Status"] == "healthy")
        linked, fetched = docker("exec", alone, "python", "-c", FETCH_PAGE).split()
        assert linked == fetched
        assert int(linked) >= 40
    finally:
        docker("rm", "--force", "--volumes", alone)


def test_a_session_goes_on_at_its_step_after_a_stop_and_after_a_kill(classroom: Composed) -> None:
    with classroom.client() as client:
        session = create(client)
        for step, fault in ((10, "stop"), (20, "kill")):
            reply = client.post(f"{session}/step", json={"steps": 10, "from_step": step - 10})
            assert reply.json()["step"] == step
            if fault == "stop":
                classroom.run("stop")
                assert inspect(classroom.run("ps", "--all", "--quiet").strip())["State"]["ExitCode"] == 0
                classroom.run("start")
            else:
                kill(container(classroom))
                until(lambda: inspect(container(classroom))["RestartCount"] == 1)
            classroom.settle()
            with classroom.client() as again:
                assert clock(again, session) == step
        assert client.post(f"{session}/step", json={"steps": 5, "from_step": 20}).json()["step"] == 25


def test_a_container_that_is_made_anew_finds_the_sessions_in_the_volume(classroom: Composed) -> None:
    with classroom.client() as client:
        session = create(client)
        client.post(f"{session}/step", json={"steps": 7})
    before = container(classroom)
    classroom.run("up", "--detach", "--no-build", "--wait", "--force-recreate")
    assert container(classroom) != before
    with classroom.client() as client:
        assert clock(client, session) == 7
