"""For everyone: no violation that axe finds, the whole page by keyboard, words where others see a picture."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.driving import ask, mode, open_descent, play, set_learning_rate, settled, step, until, violations

DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=375, height=760)


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["1280-light", "375-dark"])
def test_axe_finds_nothing_in_any_view(page: Page, server: str, size: ViewportSize, scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_descent(page, server)
    assert violations(page) == []
    page.get_by_role("radio", name="3-D").check()
    page.get_by_role("tab", name="Numbers").click()
    settled(page)
    assert violations(page) == []
    page.locator("#help-button").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="map").check()
    page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
    page.get_by_role("button", name="Compare with another run").click()
    expect(page.locator("#readouts tbody tr")).to_have_count(2)
    settled(page)
    set_learning_rate(page, 3)
    settled(page)
    page.locator("#play").click()
    until(page, lambda: page.locator("#notices .alert").count() > 0)
    assert violations(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESKTOP)


def test_keys_play_step_look_back_and_reset(page: Page, server: str) -> None:
    open_descent(page, server)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step")).to_have_text("1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step")).to_have_text("2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#step")).to_have_text("1")
    page.keyboard.press("Space")
    assert mode(page) == "playing"
    until(page, lambda: step(page) > 8)
    page.keyboard.press("Space")
    assert mode(page) == "paused"
    page.keyboard.press("r")
    expect(page.locator("#step")).to_have_text("0")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_hidden()


def test_keys_typed_into_a_field_stay_there(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_label("Learning rate η", exact=True).first.focus()
    for key in ("ArrowRight", "Space", "r", "?"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert (step(page), mode(page)) == (0, "paused")
    expect(page.locator("#help")).to_be_hidden()
    page.locator("#speed").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert step(page) == 0


def test_everything_is_reached_by_tab_with_a_visible_focus(page: Page, server: str) -> None:
    open_descent(page, server)
    wanted = {"theme", "help-button", "reset", "play", "forward", "speed", "equations-tab"}
    seen: set[str] = set()
    labels: set[str] = set()
    page.locator("body").press("Tab")
    for _ in range(60):
        focus = page.evaluate(
            """() => {
              const { id, ariaLabel, type } = document.activeElement;
              const shown = type === "radio" ? document.activeElement.nextElementSibling : document.activeElement;
              return [id, ariaLabel, getComputedStyle(shown).outlineStyle];
            }"""
        )
        assert focus[2] != "none", focus
        seen.add(focus[0])
        labels.add(focus[1])
        page.keyboard.press("Tab")
        if wanted <= seen and {"Model", "Data", "Optimizer", "Start"} <= labels:
            return
    raise AssertionError(f"not reached: {wanted - seen} {labels}")


def test_status_speaks_at_rest_and_is_silent_while_it_plays(page: Page, server: str) -> None:
    open_descent(page, server)
    status = page.locator("#status")
    page.locator("#forward").click()
    expect(status).to_contain_text("Step 1.")
    page.evaluate(
        """() => {
          window.spoken = [];
          new MutationObserver(() => spoken.push(document.querySelector("#status").textContent))
            .observe(document.querySelector("#status"), { childList: true, characterData: true, subtree: true });
        }"""
    )
    play(page, 40)
    spoken = page.evaluate("window.spoken")
    assert spoken == ["Playing.", spoken[-1]]
    assert spoken[-1].startswith(f"Paused at step {step(page)}.")
    page.locator("#reset").click()
    expect(status).to_contain_text("Back at the start")


def test_the_path_stands_in_a_table_too(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 10)
    settled(page)
    page.get_by_role("tab", name="Numbers").click()
    rows = page.locator("#numbers tbody tr")
    assert rows.last.locator("th").inner_text() == str(step(page))
    trajectory = ask(page, server, "/trajectory")["runs"][0]["trajectory"]
    assert rows.first.locator("td").first.inner_text() == f"{trajectory['loss'][0]:.2f}"
    summary = page.locator("#map-summary").text_content() or ""
    assert f"in {step(page)} steps" in summary


def test_tabs_follow_the_arrow_keys(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_role("tab", name="Equations").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="Network")).to_be_visible()
    expect(page.locator("#equations")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.get_by_role("tabpanel", name="Numbers")).to_be_visible()
    assert step(page) == 0


def test_reduced_motion_plays_in_slow_steps(page: Page, server: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_descent(page, server)
    expect(page.locator("#speed-value")).to_have_text("2 steps/s")
    page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_holds_what_it_says_and_plots_follow(page: Page, server: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", contrast="more")
    open_descent(page, server)
    ink, paper = ("#000000", "#ffffff") if scheme == "light" else ("#ffffff", "#000000")
    colour = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    for name in ("ink", "soft", "accent", "alert", "data", "test", "forward", "backward"):
        assert contrast(page.evaluate(colour, f"--{name}"), paper) >= 7, name
    for name in ("rule", "groove"):
        assert contrast(page.evaluate(colour, f"--{name}"), paper) >= 4.5, name
    assert page.evaluate("document.querySelector('#loss').layout.xaxis.title.font.color") == ink
    assert violations(page) == []
    page.emulate_media(contrast="no-preference", color_scheme="light")
    page.get_by_label("Colours").select_option("contrast")
    until(page, lambda: page.evaluate("document.querySelector('#loss').layout.xaxis.title.font.color") == "#000000")
    page.emulate_media(forced_colors="active")
    page.wait_for_function("matchMedia('(forced-colors: active)').matches")
    settled(page)
    assert violations(page) == []
    page.emulate_media(forced_colors="none")


def contrast(one: str, other: str) -> float:
    """Of two colours like #1d2530; WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
