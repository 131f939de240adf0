"""A closed class: the form, and what lies behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.driving import violations
from tests.browser.script_coverage import Watch
from tools.server import running_server

TOKEN = "open-sesame-123"


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DESCENT_ACCESS_TOKEN", TOKEN)
    with running_server(tmp_path / "log.txt") as url:
        yield url


@pytest.fixture
def stranger(context: BrowserContext, coverage: Watch) -> Iterator[Page]:
    """A page that nobody has signed in."""
    page = context.new_page()
    with coverage.over(page):
        yield page
    page.close()
    context.clear_cookies()


def test_the_token_opens_the_page_and_the_link_that_was_followed_stays(closed: str, stranger: Page) -> None:
    stranger.goto(f"{closed}/#1.kept")
    field = stranger.get_by_label("Access token")
    expect(field).to_be_focused()
    assert violations(stranger) == []
    paper = stranger.locator("body")
    expect(paper).to_have_css("background-color", "rgb(252, 251, 248)")
    stranger.emulate_media(contrast="more")
    expect(paper).to_have_css("background-color", "rgb(255, 255, 255)")
    stranger.emulate_media(contrast="no-preference")
    field.fill("wrong")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("alert")).to_be_visible()
    assert violations(stranger) == []
    field.fill(TOKEN)
    stranger.get_by_role("button", name="Come in").click()
    expect(stranger.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert stranger.evaluate("location.pathname + location.hash").startswith("/#1.")
    assert stranger.evaluate("document.cookie") == ""
