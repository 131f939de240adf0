"""What the page costs while it plays, in this machine's Chromium: `python -m tests.benchmarks.page_live`.

Frames drawn and requests sent a second, the main thread's time for an update of the map, the server's processor time,
the growth of the heap, and how often the surface is drawn in 3-D. One line a situation; nothing is judged here.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import clock_gettime, monotonic

from playwright.sync_api import CDPSession, Page, ViewportSize, expect, sync_playwright

from tools.browser import launch
from tools.server import running_server

SIZE = ViewportSize(width=1280, height=800)
WARM_UP_MILLISECONDS = 3000
MEASURED_MILLISECONDS = 8000
COUNT_UPDATES = """
() => {
  window.updates = [];
  for (const name of ["restyle", "react"]) {
    const original = Plotly[name];
    Plotly[name] = (graph, ...rest) => {
      const start = performance.now();
      const answer = original(graph, ...rest);
      updates.push([graph.id, performance.now() - start]);
      return answer;
    };
  }
}
"""
NOW = """
() => ({
  time: performance.now() / 1000,
  frames: descent.drawn.frames,
  requests: descent.counters.requests,
  points: Math.max(...[...descent.session.paths.values()].map((path) => path.length)),
  updates: updates.splice(0),
})
"""


@dataclass(frozen=True)
class Situation:
    """A model, how many runs race on it, and how it is looked at."""

    name: str
    model: str
    runs: int = 1
    speed: int = 60
    stage: str = "map"
    ahead: int = 0  # steps before the measuring begins
    rate: str = ""  # where the usual learning rate would converge too soon


@dataclass(frozen=True)
class Figures:
    """What a situation came to; times in milliseconds, the heap in MB."""

    name: str
    points: int
    frames_a_second: float
    requests_a_second: float
    map_update: float
    map_update_95: float
    surface_updates_a_second: float
    main_thread_share: float
    server_milliseconds_a_second: float
    heap_growth: float


SITUATIONS = (
    Situation("line fit", "univariate_regression", rate="0.0005"),
    Situation("two layers with a sigmoid", "two_layer_sigmoid"),
    Situation("1,000 points of the path", "two_layer_sigmoid", ahead=1000),
    Situation("three runs", "two_layer_sigmoid", runs=3),
    Situation("three runs, 1,000 points each", "two_layer_sigmoid", runs=3, ahead=1000),
    Situation("Rosenbrock", "rosenbrock"),
    Situation("500 steps a second", "two_layer_sigmoid", speed=500),
    Situation("3-D", "two_layer_sigmoid", stage="surface"),
)


def server_process() -> int:
    """The one child of this process that serves: its command names the module."""
    for entry in Path("/proc").iterdir():
        try:
            is_ours = entry.name.isdigit() and f"PPid:\t{os.getpid()}\n" in (entry / "status").read_text()
            if is_ours and b"app.cli" in (entry / "cmdline").read_bytes():
                return int(entry.name)
        except OSError:
            continue
    raise RuntimeError("the server is not to be found")


def processor_seconds(process: int) -> float:
    """What another process has used, to the nanosecond: its clock is named as by clock_getcpuclockid(3)."""
    return clock_gettime(~process << 3 | 2)


def browser_figure(session: CDPSession, name: str) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == name))


def prepare(page: Page, situation: Situation) -> None:
    """Chooses what the situation asks for, and begins to play."""
    page.get_by_label("Model", exact=True).select_option(situation.model)
    page.wait_for_timeout(1000)
    for _ in range(situation.runs - 1):
        page.get_by_role("button", name="Compare with another run").click()
        page.wait_for_timeout(500)
    if situation.rate:
        page.get_by_label("Learning rate η", exact=True).first.fill(situation.rate)
        page.keyboard.press("Tab")
    view = f"{{ ...descent.store.state.view, speed: {situation.speed}, stage: '{situation.stage}' }}"
    page.evaluate(f"() => descent.store.set({{ view: {view} }})")
    page.wait_for_timeout(2000)
    for _ in range(0, situation.ahead, 200):  # in parts: an answer brings at most 300 points
        page.evaluate("async () => { await descent.session.more(200); descent.player.seek(descent.player.computed); }")
    page.wait_for_timeout(1000)
    page.evaluate(COUNT_UPDATES)
    page.locator("#play").click()


def measured(page: Page, situation: Situation, server: int) -> Figures:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    prepare(page, situation)
    page.wait_for_timeout(WARM_UP_MILLISECONDS)
    session.send("HeapProfiler.collectGarbage")
    heap, busy, used = (browser_figure(session, name) for name in ("JSHeapUsedSize", "TaskDuration", "Timestamp"))
    before, processor, started = page.evaluate(NOW), processor_seconds(server), monotonic()
    page.wait_for_timeout(MEASURED_MILLISECONDS)
    after, wall = page.evaluate(NOW), monotonic() - started
    spent = processor_seconds(server) - processor
    thread = (browser_figure(session, "TaskDuration") - busy) / (browser_figure(session, "Timestamp") - used)
    session.send("HeapProfiler.collectGarbage")
    seconds = after["time"] - before["time"]
    updates = sorted(taken for graph, taken in after["updates"] if graph == "map-above") or [0.0]
    return Figures(
        name=situation.name,
        points=after["points"],
        frames_a_second=round((after["frames"] - before["frames"]) / seconds, 1),
        requests_a_second=round((after["requests"] - before["requests"]) / seconds, 2),
        map_update=round(sum(updates) / len(updates), 2),
        map_update_95=round(updates[int(0.95 * (len(updates) - 1))], 2),
        surface_updates_a_second=round(sum(graph == "surface" for graph, _ in after["updates"]) / seconds, 2),
        main_thread_share=round(thread, 3),
        server_milliseconds_a_second=round(1000 * spent / wall, 1),
        heap_growth=round((browser_figure(session, "JSHeapUsedSize") - heap) / 2**20, 2),
    )


@contextmanager
def opened() -> Iterator[tuple[Page, int]]:
    """A page of a server of its own, and the server's process."""
    with (
        TemporaryDirectory() as folder,
        running_server(Path(folder, "log.txt")) as url,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        page = browser.new_page(viewport=SIZE)
        page.goto(url)
        expect(page.locator("#opening")).to_have_count(0, timeout=30_000)
        yield page, server_process()


def main() -> None:
    asked = sys.argv[1:]  # names, all without
    for situation in (each for each in SITUATIONS if each.name in asked or not asked):
        with opened() as (page, server):
            print(json.dumps(asdict(measured(page, situation, server)), ensure_ascii=False))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
