"""The studies tab: a map of basins, a sweep and a race, begun, ended early, and taken over into the run."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import ask, open_descent, select, session_id, settled, step, until, violations
from tests.browser.test_accessibility import DESKTOP, PHONE
from tests.browser.test_saving import saved, texts

STUDY = "descent.store.state.studies.found"


def open_studies(page: Page, server: str, model: str = "himmelblau") -> None:
    open_descent(page, server)
    box = page.get_by_label("Model", exact=True).first
    values = box.locator("option").evaluate_all("options => options.map(({ value, label }) => [value, label])")
    select(page, "Model", next(value for value, label in values if model in f"{value} {label}".lower()))
    page.get_by_role("tab", name="Studies").click()


def kind(page: Page, value: str) -> None:
    page.locator(f"input[name=study-kind][value={value}]").check(force=True)


def begin(page: Page) -> None:
    page.locator(".studies .primary").click()


def found(page: Page, value: str) -> dict[str, Any]:
    """The study of this kind as the page has it, once it has ended."""
    until(page, lambda: page.evaluate(f"['done', 'cancelled'].includes({STUDY}.{value}?.status)"), 20)
    study: dict[str, Any] = page.evaluate(f"{STUDY}.{value}")
    return study


def click_cell(page: Page, row: int, column: int, side: int) -> None:
    cells = page.locator(".cells-over")
    cells.scroll_into_view_if_needed()
    cells.evaluate("box => box.scrollIntoView({ block: 'center' })")
    area = cells.bounding_box()
    assert area
    across, up = (column + 0.5) / side, (row + 0.5) / side
    page.mouse.click(area["x"] + across * area["width"], area["y"] + (1 - up) * area["height"])


def test_a_basin_is_entered_by_click_and_by_key_and_left_by_undo(page: Page, server: str) -> None:
    open_studies(page, server)
    first = ask(page, server)["recipe"]["start"]
    begin(page)
    study = found(page, "basins")
    result = study["result"]
    surface = page.evaluate("descent.store.state.surface.value.plane.id")
    assert result["plane"]["id"] == surface
    expect(page.locator(".study-key li")).to_have_count(len(result["minima"]))
    side = len(result["x"])
    click_cell(page, 30, 12, side)
    expect(page.locator(".studies .told")).to_contain_text("start there now")
    start = ask(page, server)["recipe"]["start"]["values"]
    assert start == pytest.approx({"x": result["x"][12], "y": result["y"][30]})
    page.locator(".cells-over").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".studies .told")).to_contain_text("falls to minimum")
    assert page.evaluate("descent.player.step") == 0
    page.keyboard.press("Enter")
    until(page, lambda: ask(page, server)["recipe"]["start"]["values"]["y"] == pytest.approx(result["y"][31]))
    settled(page)
    for _ in range(2):
        page.keyboard.press("Control+z")
        settled(page)
    assert ask(page, server)["recipe"]["start"] == first


def test_a_setting_of_a_sweep_is_given_to_the_run_which_then_does_what_its_cell_says(
    page: Page, server: str, tmp_path: Path
) -> None:
    open_studies(page, server)
    page.locator("#forward").click()
    until(page, lambda: step(page) == 1)
    kind(page, "sweep")
    page.locator(".study-settings summary").click()
    page.locator(".study-settings").get_by_label("steps", exact=True).fill("30")
    page.locator(".study-settings").get_by_label("steps", exact=True).blur()
    begin(page)
    result = found(page, "sweep")["result"]
    assert result["steps_asked"] == 30
    expect(page.locator(".study-words")).to_contain_text("The lowest loss is")
    file, svg = saved(page, "Studies", "SVG", tmp_path)
    assert file == "descent-himmelblau-sweep.svg"
    assert {"Loss by learning rate and momentum · Himmelblau", "learning rate η", "loss"} < set(texts(svg))
    assert any("lowest loss" in words for words in texts(svg))  # the key is in the picture
    click_cell(page, 10, 8, len(result["learning_rate"]))
    expect(page.locator(".studies .told")).to_contain_text("has this setting now")
    optimizer = ask(page, server)["recipe"]["runs"][0]["optimizer"]
    assert optimizer["kind"] == "momentum"
    assert (optimizer["learning_rate"], optimizer["momentum"]) == pytest.approx(
        (result["learning_rate"][8], result["momentum"][10])
    )
    page.request.post(f"{server}/api/v1/sessions/{session_id(page)}/step", data={"steps": 30})
    assert ask(page, server)["runs"][0]["loss"] == pytest.approx(result["loss"][10][8], rel=1e-6)


def test_a_study_the_server_forgets_is_begun_again_and_a_long_one_stopped_of_which_what_is_known_stays(
    page: Page, server: str, complaints: Complaints
) -> None:
    open_studies(page, server, "sigmoid")
    settings = page.locator(".study-settings")
    settings.locator("summary").click()
    for name, value in (("starts along a side", "101"), ("steps at most", "10000")):
        settings.get_by_label(name, exact=True).fill(value)
        settings.get_by_label(name, exact=True).blur()
    begin(page)
    until(page, lambda: page.evaluate(f"{STUDY}.basins?.status") == "running")
    gone = session_id(page)
    assert page.request.delete(f"{server}/api/v1/sessions/{gone}").status == 204
    expect(page.locator(".studies [role=status]")).to_contain_text("session")
    begin(page)
    until(page, lambda: session_id(page) != gone)
    until(page, lambda: bool(page.evaluate(f"{STUDY}.basins?.result != null")))
    stop = page.get_by_role("button", name="Stop")
    expect(page.get_by_role("progressbar", name="How far the study is")).to_be_visible()
    stop.click()
    study = found(page, "basins")
    assert study["status"] == "cancelled"
    assert 0 < study["progress"] < 1
    expect(page.locator(".studies [role=status]")).to_contain_text("Ended early")
    expect(page.locator(".cell-map image")).to_have_count(1)
    expect(stop).to_be_hidden()
    complaints.expect("404")


def test_all_three_are_for_everyone_on_a_phone_and_in_the_dark(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    open_studies(page, server)
    for name in ("basins", "sweep", "cost_race"):
        kind(page, name)
        if name == "cost_race":
            page.locator(".study-settings summary").click()
            page.get_by_label("networks", exact=True).fill("2")
            page.get_by_label("networks", exact=True).blur()
        begin(page)
        found(page, name)
        settled(page)
        assert violations(page) == []
        assert page.locator(".studies").evaluate("box => box.scrollWidth <= box.clientWidth")
    expect(page.locator(".study-words")).to_contain_text("1,685,667 weights")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(ViewportSize(**DESKTOP))
    page.wait_for_timeout(300)  # colours change within 120 ms
    assert violations(page) == []
