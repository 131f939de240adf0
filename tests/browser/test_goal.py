"""Play that stops at a loss or gradient norm, and says so."""

from playwright.sync_api import Page, expect

from tests.browser.driving import MINUS, ask, mode, number, open_descent, step, until


def test_play_stops_at_the_first_step_that_reaches_the_goal_and_says_why_where_it_does_not(
    page: Page, server: str
) -> None:
    open_descent(page, server)
    kind, value = page.get_by_label("Where play stops"), page.get_by_label("Goal", exact=True)
    kind.select_option("loss")
    expect(value).to_be_focused()
    assert 0 < float(value.input_value()) < number(page, "Loss")
    value.fill("5,0")
    value.press("Enter")
    expect(page.locator("#notices")).to_contain_text("loss ≤ 5 reached at step")
    assert mode(page) == "paused"
    losses = [ask(page, server, f"?step={at}")["runs"][0]["loss"] for at in (step(page) - 1, step(page))]
    assert losses[0] > 5 >= losses[1]
    expect(page.locator("#status")).to_contain_text(f"reached at step {step(page)}")
    assert page.evaluate("document.querySelector('#loss').layout.shapes[0].y0") == 5

    reached = step(page)
    page.locator("#play").click()
    until(page, lambda: step(page) > reached + 5)
    page.locator("#play").click()
    expect(page.locator("#notices")).not_to_contain_text("reached")
    page.locator("#timeline").fill("1")
    page.locator("#play").click()
    expect(page.locator("#notices")).to_contain_text(f"reached at step {reached}")

    page.locator("#speed").fill("90")
    value.fill(f"{MINUS}1")
    value.press("Enter")
    expect(page.locator("#notices")).to_contain_text("not reached", timeout=15_000)
    kind.select_option("gradient_norm")
    value.fill("-1")
    value.press("Enter")
    expect(value).to_have_attribute("aria-invalid", "true")
    assert mode(page) == "paused"
