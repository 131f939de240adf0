"""A learning rate that is too large: what is said, and what the button does."""

import re

from playwright.sync_api import Page, expect

from tests.browser.driving import (
    ask,
    learning_rate,
    mode,
    number,
    open_descent,
    play,
    set_learning_rate,
    settled,
    step,
    until,
)


def diverge(page: Page) -> None:
    set_learning_rate(page, 2.0)
    settled(page)
    page.locator("#play").click()
    until(page, lambda: mode(page) == "paused")


def test_a_run_that_diverges_stops_and_says_why(page: Page, server: str) -> None:
    open_descent(page, server)
    diverge(page)
    run = ask(page, server)["runs"][0]
    assert run["status"] == "diverged"
    expect(page.locator("#notices")).to_contain_text(run["advice"]["text"])
    expect(page.get_by_role("status").filter(has_text="diverged")).to_have_count(1)
    assert step(page) == run["step"]
    assert number(page, "Loss") > 1e6


def test_its_advice_comes_when_it_is_drawn_and_goes_when_one_looks_back(page: Page, server: str) -> None:
    open_descent(page, server)
    diverge(page)
    expect(page.locator("#notices .alert")).to_have_count(1)
    page.locator("#back").click()
    expect(page.locator("#notices .alert")).to_have_count(0)
    page.locator("#forward").click()
    expect(page.locator("#notices .alert")).to_have_count(1)


def test_the_button_goes_back_and_takes_the_suggested_rate(page: Page, server: str) -> None:
    open_descent(page, server)
    diverge(page)
    suggested = ask(page, server)["runs"][0]["advice"]["suggest"]
    page.get_by_role("button", name=re.compile("^Use learning rate")).click()
    until(page, lambda: step(page) == suggested["rewind"])
    settled(page)
    run = ask(page, server)["runs"][0]
    assert (run["status"], run["learning_rate"]) == ("running", suggested["learning_rate"])
    assert float(learning_rate(page).input_value()) == suggested["learning_rate"]
    expect(page.locator("#notices .alert")).to_have_count(0)
    loss = number(page, "Loss")
    play(page, 20)
    assert number(page, "Loss") < loss


def test_a_path_that_climbs_off_the_map_is_reported_and_can_be_seen_whole(page: Page, server: str) -> None:
    open_descent(page, server)
    set_learning_rate(page, 0.6)
    settled(page)
    for _ in range(4):
        page.locator("#forward").click()
    settled(page)
    expect(page.locator("#notices")).to_contain_text("left the map")
    page.get_by_role("button", name="Fit the view").click()
    expect(page.locator("#notices")).not_to_contain_text("left the map")
    low, high = page.evaluate("document.querySelector('#map-base')._fullLayout.xaxis.range")
    assert low < number(page, "w") < high
