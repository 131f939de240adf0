"""How it stands on a desk and on a phone, in both schemes, and that nothing jumps."""

from typing import Any

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.driving import click_map, open_descent, play, select, settled, step, until

PHONE = ViewportSize(width=375, height=760)
DESKTOP = ViewportSize(width=1280, height=800)
PARTS = ("#map", "#loss", "#fit", "#transport", "#setup", "#readouts", "#speed", "#timeline")


def boxes(page: Page) -> dict[str, Any]:
    return {part: page.locator(part).bounding_box() for part in PARTS}


def test_nothing_jumps_while_it_plays(page: Page, server: str) -> None:
    open_descent(page, server)
    before = boxes(page)
    play(page, 30)
    settled(page)
    assert boxes(page) == before


def test_the_first_sight_holds_everything_that_matters(page: Page, server: str) -> None:
    open_descent(page, server)
    for part in ("#map", "#fit", "#loss", "#play", "#timeline", "#step"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= DESKTOP["height"], part
    assert page.evaluate("document.documentElement.scrollWidth") == DESKTOP["width"]


def test_on_a_phone_map_comes_first_and_the_buttons_stay_in_reach(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    open_descent(page, server)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    tops = [page.locator(part).bounding_box() for part in ("#map", "#loss", "#fit", "#setup")]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights)
    for scrolled in (0, 600, 1400):
        page.evaluate(f"scrollTo(0, {scrolled})")
        page.wait_for_timeout(100)
        box = page.locator("#play").bounding_box()
        assert box
        assert PHONE["height"] / 2 < box["y"] < PHONE["height"] - box["height"]
    play(page, 5)
    page.set_viewport_size(DESKTOP)


def test_the_theme_follows_the_system_until_one_chooses(page: Page, server: str) -> None:
    page.emulate_media(color_scheme="dark")
    open_descent(page, server)
    paper, dark, light = page.locator("body"), "rgb(20, 23, 29)", "rgb(252, 251, 248)"
    expect(paper).to_have_css("background-color", dark)
    page.emulate_media(color_scheme="light")
    expect(paper).to_have_css("background-color", light)
    page.get_by_label("Colours").select_option("dark")
    expect(paper).to_have_css("background-color", dark)
    soft = page.evaluate(
        "(() => { const box = document.createElement('i'); box.style.color = 'var(--soft)'; document.body.append(box);"
        " const colour = getComputedStyle(box).color; box.remove(); return colour; })()"
    )
    expect(page.locator("#loss .xtick text").first).to_have_css("fill", soft)
    page.reload()
    expect(paper).to_have_css("background-color", dark)


def test_the_map_can_be_looked_at_closer_and_seen_whole_again(page: Page, server: str) -> None:
    open_descent(page, server)
    area = page.locator("#map-base .nsewdrag").bounding_box()
    assert area
    wide = page.evaluate("document.querySelector('#map-base')._fullLayout.xaxis.range")
    page.mouse.move(area["x"] + 150, area["y"] + 150)
    page.mouse.down()
    page.mouse.move(area["x"] + 300, area["y"] + 300, steps=5)
    page.mouse.up()
    settled(page)
    near = page.evaluate("document.querySelector('#map-base')._fullLayout.xaxis.range")
    assert near[1] - near[0] < 0.6 * (wide[1] - wide[0])
    grid = page.evaluate("descent.store.state.surface.value.x")
    assert abs(grid[0] - near[0]) < 1e-6
    above = page.evaluate("document.querySelector('#map-above')._fullLayout.xaxis.range")
    assert above == near
    page.locator("#wide").click()
    settled(page)
    assert page.evaluate("document.querySelector('#map-base')._fullLayout.xaxis.range") == wide
    assert step(page) == 0


def test_a_click_starts_exactly_where_it_points_and_a_number_where_it_says(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "rosenbrock")
    ranges = page.evaluate(
        "(({ xaxis, yaxis }) => [...xaxis.range, ...yaxis.range])(document.querySelector('#map-base')._fullLayout)"
    )
    click_map(page, 0.25, 0.75)
    until(page, lambda: page.evaluate("descent.store.state.recipe.start.values.x") != -1.2)
    start = page.evaluate("descent.store.state.recipe.start.values")
    assert abs(start["x"] - (0.75 * ranges[0] + 0.25 * ranges[1])) < 0.01 * (ranges[1] - ranges[0])
    assert abs(start["y"] - (0.25 * ranges[2] + 0.75 * ranges[3])) < 0.01 * (ranges[3] - ranges[2])
    start_block = page.locator("#setup-form > .block", has=page.get_by_label("Start", exact=True))
    start_block.locator("summary:visible", has_text="Settings").click()
    typed = start_block.get_by_label("x", exact=True)
    typed.fill("0.5")
    typed.blur()
    until(page, lambda: page.evaluate("descent.store.state.recipe.start.values") == {"x": 0.5, "y": start["y"]})


def test_a_function_has_no_data_to_show(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "himmelblau")
    expect(page.locator("#fit")).to_be_hidden()
    expect(page.get_by_label("Data", exact=True)).to_be_hidden()
    play(page, 5)


def test_a_path_that_descends_off_the_map_is_followed(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    first = page.evaluate("descent.store.state.surface.value.y")
    page.locator("#speed").fill("70")
    page.locator("#play").click()
    until(page, lambda: page.evaluate("descent.store.state.surface.value.y[0]") < first[0], 40)
    page.locator("#play").click()
    settled(page)
    shown = page.evaluate(
        """() => {
          const { x, y } = descent.store.state.surface.value;
          const path = descent.session.paths.get("run 1");
          const point = path.point(path.indexAt(descent.player.step));
          return [x[0] < point.x, point.x < x.at(-1), y[0] < point.y, point.y < y.at(-1)];
        }"""
    )
    assert shown == [True] * 4
    expect(page.locator("#notices")).not_to_contain_text("left the map")
