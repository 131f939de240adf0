"""Parameters typed over and nudged where they stand; the run goes on from there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import MINUS, ask, number, open_descent, play, select, settled, step


def events(page: Page, server: str) -> list[object]:
    found: list[object] = ask(page, server)["recipe"]["runs"][0]["events"]
    return found


def values(page: Page, server: str, at: int) -> list[float]:
    found: list[float] = ask(page, server, f"?step={at}")["runs"][0]["parameters"]
    return found


def test_a_number_typed_over_is_the_next_step_and_the_run_goes_on_from_there(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 5)
    at = step(page)
    slope = page.locator("#readouts [data-parameter=w]")
    slope.click()
    field = page.get_by_role("textbox", name="w =")
    field.fill("one")
    field.press("Enter")
    expect(page.locator(".typing")).to_contain_text("Type a number")
    field.fill(f"{MINUS}1,25")
    field.press("Enter")
    expect(page.locator("#step")).to_have_text(str(at + 1))
    expect(slope).to_be_focused()
    assert number(page, "w") == -1.25
    assert events(page, server) == [{"at": at, "set": {"parameters": {"w": -1.25}}}]
    assert values(page, server, at + 1) == [-1.25, values(page, server, at)[1]]
    expect(page.locator("#status")).to_contain_text("by hand")
    expect(page.locator("#events button")).to_have_attribute("title", f"Step {at}: w = {MINUS}1.250 by hand")

    slope.press("Enter")
    for _ in range(3):
        field.press("ArrowUp")
    field.press("Escape")
    settled(page)
    assert step(page) == at + 2
    assert values(page, server, at + 2)[0] == pytest.approx(-0.95, abs=1e-12)
    play(page, 4)
    by_hand = values(page, server, at + 2)
    gradient = ask(page, server, f"/parameters?step={at + 2}")["gradient"]
    rate = ask(page, server)["recipe"]["runs"][0]["optimizer"]["learning_rate"]
    expected = [by_hand[0] - rate * gradient["w"], by_hand[1] - rate * gradient["b"]]
    assert values(page, server, at + 3) == pytest.approx(expected, rel=1e-12)

    page.locator("#undo").click()
    expect(page.locator("#step")).to_have_text(str(at + 1))
    page.locator("#undo").click()
    expect(page.locator("#step")).to_have_text(str(at))
    settled(page)
    assert events(page, server) == []


def test_weights_are_typed_over_in_the_equations_by_keys_and_in_a_heat_map(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    page.locator("#equations-now").scroll_into_view_if_needed()
    row = page.locator("#equations-now li[data-quantity=W1]")
    row.locator("button.equation").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    field = page.locator(".typing input")
    field.fill("9")
    field.press("Enter")
    expect(page.locator("#step")).to_have_text("1")
    expect(row.locator("[data-parameter]").nth(1)).to_have_text("9.000")
    assert events(page, server) == [{"at": 0, "set": {"parameters": {"W1[1,0]": 9.0}}}]
    expect(row.locator("[data-parameter]").nth(1)).to_be_focused()

    page.get_by_label("Hidden units k", exact=True).fill("12")
    page.get_by_label("Hidden units k", exact=True).blur()
    settled(page)
    page.get_by_label("bias folded in").check()
    settled(page)
    weights = page.locator("#equations-now li[data-quantity=W_bar0] canvas.heat")
    box = weights.bounding_box()
    assert box
    weights.click(position={"x": 0.75 * box["width"], "y": 2.5 / 12 * box["height"]})
    field.fill("-4")
    field.press("Enter")
    settled(page)
    assert events(page, server)[-1] == {"at": step(page) - 1, "set": {"parameters": {"b1[2]": -4.0}}}
