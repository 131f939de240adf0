"""One session in two tabs: each sees what the other does, says so, and no step is lost or taken twice."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import (
    ask,
    computed,
    mode,
    number,
    open_descent,
    session_id,
    set_learning_rate,
    settled,
    step,
    until,
)

NOTES = "#notices"
STEPS = "([...descent.session.paths.values()][0]).step"


def join(other: Page, page: Page, server: str) -> None:
    """Opens the session of `page` in the other tab, as a page does that was loaded again in another language."""
    other.add_init_script(f"sessionStorage.setItem('descent.session', '{session_id(page)}')")
    open_descent(other, server)
    assert session_id(other) == session_id(page)


def check_same(page: Page, other: Page, server: str) -> None:
    """Both have every step of the server's path once, and the server's numbers at the last."""
    run = ask(page, server)["runs"][0]
    for each in (page, other):
        until(each, lambda each=each: computed(each) == run["step"])  # type: ignore[misc]  # a default binds the page
        steps = each.evaluate(STEPS)
        assert steps == sorted(set(steps))
        assert steps[-1] == run["step"]
        loss = each.evaluate("[...descent.session.paths.values()][0].columns.loss.at(-1)")
        assert loss == run["loss"]


def test_what_one_tab_does_the_other_shows_and_says(
    page: Page, other: Page, server: str, complaints: Complaints
) -> None:
    open_descent(page, server)
    page.locator("#forward").click()
    until(page, lambda: step(page) == 1)
    join(other, page, server)
    page.locator("#forward").click()
    until(other, lambda: step(other) == 2)
    expect(other.locator(NOTES)).to_contain_text("Played on elsewhere, in another tab or by another client: step 2.")
    other.locator("#forward").click()
    until(page, lambda: step(page) == 3)
    expect(other.locator(NOTES)).not_to_contain_text("elsewhere")
    expect(page.locator(NOTES)).to_contain_text("step 3.")

    for each in (page, other):
        each.locator("#play").click()
    until(page, lambda: step(page) > 20 and step(other) > 20)
    for each in (page, other):
        each.locator("#play").click()
        until(each, lambda each=each: mode(each) == "paused")  # type: ignore[misc]  # a default binds the page
    settled(page)
    check_same(page, other, server)

    set_learning_rate(page, 0.05)
    settled(page)
    until(other, lambda: other.evaluate("descent.store.state.recipe.runs[0].events?.length") == 1)
    expect(other.locator(NOTES)).to_contain_text("Changed elsewhere")
    check_same(page, other, server)

    other.locator("#play").click()
    until(other, lambda: mode(other) == "playing" and step(other) > 30)
    page.locator("#reset").click()
    until(other, lambda: mode(other) == "paused" and step(other) == 0)
    expect(other.locator(NOTES)).to_contain_text("this is the run as it is now")
    settled(page)
    assert ask(page, server)["step"] == 0
    assert number(other, "Loss") == number(page, "Loss")
    check_same(page, other, server)
    complaints[:] = [
        each for each in complaints if "409" not in each and "422" not in each
    ]  # steps of a run that is no more
