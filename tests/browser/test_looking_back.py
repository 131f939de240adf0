"""Looking back after fast play, step by step, and what the model makes of each example as a table."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import MINUS, ask, mode, number, open_descent, settled, step, until

POINT = "((path) => path.point(path.indexAt(descent.player.step)))(descent.session.paths.get('run 1'))"


def test_one_step_back_after_fast_play_is_the_very_step_before_and_examples_stand_in_a_table(
    page: Page, server: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "examples=true" in request.url else None)
    open_descent(page, server)
    page.locator("#speed").fill("100")
    page.locator("#play").click()
    until(page, lambda: mode(page) == "paused")
    assert page.evaluate("descent.session.paths.get('run 1').length < descent.player.computed / 2")
    page.locator("#timeline").fill("1400")
    settled(page)
    for at in (1400, 1399, 1398, 1397):
        expect(page.locator("#step")).to_have_text(str(at))
        settled(page)  # the very point is read when one looks back at it
        known, point = ask(page, server, f"?step={at}")["runs"][0], page.evaluate(POINT)
        assert [point["step"], point["loss"]] == [at, known["loss"]]
        assert [point["x"], point["y"]] == known["parameters"]
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step")).to_have_text("1397")
    steps = page.evaluate("descent.session.paths.get('run 1').step")
    assert steps == sorted(set(steps))

    settled(page)
    page.get_by_role("tab", name="Numbers").click()
    assert asked == []
    page.locator("#examples-table summary").click()
    rows, data = page.locator("#examples-table tbody tr"), ask(page, server, "/data")
    expect(rows).to_have_count(len(data["X"][0]))
    expect(page.locator("#examples-table caption")).to_contain_text(f"step {step(page)}")
    predicted = number(page, "w") * data["X"][0][0] + number(page, "b")
    shown = [float(cell.replace(MINUS, "-")) for cell in rows.first.locator("td").all_inner_texts()]
    assert shown == pytest.approx([data["X"][0][0], data["y"][0][0], predicted], abs=0.01)
    page.locator("#timeline").fill("0")
    expect(page.locator("#examples-table caption")).to_contain_text("step 0")
