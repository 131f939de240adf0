"""Undo and redo of whatever changes the run, and the marks of what was changed on the way."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.driving import ask, learning_rate, open_descent, play, select, set_learning_rate, settled, step


def moment(page: Page, server: str) -> tuple[int, Any]:
    """The step that is drawn and the recipe: what a way back leads to."""
    settled(page)
    return step(page), ask(page, server)["recipe"]


def test_every_change_is_undone_and_done_again_in_the_same_session(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 12)
    moments = [moment(page, server)]
    session = page.evaluate("descent.store.state.session.id")
    set_learning_rate(page, 0.05)
    moments.append(moment(page, server))
    page.get_by_role("button", name="Compare with another run").click()
    moments.append(moment(page, server))
    page.locator("#reset").click()
    moments.append(moment(page, server))
    select(page, "Data", "hubble")
    moments.append(moment(page, server))
    select(page, "Model", "two_layer_sigmoid")
    expect(page.locator("#undo")).to_have_attribute("title", "Undo: model Two layers with a sigmoid (Ctrl+Z)")
    session = page.evaluate("descent.store.state.session.id")
    for before in reversed(moments):
        page.keyboard.press("Control+z")
        assert moment(page, server) == before
    expect(page.locator("#undo")).to_have_attribute("aria-disabled", "true")
    for after in moments[1:]:
        page.locator("#redo").click()
        assert moment(page, server) == after
    assert page.evaluate("descent.store.state.session.id") == session


def test_a_slider_that_moves_is_one_change_and_in_a_field_the_keys_are_the_fields(page: Page, server: str) -> None:
    open_descent(page, server)
    before = moment(page, server)
    slider = page.get_by_label("Learning rate η, slider").first
    for _ in range(5):
        slider.press("ArrowRight")
    moment(page, server)
    learning_rate(page).focus()
    page.keyboard.press("Control+z")
    assert moment(page, server) != before
    slider.press("Control+z")
    assert moment(page, server) == before
    expect(page.locator("#undo")).to_have_attribute("aria-disabled", "true")


def test_a_change_on_the_way_is_marked_says_what_it_was_and_leads_there(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 12)
    at = step(page)
    set_learning_rate(page, 0.05)
    settled(page)
    play(page, 12)
    mark = page.get_by_role("button", name=f"Step {at}: Learning rate η 0.05", exact=True)
    expect(mark).to_have_attribute("title", f"Step {at}: Learning rate η 0.05")
    mark.click()
    expect(page.locator("#step")).to_have_text(str(at))
    page.keyboard.press("Control+z")
    expect(mark).to_have_count(0)
