"""Two ways to a gradient: strip and table show what the server found, and ask only when they are looked at."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.driving import MINUS, ask, open_descent, select, settled, step


def open_check(page: Page, server: str, model: str) -> None:
    open_descent(page, server)
    select(page, "Model", model)
    page.locator("#check-tab").click()
    page.locator("#check").scroll_into_view_if_needed()
    expect(page.locator("#check table")).to_be_visible()
    settled(page)


def watch_checks(page: Page) -> list[str]:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/gradient-check" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_both_gradients_stand_side_by_side_for_every_parameter(page: Page, server: str) -> None:
    open_check(page, server, "two_layer_sigmoid")
    page.locator("#forward").click()
    settled(page)
    rows = ask(page, server, f"/gradient-check?step={step(page)}")["rows"]
    shown = page.locator("#check tbody tr")
    assert shown.count() == len(rows) == 13
    worst = max(rows, key=lambda row: float(row["error"]))
    for row, line in zip(rows, shown.all(), strict=True):
        name = line.locator("th").inner_text()
        assert name == row["parameter"] + (" (furthest apart)" if row is worst else "")
        numbers = [float(cell.replace(MINUS, "-")) for cell in line.locator("td").all_inner_texts()]
        assert numbers == pytest.approx([row["backprop"], row["difference"], row["error"]], rel=1e-2, abs=6e-4)
    expect(page.locator(".verdict")).to_contain_text(
        f"agree at all 13 parameters. Furthest apart: {worst['parameter']}"
    )
    strip = page.locator("#check .strip")
    strip.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#check .told")).to_contain_text(f"{rows[2]['parameter']}: backpropagation ")
    assert step(page) == 1
    expect(page.locator(".costs")).to_contain_text("2 losses for each of 13 parameters, 26 losses")
    expect(page.locator(".costs")).to_contain_text("Here 13 times as much")
    page.locator("#numbers-tab").click()
    asked = watch_checks(page)
    page.locator("#forward").click()
    settled(page)
    assert asked == []


def test_a_large_network_is_summed_up_and_a_function_is_checked_too(page: Page, server: str) -> None:
    open_check(page, server, "network")
    asked = watch_checks(page)
    problem = {"kind": "network", "hidden": [12, 12], "activation": "relu", "dataset": {"kind": "moons"}}
    page.evaluate("(problem) => descent.session.change({ problem })", problem)
    settled(page)
    rows = ask(page, server, "/gradient-check")["rows"]
    table = page.locator("#check tbody")
    expect(table.locator("tr")).to_have_count(6)
    for name in ("W1", "b1", "W2", "b2", "W3", "b3"):
        own = [row for row in rows if row["parameter"].startswith(name)]
        line = table.locator("tr", has_text=max(own, key=lambda row: float(row["error"]))["parameter"])
        expect(line.locator("td").first).to_have_text(str(len(own)))
    asked.clear()
    page.locator("#play").click()
    page.wait_for_timeout(1500)
    assert asked == []  # 205 parameters: at rest only
    page.locator("#play").click()
    settled(page)
    assert len(asked) == 1
    select(page, "Model", "rosenbrock")
    expect(table.locator("tr")).to_have_count(2)
    expect(table).to_contain_text(re.compile(r"^x"))
