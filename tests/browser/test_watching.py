"""Spectators: another screen shows the run live, follows whatever becomes of it, and can change nothing."""

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import (
    ask,
    click_map,
    computed,
    open_descent,
    play,
    select,
    session_id,
    settled,
    step,
    until,
    violations,
)


@pytest.fixture
def screen(other: Page) -> Page:
    """Somebody else's page."""
    return other


def view_id(page: Page) -> str:
    return str(page.evaluate("descent.store.state.session.view_id"))


def test_spectators_see_the_run_live_and_ask_little(page: Page, screen: Page, server: str) -> None:
    statuses: list[int] = []

    def note(response: Response) -> None:
        assert response.request.method == "GET"
        if "/trajectory" in response.url:
            statuses.append(response.status)

    open_descent(page, server)
    screen.on("response", note)
    screen.set_viewport_size({"width": 375, "height": 760})
    screen.goto(f"{server}/watch/{view_id(page)}")
    expect(screen.locator("#opening")).to_have_count(0, timeout=15_000)
    play(page, 30)
    settled(page)
    until(screen, lambda: step(screen) == computed(page))
    loss = ask(page, server)["runs"][0]["loss"]
    assert abs(float(screen.locator("#readouts td").first.inner_text()) - loss) < 1e-3 * max(1, loss)
    expect(screen.locator("#live")).to_have_text("Live")
    quiet = len(statuses)
    until(screen, lambda: len(statuses) >= quiet + 3)
    assert set(statuses[quiet + 1 :]) == {304}
    assert session_id(page) not in screen.content() + str(screen.evaluate("JSON.stringify(watching.store.state)"))
    assert screen.evaluate("document.documentElement.scrollWidth") == 375
    assert violations(screen) == []


def test_spectators_follow_resets_other_starts_and_other_models(
    page: Page, screen: Page, server: str, complaints: Complaints
) -> None:
    open_descent(page, server)
    play(page, 10)
    screen.goto(f"{server}/watch/{view_id(page)}")
    until(screen, lambda: screen.locator("#readouts td").count() > 0)
    click_map(page, 0.3, 0.3)
    settled(page)
    start = ask(page, server)["recipe"]["start"]["values"]
    first = "watching.spectator.paths.get('run 1').point(0)"
    until(screen, lambda: bool(screen.evaluate(f"{first}.x") == start["w"] and step(screen) == 0))
    page.get_by_role("button", name="Compare with another run").click()
    until(screen, lambda: screen.locator("#readouts tbody tr").count() == 2)
    select(page, "Model", "two_layer_sigmoid")
    expect(screen.locator("#subject")).to_have_text("Two layers with a sigmoid")
    play(page, 5)
    settled(page)
    until(screen, lambda: step(screen) == computed(page))
    until(screen, lambda: bool(screen.evaluate("watching.store.state.predictions['run 1']?.step") == computed(page)))
    check_turning_plane(page, screen, server)
    complaints[:] = [
        each for each in complaints if "404" not in each and "422" not in each
    ]  # planes and steps of before


def check_turning_plane(page: Page, screen: Page, server: str) -> None:
    """The plane in the address is cut for spectators too, follows the run, and lasts through another language."""
    screen.goto("about:blank")
    screen.goto(f"{server}/watch/{view_id(page)}#plane=pca&arrows=on")
    cut = "watching.store.state.surface"
    until(screen, lambda: screen.evaluate("window.watching?.store.state.surface?.kind") == "pca")
    before = screen.evaluate(f"{cut}.value.plane.id")
    page.locator("#play").click()
    until(screen, lambda: screen.evaluate(f"{cut}.value.plane.id") != before)
    page.locator("#play").click()
    settled(page)
    until(screen, lambda: bool(screen.evaluate(f"{cut}.step") == computed(page) == step(screen)))
    expect(screen.locator("#slice")).to_have_text(f"slice through step {computed(page)}")
    until(screen, lambda: screen.locator("#map-base .scatterlayer .trace").count() == 2)  # arrows
    ends = screen.evaluate(
        "watching.spectator.paths.get('run 1').point(watching.spectator.paths.get('run 1').length - 1)"
    )
    assert (abs(ends["x"]) + abs(ends["y"])) < 1e-9  # the plane goes through the point that is drawn
    screen.keyboard.press("p")
    expect(screen.locator("html")).to_have_attribute("data-look", "projector")
    screen.get_by_label("Language").select_option("de")
    expect(screen.locator("html")).to_have_attribute("lang", "de")
    expect(screen.locator("html")).to_have_attribute("data-look", "projector")
    until(screen, lambda: screen.locator("#map-base .xtitle").text_content(timeout=15_000) != "")
    expect(screen.locator("#map-base .xtitle")).to_contain_text("Hauptkomponente 1", timeout=15_000)
    screen.context.clear_cookies()


def test_a_run_that_is_not_there_or_ends_is_said_to_be_so(
    page: Page, screen: Page, server: str, complaints: Complaints
) -> None:
    screen.goto(f"{server}/watch/nobody")
    expect(screen.get_by_role("heading", name="There is no such run")).to_be_visible()
    open_descent(page, server)
    screen.goto(f"{server}/watch/{view_id(page)}")
    until(screen, lambda: screen.locator("#readouts td").count() > 0)
    page.request.delete(f"{server}/api/v1/sessions/{session_id(page)}")
    expect(screen.get_by_role("heading", name="There is no such run")).to_be_visible()
    expect(screen.locator("#bench")).to_be_hidden()
    complaints.expect("404")
