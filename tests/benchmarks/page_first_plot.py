"""How soon the map is drawn, cold, against the same demo in Dash: `python -m tests.benchmarks.page_first_plot`.

Both servers run; the pages are opened by turns, each in a browser of its own that has nothing cached. The time is the
page's own, from the navigation until the frame after the first contours stand in it. Goal: at most 0.85 of Dash's.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Playwright, ViewportSize, sync_playwright

from tools.browser import launch
from tools.server import free_port, running_server

ROUNDS = 15
PATIENCE_SECONDS = 30
SIZE = ViewportSize(width=1280, height=800)
NOTE_FIRST_PLOT = """
const look = () => {
  const drawn = document.querySelector(".contourlayer path");
  if (drawn) requestAnimationFrame(() => (window.firstPlot = performance.now()));
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@contextmanager
def running_dash() -> Iterator[str]:
    """The URL of the demo in Dash."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.benchmarks.dash_demo", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(url)
            yield url
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def first_plot(playwright: Playwright, url: str) -> float:
    """Milliseconds from the navigation to the first contours, in a browser that has never been anywhere."""
    with launch(playwright) as browser:
        page = browser.new_page(viewport=SIZE)
        page.add_init_script(NOTE_FIRST_PLOT)
        page.goto(url)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (drawn := page.evaluate("window.firstPlot ?? 0")) == 0:
            if time.monotonic() > deadline:
                raise TimeoutError(url)
            page.wait_for_timeout(20)
        return float(drawn)


def main() -> None:
    """Prints the medians and their ratio as one line of JSON."""
    with (
        TemporaryDirectory() as folder,
        running_server(Path(folder, "log.txt")) as ours,
        running_dash() as theirs,
        sync_playwright() as playwright,
    ):
        for url in (ours, theirs):
            first_plot(playwright, url)  # servers warm, pages cold
        rounds = [(first_plot(playwright, ours), first_plot(playwright, theirs)) for _ in range(ROUNDS)]
    descent, dash = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    print(json.dumps({"descent_ms": round(descent), "dash_ms": round(dash), "ratio": round(ratio, 3), "goal": 0.85}))


if __name__ == "__main__":
    main()
