"""Links: they bring back the run and say so, hide and lock what they are asked to, and do no harm when they are bad."""

import base64
import json
import zlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import LOAD, ask, click_map, open_descent, play, settled, step, until, violations


def packed(link: object) -> str:
    """A link as the page makes it, of whatever it is given."""
    return packed_text(json.dumps(link).encode())


def packed_text(text: bytes) -> str:
    deflater = zlib.compressobj(wbits=-15)
    return "#1." + base64.urlsafe_b64encode(deflater.compress(text) + deflater.flush()).decode().rstrip("=")


def unpacked(fragment: str) -> dict[str, Any]:
    body = fragment.removeprefix("#1.")
    found: dict[str, Any] = json.loads(zlib.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), -15))
    return found


def address(page: Page) -> dict[str, Any]:
    """What the address says, once it has caught up with the digest of what is drawn."""
    until(page, lambda: unpacked(page.evaluate("location.hash")).get("digest") is not None)
    return unpacked(page.evaluate("location.hash"))


def reopened(page: Page, server: str, link: object) -> None:
    page.goto("about:blank")
    open_descent(page, server, packed(link))
    settled(page)


def test_a_link_says_whether_the_run_came_to_the_same_numbers(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 20)
    settled(page)
    page.wait_for_timeout(400)
    link, drawn = address(page), step(page)
    assert list(link) == ["recipe", "step", "view", "version", "digest"]
    assert link["step"] == drawn
    assert link["digest"] == ask(page, server, f"?step={drawn}")["digest"]
    opened, notices = page.locator("#opened"), page.locator("#notices")

    reopened(page, server, link)
    expect(opened).to_have_text(f"Computed again from the link: every number is identical at step {drawn}.")
    expect(page.locator("#status")).to_contain_text("identical")

    near = [[loss + 1e-6, weighted] for loss, weighted in link["digest"]["near"]]
    reopened(page, server, link | {"digest": {"exact": "0" * 16, "near": near}, "version": "0.0.1"})
    expect(notices.locator(".alert")).to_contain_text("are not those it was made with")
    expect(notices).to_contain_text("made with version 0.0.1")
    page.locator("#play").click()
    expect(notices).to_have_text("")
    page.locator("#play").click()
    drawn = step(page)
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert step(page) == drawn  # a place on the page is no other link


BAD = {
    packed_text(b"{'recipe'"): "damaged",
    packed([1, 2]): "damaged",
    packed({"recipe": {}, "step": -3}): "damaged",
    packed({"recipe": {}, "step": 1.5}): "damaged",
    packed_text(b'{"recipe": "\xff"}'): "damaged",
    packed_text(b" " * 50_000_000): "long",
    "#1." + "a" * 2_000_000: "long",
    "#2.abc": "format",
    "#transport": None,
}
JUDGED = (
    "async (fragments) => {"
    + LOAD
    + """
      const { decodeLink } = await load("link");
      const { agreement } = await load("share/opened");
      const here = { exact: "a", near: [[1, 2]] };
      const others = [[[1, 2], [1, 2]], [[1, NaN]]].map((near) => ({ exact: "b", near }));
      const near = { exact: "b", near: [[1 + 1e-10, 2 - 1e-10]] };
      const found = [{ exact: "a", near: [] }, near, ...others, null].map((there) => agreement(there, here));
      return [await Promise.all(fragments.map(async (each) => (await decodeLink(each)).problem)), found];
    }"""
)


def test_bad_links_are_told_apart_and_the_usual_page_opens(page: Page, server: str) -> None:
    open_descent(page, server)
    usual = ask(page, server)["recipe"]
    problems, agreements = page.evaluate(JUDGED, list(BAD))
    assert problems == list(BAD.values())
    assert agreements == ["identical", "near", "different", "different", "unknown"]
    page.goto("about:blank")
    open_descent(page, server, packed({"recipe": usual, "step": 5})[:-9])
    expect(page.locator("#notices .alert")).to_contain_text("damaged")
    assert ask(page, server)["recipe"] == usual


def test_a_hostile_view_is_left_out_and_an_endless_step_can_be_stopped(page: Page, server: str) -> None:
    open_descent(page, server)
    recipe = ask(page, server)["recipe"]
    view = {"speed": -1e9, "stage": "<b>", "surfaceScale": 7, "x": "nothing", "hide": ["#play"], "lock": "all", "z": 1}
    page.goto("about:blank")
    page.goto(f"{server}/{packed({'recipe': recipe, 'step': 10**12, 'view': view})}")
    page.get_by_role("button", name="Stop here").click()
    until(page, lambda: page.locator("#opening").count() == 0)
    expect(page.locator("#notices .alert")).to_contain_text("it asks for step 1000000000000")
    assert 0 < step(page) < 1_000_000
    shown = page.evaluate("descent.store.state.view")
    usual = {"speed": 40, "stage": "map", "surfaceScale": "log", "lossScale": "linear", "y": None}
    assert usual | {"x": None, "hide": None, "lock": []} == {
        name: shown[name] for name in (*usual, "x", "hide", "lock")
    }
    assert "z" not in shown


