"""Looking back after fast play, step by step, and what the model makes of each example as a table."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import ask, number, open_descent, play, select, settled, step, until


def test_after_fast_play_one_step_back_is_the_very_step_before(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "rosenbrock")
    page.locator("#speed").fill("100")
    play(page, 3_000)
    kept = page.evaluate("descent.session.paths.get('run 1').length")
    assert kept < step(page) / 2
    page.locator("#timeline").fill("1400")
    settled(page)
    for back in range(3):
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#step")).to_have_text(str(1399 - back))
        known = ask(page, server, f"?step={1399 - back}")["runs"][0]
        point = page.evaluate(
            "((path) => path.point(path.indexAt(descent.player.step)))(descent.session.paths.get('run 1'))"
        )
        assert [point["step"], point["loss"], point["x"], point["y"]] == [
            known["step"],
            known["loss"],
            *known["parameters"],
        ]
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step")).to_have_text("1398")
    steps = page.evaluate("descent.session.paths.get('run 1').step")
    assert steps == sorted(set(steps))


def test_each_example_stands_in_a_table_that_is_read_when_it_is_opened(page: Page, server: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "examples=true" in request.url else None)
    open_descent(page, server)
    play(page, 5)
    settled(page)
    page.get_by_role("tab", name="Numbers").click()
    assert asked == []
    page.locator("#examples-table summary").click()
    rows = page.locator("#examples-table tbody tr")
    data = ask(page, server, "/data")
    expect(rows).to_have_count(len(data["X"][0]))
    expect(page.locator("#examples-table caption")).to_contain_text(f"step {step(page)}")
    predicted = number(page, "w") * data["X"][0][0] + number(page, "b")
    shown = [float(cell.replace("\u2212", "-")) for cell in rows.first.locator("td").all_inner_texts()]
    assert shown == pytest.approx([data["X"][0][0], data["y"][0][0], predicted], abs=0.01)
    page.keyboard.press("ArrowRight")
    until(page, lambda: len(asked) == 2)
