"""One step taken apart on the map: its arrows, its numbers, and the step itself at the end."""

import re
from fractions import Fraction

from playwright.sync_api import Page, expect

from tests.browser.driving import MINUS, ask, open_descent, play, select, settled, step, until

NUMBER = re.compile(rf"[{MINUS}]?\d+\.?\d*(?:e[{MINUS}]?\d+)?")


def said(page: Page) -> str:
    return page.locator(".slow-step [role=status]").inner_text()


def pair(page: Page) -> list[float]:
    """The first two numbers of the caption's sentence."""
    words = said(page).partition("\n")[2]
    return [float(number.replace(MINUS, "-")) for number in NUMBER.findall(words)[:2]]


def start(page: Page) -> None:
    page.keyboard.press("s")
    expect(page.locator(".slow-step")).to_be_visible()
    settled(page)


def test_the_arrows_of_adam_tell_the_step_that_comes_then(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Optimizer", "adam")
    play(page, 6)
    at = step(page)
    start(page)
    gradient = ask(page, server, f"/parameters?step={at}")["gradient"]
    assert pair(page) == [round(gradient["w"], 3), round(gradient["b"], 3)]
    for kind in ("running mean", "scaling", "update"):
        page.keyboard.press("ArrowRight")
        assert kind in said(page)
        assert step(page) == at
    update = pair(page)
    expect(page.locator(".arrows .now .line")).to_have_count(1)
    expect(page.locator(".arrows .before .line")).to_have_count(3)
    page.keyboard.press("ArrowLeft")
    assert "scaling" in said(page)
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Make the step").click()
    until(page, lambda: step(page) == at + 1)
    until(page, lambda: "1 of 4" in said(page))
    before, after = (ask(page, server, f"?step={k}")["runs"][0]["parameters"] for k in (at, at + 1))
    moved = [b - a for a, b in zip(before, after, strict=True)]
    assert all(abs(one - other) < 1e-3 for one, other in zip(moved, update, strict=True))
    page.keyboard.press("Escape")
    expect(page.locator(".slow-step")).to_be_hidden()
    expect(page.locator(".arrows path")).to_have_count(0)


def test_the_update_of_plain_descent_ends_where_the_next_point_is(page: Page, server: str) -> None:
    open_descent(page, server)
    start(page)
    page.keyboard.press("ArrowRight")
    assert "2 of 2" in said(page)
    times = re.search(r"Drawn ([\d/]+) ×", said(page))
    scale = float(Fraction(times[1])) if times else 1.0
    tip = page.evaluate(
        """() => {
          const box = document.querySelector(".arrows").getBoundingClientRect();
          const tip = document.querySelector(".arrows .update .tip").getAttribute("d");
          const [x, y] = tip.slice(1).split(/[ L]/).map(Number);
          const map = document.querySelector("#map-base");
          const { xaxis, yaxis } = map._fullLayout;
          const at = map.getBoundingClientRect();
          return [xaxis.p2d(box.x - at.x + x - xaxis._offset), yaxis.p2d(box.y - at.y + y - yaxis._offset)];
        }"""
    )
    page.locator("#forward").click()
    until(page, lambda: step(page) == 1)
    expect(page.locator(".slow-step")).to_be_hidden()
    before, after = (ask(page, server, f"?step={k}")["runs"][0]["parameters"] for k in (0, 1))
    expected = [a + scale * (b - a) for a, b in zip(before, after, strict=True)]
    assert all(abs(one - other) < 0.02 for one, other in zip(tip, expected, strict=True))
