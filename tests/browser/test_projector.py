"""Projector mode: larger by type and lines, quiet, part of the link; everything tucked away is a key away."""

from playwright.sync_api import Page, expect

from tests.browser.driving import open_descent, play, settled, until, violations

SIZES = """() => {
  const css = (selector, name) => parseFloat(getComputedStyle(document.querySelector(selector))[name]);
  const runLine = document.querySelector("#map-above").data?.find(({ line }) => line?.color === "#d55e00");
  if (!runLine || !document.querySelector("#readouts td")) return null;
  return {
    heading: css("#stage-title", "fontSize"),
    readout: css("#readouts td", "fontSize"),
    tick: css("#loss .xtick text", "fontSize"),
    path: runLine.line.width,
    head: document.querySelector("#map-above").data.at(-1).marker.size,
    bar: document.querySelector("#map-base").data[0].colorbar.thickness,
  };
}"""
TUCKED = ("#setup", "#share-button", "#examples-button", "#theme", "#language", "#goal", "#loss-scale", "#undo")
KEPT = ("#map", "#loss", "#fit", "#play", "#timeline", "#speed", "#readouts", "#help-button", "#stage-kind")


def watch_link(page: Page) -> str:
    return page.get_by_label("Page for spectators", exact=True).input_value()


def test_projector_mode_enlarges_everything_and_is_part_of_the_link(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 5)
    desk = page.evaluate(SIZES)
    page.keyboard.press("p")
    expect(page.locator("#projector")).to_have_attribute("aria-pressed", "true")
    until(page, lambda: bool(page.evaluate(SIZES)["tick"] > 1.3 * desk["tick"]))
    wall = page.evaluate(SIZES)
    assert {name for name, size in wall.items() if size < 1.15 * desk[name]} == set()
    for part in TUCKED:
        expect(page.locator(part)).to_be_hidden()
    for part in KEPT:
        box = page.locator(part).bounding_box()
        assert box, part
        assert box["y"] + box["height"] <= 800, part
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert violations(page) == []

    settled(page)
    until(page, lambda: "#1." in page.url)
    address = page.url
    page.locator("#controls").click()
    for part in TUCKED:
        expect(page.locator(part)).to_be_visible()
    assert violations(page) == []
    page.locator("#share-button").click()
    until(page, lambda: watch_link(page).endswith("#projector=on"))
    watched = watch_link(page)
    page.keyboard.press("Escape")
    page.locator("#play").focus()
    page.keyboard.press("P")
    until(page, lambda: bool(page.evaluate(SIZES) == desk))

    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#opening")).to_have_count(0, timeout=15_000)
    expect(page.locator("#projector")).to_have_attribute("aria-pressed", "true")
    until(page, lambda: bool(page.evaluate(SIZES) == wall))
    page.goto(watched)
    expect(page.locator("#projector")).to_have_attribute("aria-pressed", "true")
    until(page, lambda: (page.evaluate(SIZES) or desk)["path"] == wall["path"])
