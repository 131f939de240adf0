"""The picture in the README, taken from a real run: `python -m tools.screenshot FILE` or `make screenshot`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tools.browser import launch
from tools.server import running_server

SIZE = ViewportSize(width=1280, height=860)
STEPS = 14
SETTLE_MILLISECONDS = 1500  # the surface and the fit are fetched a moment after the last step


def take(page: Page, url: str, file: Path) -> None:
    """A line fit after `STEPS` single steps, far enough to see where the path goes, not yet there."""
    page.goto(url)
    expect(page.locator("#opening")).to_have_count(0)
    for step in range(1, STEPS + 1):
        page.keyboard.press("ArrowRight")
        expect(page.locator("#step")).to_have_text(str(step))
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    page.screenshot(path=file)


def main() -> None:
    """Starts a server and a browser of its own."""
    (file,) = map(Path, sys.argv[1:])
    with (
        TemporaryDirectory() as folder,
        running_server(Path(folder, "log.txt")) as url,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        take(browser.new_page(viewport=SIZE, color_scheme="light"), url, file)


if __name__ == "__main__":
    main()
