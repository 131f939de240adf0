"""A real server and a real browser. Every test fails on whatever the page complains of or fetches from elsewhere."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize, sync_playwright

from tests.browser.script_coverage import Watch
from tools.browser import launch
from tools.server import running_server

DESKTOP = ViewportSize(width=1280, height=800)
PICTURES = Path("test-results")
FAILED = pytest.StashKey[bool]()
OVERTAKEN = re.compile(r"status of 422 .*[?&]step=\d+")
"""A step asked for while a change was under way that undid it; the page drops the answer, the console names it."""
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} refuses ${event.blockedURI || "inline"}, ${event.sourceFile}`));
"""


class Complaints(list[str]):
    """What the page said it should not have; a test that provokes something says so with `expect`."""

    def watch(self, page: Page, origin: str) -> None:
        """Collects errors in the console, exceptions, answers from 500, and requests to anywhere but `origin`."""

        def on_console(message: ConsoleMessage) -> None:
            said = f"console: {message.text} {message.location['url']}"
            if message.type == "error" and not OVERTAKEN.search(said):
                self.append(said)

        def on_request(request: Request) -> None:
            if not request.url.startswith((origin, "data:", "blob:", "about:")):
                self.append(f"request to another origin: {request.url}")

        def on_response(response: Response) -> None:
            if response.status >= 500:
                self.append(f"answer {response.status}: {response.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: self.append(f"exception: {error}"))
        page.on("request", on_request)
        page.on("response", on_response)

    def expect(self, fragment: str) -> None:
        """Takes out the complaints that contain `fragment`; AssertionError where there are none."""
        others = [complaint for complaint in self if fragment not in complaint]
        assert len(others) < len(self), f"nobody complained of {fragment!r}: {list(self)}"
        self[:] = others


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with an empty memory store; it must not have met an error of its own."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with running_server(log) as url:
        yield url
    assert "Traceback" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")


@pytest.fixture(scope="package")
def context() -> Iterator[BrowserContext]:
    """The one context of all tests: a new one would compile Plotly again, which takes two seconds."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        context = browser.new_context(viewport=DESKTOP, reduced_motion="no-preference", color_scheme="light")
        context.add_init_script(REPORT_VIOLATIONS)
        yield context


@pytest.fixture(scope="package")
def coverage() -> Iterator[Watch]:
    """What the pages execute, for those who asked for it."""
    watch = Watch()
    yield watch
    watch.leave()


@pytest.fixture
def complaints() -> Complaints:
    """What the page of this test has complained of so far."""
    return Complaints()


@pytest.fixture
def page(
    context: BrowserContext, server: str, complaints: Complaints, coverage: Watch, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """An empty page without anything stored, 1280 px wide; `page.goto(server)` opens Descent."""
    page = context.new_page()
    complaints.watch(page, server)
    with coverage.over(page):
        yield page
    if request.node.stash.get(FAILED, False):
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{request.node.name}.png", full_page=True)
    if page.url.startswith(server):
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.close()
    assert list(complaints) == []


@pytest.fixture
def other(context: BrowserContext, server: str, complaints: Complaints, coverage: Watch) -> Iterator[Page]:
    """A second page beside the first, in the same browser; what it complains of counts too."""
    page = context.new_page()
    complaints.watch(page, server)
    with coverage.over(page):
        yield page
    page.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that draws in software, on processors it shares, is now and then late: what fails has a second try.

    The summary names each such test as a rerun.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leaves with the test whether it failed, so that its page can be photographed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report