def test_a_lesson_hides_and_locks_what_its_link_says(page: Page, server: str) -> None:
    open_descent(page, server)
    page.locator("#share-button").click()
    dialog = page.get_by_role("dialog", name="Share")
    dialog.get_by_text("For a lesson").click()
    dialog.get_by_role("checkbox", name="equations and numbers").check()
    dialog.get_by_role("checkbox", name="start").check()
    dialog.get_by_role("checkbox", name="model", exact=True).check()
    field = dialog.get_by_label("Link to this run at this step", exact=True)
    until(page, lambda: unpacked("#" + field.input_value().partition("#")[2])["view"]["lock"] == ["model", "start"])
    expect(page.locator("#locked")).to_be_hidden()
    watched = dialog.get_by_label("Page for spectators", exact=True).input_value()
    assert watched == f"{server}/watch/{page.evaluate('descent.store.state.session.view_id')}"
    link = field.input_value()
    page.goto("about:blank")
    open_descent(page, server, link.removeprefix(f"{server}/"))
    expect(page.locator("#equations")).to_be_hidden()
    expect(page.locator("#locked")).to_have_text("Locked by the link: model, start.")
    before = ask(page, server)
    click_map(page, 0.3, 0.3)
    settled(page)
    assert ask(page, server)["recipe"]["start"] == before["recipe"]["start"]
    assert page.get_by_label("Model", exact=True).evaluate("(field) => field.closest('[inert]') !== null")
    assert page.get_by_label("Data", exact=True).evaluate("(field) => field.closest('[inert]') === null")


def test_the_link_is_copied_with_and_without_the_clipboard_of_the_browser(page: Page, server: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_descent(page, server)
    page.locator("#share-button").click()
    field = page.get_by_label("Link to this run at this step", exact=True)
    until(page, lambda: field.input_value().startswith(f"{server}/#1."))
    copy = page.get_by_role("button", name="Copy: Link to this run at this step")
    for makes_do in ("", "Object.defineProperty(navigator, 'clipboard', { value: undefined })"):
        page.evaluate(makes_do or "navigator.clipboard.writeText('')")
        copy.click()
        expect(copy).to_have_text("Copied")
        page.wait_for_timeout(50)
        expect(copy).to_have_text("Copy", timeout=4000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Share")).to_be_hidden()
    page.context.clear_permissions()


@pytest.mark.parametrize("width", [860, 375])
def test_the_page_for_frames_fits_its_frame_and_plays(page: Page, server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 560 if width > 500 else 700})
    open_descent(page, server, "embed")
    for part in ("#map", "#loss", "#play", "#timeline"):
        expect(page.locator(part)).to_be_visible()
    for part in (".bar", "#setup", "#fit", ".depth", ".foot"):
        expect(page.locator(part)).to_be_hidden()
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] == width
    assert width < 500 or size[1] <= 560
    play(page, 5)
    page.wait_for_timeout(500)
    if width > 500:
        check_wide_frame(page)
    with page.expect_popup() as whole:
        page.get_by_role("link", name="Open in Descent").click()
    until(whole.value, lambda: whole.value.locator("#opening").count() == 0)
    assert whole.value.locator("#step").inner_text() == str(step(page))
    whole.value.close()
    page.set_viewport_size({"width": 1280, "height": 800})


def check_wide_frame(page: Page) -> None:
    """In a frame as wide as a screen the map has the height above the buttons, on a wall too; a language is chosen."""
    usual = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 720})
    for look in ("", "projector"):
        expect(page.locator(f"html[data-look={look}]" if look else "html:not([data-look])")).to_have_count(1)
        until(page, lambda: 300 < bottom(page, "#map") < top(page, "#transport"))
        assert page.evaluate("document.documentElement.scrollHeight") == 720
        page.keyboard.press("p")
    page.set_viewport_size(usual or {"width": 860, "height": 560})
    expect(page.get_by_label("Language")).to_be_visible()
    assert violations(page) == []


def top(page: Page, part: str) -> float:
    return float(page.locator(part).evaluate("part => part.getBoundingClientRect().top"))


def bottom(page: Page, part: str) -> float:
    return float(page.locator(part).evaluate("part => part.getBoundingClientRect().bottom"))
