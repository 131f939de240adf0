"""Driving the page: opening it, waiting for what it does, reading what it shows and what the server has."""

import time
from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

PATIENCE_SECONDS = 15
QUIET_MILLISECONDS = 120
MINUS = "−"
LOAD = """const load = (name) => import(document.querySelector("script[type=module]").src.replace("main", name));"""
"""The first line of a script that loads modules of the page."""


def open_descent(page: Page, server: str, fragment: str = "") -> None:
    """Returns once the first surface is drawn."""
    page.goto(f"{server}/{fragment}")
    expect(page.locator("#opening")).to_have_count(0, timeout=PATIENCE_SECONDS * 1000)
    until(page, lambda: len(readouts(page)) > 0)


def until(page: Page, probe: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Waits until `probe` holds; AssertionError if it does not. The page's policy forbids Playwright's own way."""
    deadline = time.monotonic() + seconds
    while not probe():
        assert time.monotonic() < deadline, "waited in vain"
        page.wait_for_timeout(40)


def step(page: Page) -> int:
    """The step that is drawn."""
    return int(page.locator("#step").inner_text())


def readouts(page: Page) -> dict[str, str]:
    """The numbers of the first run by their headings."""
    table = page.locator("#readouts")
    names = [name for name in table.locator("thead th").all_inner_texts() if name != "Run"]
    return dict(zip(names, table.locator("tbody tr").first.locator("td").all_inner_texts(), strict=True))


def number(page: Page, name: str) -> float:
    """One of the read-outs."""
    return float(readouts(page)[name].replace(MINUS, "-"))


def play(page: Page, steps: int) -> None:
    """Plays until at least so many steps are drawn, then pauses."""
    goal = step(page) + steps
    page.locator("#play").click()
    until(page, lambda: step(page) >= goal)
    page.locator("#play").click()
    until(page, lambda: mode(page) == "paused")


def mode(page: Page) -> str:
    """`playing` or `paused`."""
    return str(page.evaluate("descent.player.mode"))


def session_id(page: Page) -> str:
    return str(page.evaluate("descent.store.state.session.id"))


def computed(page: Page) -> int:
    """The last step that the page has."""
    return int(page.evaluate("descent.player.computed"))


def ask(page: Page, server: str, path: str = "") -> dict[str, Any]:
    """What the server says about the session of the page."""
    answer = page.request.get(f"{server}/api/v1/sessions/{session_id(page)}{path}")
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def select(page: Page, label: str, value: str) -> None:
    """Chooses in the setup and waits until the server has taken it."""
    box = page.get_by_label(label, exact=True).first
    box.select_option(value)
    until(page, lambda: box.input_value() == value)
    settled(page)


def settled(page: Page) -> None:
    """Waits until all requests are answered, and no other has gone out for a moment."""
    count = "[descent.counters.requests, descent.counters.answers]"

    def is_quiet() -> bool:
        requests, answers = page.evaluate(count)
        page.wait_for_timeout(QUIET_MILLISECONDS)
        return bool(requests == answers and page.evaluate(count) == [requests, answers])

    until(page, is_quiet)


def violations(page: Page) -> list[str]:
    """What axe has against the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [f"{violation['id']}: {[node['target'] for node in violation['nodes']]}" for violation in found]


def learning_rate(page: Page) -> Locator:
    return page.get_by_label("Learning rate η", exact=True).first


def set_learning_rate(page: Page, rate: float) -> None:
    """Types it, as a person would, and leaves the field."""
    learning_rate(page).fill(str(rate))
    learning_rate(page).blur()


def click_map(page: Page, across: float, up: float) -> None:
    """Clicks the map at a part of its width and height, from the lower left."""
    area = page.locator("#map-base .nsewdrag").bounding_box()
    assert area
    page.mouse.click(area["x"] + across * area["width"], area["y"] + (1 - up) * area["height"])
