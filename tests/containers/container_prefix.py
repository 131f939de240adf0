"""Below a path of somebody else's server: nginx with `deploy/nginx/prefix.conf`."""

from collections.abc import Iterator
from contextlib import ExitStack
from shutil import copy, copytree

import httpx
import pytest

from tests.containers.assets import links
from tests.containers.composed import LINE, until
from tools.containers import ROOT, docker, images
from tools.server import free_port

FOLDER = "/etc/nginx/descent"
NGINX = ["-e", "/dev/stderr", "-c", f"{FOLDER}/below-a-path.conf", "-g", "daemon off;"]
PREFIX = "/descent"


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}{PREFIX}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    configuration = copytree(ROOT / "deploy" / "nginx", tmp_path_factory.mktemp("nginx") / "descent")
    copy(
        ROOT / "tests" / "containers" / "images" / "below-a-path.conf", configuration
    )  # nginx includes what stands beside
    network = f"descent-test-{port}"
    proxy_options = [
        *("--publish", f"127.0.0.1:{port}:8080", "--user=101:101", "--read-only", "--tmpfs=/run:uid=101"),
        *("--volume", f"{configuration}:{FOLDER}:ro", "--entrypoint=nginx"),
    ]
    with ExitStack() as stack:
        docker("network", "create", network)
        stack.callback(docker, "network", "rm", network)
        for options, image, command in (
            (["--network-alias=descent", f"--env=DESCENT_ROOT_PATH={PREFIX}"], images()["DESCENT_IMAGE"], []),
            (proxy_options, images()["NGINX_IMAGE"], NGINX),
        ):
            container = docker("run", "--detach", "--network", network, *options, image, *command)
            stack.callback(docker, "rm", "--force", "--volumes", container)
        until(lambda: answers(f"http://127.0.0.1:{port}"))
        yield f"http://127.0.0.1:{port}"


def test_the_page_and_all_its_links_stand_below_the_prefix(url: str) -> None:
    with httpx.Client(base_url=f"{url}{PREFIX}") as client:
        found = [client.get(f"{url}{link}" if link.startswith("/") else link) for link in links(client)]
    assert len(found) >= 40
    assert {(reply.status_code, reply.request.url.path.startswith(f"{PREFIX}/")) for reply in found} == {(200, True)}


def test_a_session_is_made_stepped_and_looked_at_below_the_prefix(url: str) -> None:
    made = httpx.post(f"{url}{PREFIX}/api/v1/sessions", json=LINE)
    location = made.headers["location"]
    assert location.startswith(f"{PREFIX}/api/v1/sessions/")
    assert httpx.post(f"{url}{location}/step", json={"steps": 5}).json()["step"] == 5
    assert httpx.get(f"{url}{location}").json()["step"] == 5


def test_the_prefix_alone_leads_to_the_page_and_nothing_beside_it_is_served(url: str) -> None:
    assert httpx.get(f"{url}{PREFIX}").headers["location"] == f"{PREFIX}/"
    assert httpx.get(f"{url}/api/v1/catalogue").status_code == 404
