"""The ruler under the learning rate: where it says that descent is smooth, oscillates, diverges, and when it asks."""

import re

import pytest
from playwright.sync_api import Locator, Page, Request, ViewportSize, expect

from tests.browser.driving import (
    ask,
    learning_rate,
    mode,
    open_descent,
    play,
    readouts,
    select,
    set_learning_rate,
    settled,
    step,
    until,
)

PHONE = ViewportSize(width=375, height=800)


def ruler(page: Page) -> Locator:
    return page.locator(".ruler").first


def zone(page: Page) -> str:
    return ruler(page).locator(".zones .here").inner_text()


def slider(page: Page) -> Locator:
    return page.get_by_label("Learning rate η, slider").first


def watch_diagnoses(page: Page) -> list[str]:
    """The addresses of all requests for a diagnosis from here on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/diagnosis" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_the_words_are_the_servers_limits(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    found = ask(page, server, "/diagnosis")
    words = ruler(page).locator(".words")
    expect(words).to_contain_text(f"1/λ = {found['smooth_limit']:.3g}")
    expect(words).to_contain_text(f"2/λ = {found['stability_limit']:.3g}")
    assert slider(page).get_attribute("aria-describedby") == words.get_attribute("id")


@pytest.mark.parametrize(("zone_name", "edge"), [("oscillates", "smooth_limit"), ("diverges", "stability_limit")])
def test_a_stretch_begins_where_the_thumb_stands_at_its_rate(
    page: Page, server: str, zone_name: str, edge: str
) -> None:
    open_descent(page, server)
    settled(page)
    set_learning_rate(page, ask(page, server, "/diagnosis")[edge])
    settled(page)
    track, stretch = slider(page).bounding_box(), ruler(page).locator(f".band .{zone_name}").bounding_box()
    assert track
    assert stretch
    thumb = 16.0
    middle = track["x"] + thumb / 2 + float(slider(page).input_value()) / 1000 * (track["width"] - thumb)
    assert abs(stretch["x"] - middle) < 0.5
    assert stretch["x"] + stretch["width"] <= track["x"] + track["width"] - thumb / 2 + 0.5


def test_the_zone_is_what_the_run_then_does(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    limits = ask(page, server, "/diagnosis")
    for rate, name in ((0.9 * limits["smooth_limit"], "smooth"), (0.9 * limits["stability_limit"], "oscillates")):
        set_learning_rate(page, rate)
        settled(page)
        assert zone(page) == name
        play(page, 15)
        assert ask(page, server)["runs"][0]["status"] != "diverged"
        assert len(readouts(page)) > 0
        page.locator("#reset").click()
        settled(page)
    set_learning_rate(page, 1.5 * limits["stability_limit"])
    settled(page)
    assert zone(page) == "diverges"
    page.locator("#play").click()
    until(page, lambda: mode(page) == "paused")
    assert ask(page, server)["runs"][0]["status"] == "diverged"


def test_moving_the_slider_moves_the_words_without_asking(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    asked = watch_diagnoses(page)
    for value, name in (("100", "smooth"), ("900", "diverges"), ("100", "smooth")):
        slider(page).fill(value)
        assert zone(page) == name
    settled(page)
    assert zone(page) == "smooth"
    assert asked == []


def test_another_optimizer_has_another_limit(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Optimizer", "nesterov")
    words = ruler(page).locator(".words")
    expect(words).to_contain_text(f"= {ask(page, server, '/diagnosis')['stability_limit']:.3g}")
    expect(words).to_contain_text(re.compile(r"2\(1.\+.μ\)/\(\(1.\+.2μ\)λ\)"))


def test_where_theory_knows_no_limit_it_says_so(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Optimizer", "nadam")
    expect(ruler(page).locator(".words")).to_have_text("Theory knows no limit for this optimizer.")
    expect(ruler(page).locator(".zones .here")).to_have_count(0)


def test_an_adaptive_method_gets_its_limit_after_the_first_step(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Optimizer", "rmsprop")
    expect(ruler(page).locator(".words")).to_contain_text("not known at this point")
    page.locator("#forward").click()
    settled(page)
    limit = ask(page, server, "/diagnosis?step=1")["stability_limit"]
    expect(ruler(page).locator(".words")).to_contain_text(f"{limit:.3g}")


def test_a_schedule_has_a_needle_where_the_next_step_stands(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_text("Schedule and gradient", exact=True).click()
    select(page, "Schedule of the learning rate", "exponential")
    page.locator("#forward").click()
    settled(page)
    used = ask(page, server, "/diagnosis?step=1")["learning_rate"]
    expect(ruler(page).locator(".needle")).to_be_visible()
    expect(ruler(page).locator(".words")).to_contain_text(f"{used:.4g} (next step, by the schedule)")


def test_nothing_is_asked_while_a_limit_stays_what_it_is(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    asked = watch_diagnoses(page)
    play(page, 60)
    settled(page)
    assert asked == []


def test_a_limit_that_moves_is_asked_for_at_a_calm_rhythm(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    asked = watch_diagnoses(page)
    page.locator("#play").click()
    page.wait_for_timeout(2500)
    assert len(asked) <= 1
    page.locator("#play").click()
    settled(page)
    assert 1 <= len(asked) <= 2
    limit = ask(page, server, f"/diagnosis?step={step(page)}")["stability_limit"]
    expect(ruler(page).locator(".words")).to_contain_text(f"2/λ = {limit:.3g}")


def test_nothing_is_asked_for_a_ruler_out_of_sight(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    asked = watch_diagnoses(page)
    open_descent(page, server)
    settled(page)
    assert asked == []
    learning_rate(page).scroll_into_view_if_needed()
    settled(page)
    assert len(asked) == 1
    expect(ruler(page).locator(".words")).to_contain_text("smooth")


def test_every_run_has_a_ruler_of_its_own(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_role("button", name="Compare with another run").click()
    settled(page)
    expect(page.locator(".ruler")).to_have_count(2)
    second = ask(page, server, "/diagnosis?run=run+2")
    page.locator(".ruler").nth(1).scroll_into_view_if_needed()
    settled(page)
    expect(page.locator(".ruler .words").nth(1)).to_contain_text(f"= {second['stability_limit']:.3g}")
