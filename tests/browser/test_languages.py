"""The page in other languages: chosen by the browser or on the page, where it was and with the same session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from app.texts import languages, text
from tests.browser.conftest import DESKTOP, Complaints
from tests.browser.driving import PATIENCE_SECONDS, open_descent, play, readouts, session_id, settled, step, until

PHONE = ViewportSize(width=375, height=760)
SHORT_OF_ROOM = (
    "stage.title",
    "stage.map",
    "fit.title",
    "data.edit",
    "equations.title",
    "network.title",
    "check.title",
)
LAID_OUT = """() => [...document.querySelectorAll("button, select, h2, label, legend, .tabs, .choice")]
  .filter((box) => box.offsetParent && box.getBoundingClientRect().right > innerWidth + 0.5)
  .map((box) => box.id || box.textContent.trim())"""
"""What sticks out of the window to the right."""
CUT = """() => [...document.querySelectorAll("#axes select")].filter((box) => box.offsetParent).filter((box) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = getComputedStyle(box).font;
  const arrow = 14;
  return pen.measureText(box.selectedOptions[0].label).width + arrow > box.clientWidth;
}).map((box) => box.id)"""
"""Choices of the plane of which not the whole name is seen."""


@pytest.fixture(autouse=True)
def without_choice(context: BrowserContext) -> Iterator[None]:
    yield
    context.clear_cookies()


def lengthiest() -> str:
    """The language with the longest words where there is little room."""
    return max(languages(), key=lambda tag: sum(len(text(key, tag)) for key in SHORT_OF_ROOM))


def test_what_the_page_that_comes_needs_is_left_for_it(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 5)
    seen, kept = session_id(page), "sessionStorage.getItem('descent.session')"
    document = f"{server}/*"
    page.route(
        document, lambda route: route.abort("aborted") if route.request.is_navigation_request() else route.fallback()
    )
    page.get_by_label("Language").select_option("fr")
    until(page, lambda: page.evaluate(kept) == seen)
    until(page, lambda: "#1." in page.url)  # the link, in its first version
    assert "descent_language=fr" in page.evaluate("document.cookie")
    page.evaluate("Object.defineProperty(document, 'cookie', { set() { throw new Error('not in this frame'); } })")
    page.get_by_label("Language").select_option("es")
    until(page, lambda: "lang=es" in page.url)


def test_another_language_keeps_session_step_and_view_and_is_remembered(
    page: Page, server: str, complaints: Complaints
) -> None:
    open_descent(page, server)
    play(page, 20)
    page.locator("#loss-scale input[value=log]").check()
    page.locator("#back").click()
    before = (session_id(page), step(page), page.evaluate("descent.player.computed"))
    numbers = list(readouts(page).values())
    page.get_by_label("Language").select_option("de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#opening")).to_have_count(0, timeout=PATIENCE_SECONDS * 1000)
    until(page, lambda: page.evaluate("window.descent?.store.state.session?.id") is not None)
    settled(page)
    assert (session_id(page), step(page), page.evaluate("descent.player.computed")) == before
    assert list(readouts(page).values()) == [number.replace(".", ",") for number in numbers]
    assert page.evaluate("descent.store.state.view.lossScale") == "log"
    expect(page.get_by_role("button", name=text("transport.play", "de"))).to_be_visible()
    page.get_by_label(text("field.learning_rate", "de"), exact=True).first.fill("1000")
    page.get_by_label(text("field.learning_rate", "de"), exact=True).first.blur()
    expect(page.locator(".complaint:not([hidden])")).to_contain_text("darf höchstens 100 sein")
    complaints.expect("422")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_the_longest_words_fit_on_a_phone(page: Page, server: str) -> None:
    page.set_viewport_size(PHONE)
    open_descent(page, server, f"?lang={lengthiest()}")
    page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
    for tab in ("equations", "network", "check", "numbers"):
        page.locator(f"#{tab}-tab").click()
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.evaluate(LAID_OUT) == []
    page.set_viewport_size(DESKTOP)


def test_the_first_sight_in_the_longest_words_holds_everything_too(page: Page, server: str) -> None:
    open_descent(page, server, f"?lang={lengthiest()}")
    assert page.evaluate("document.documentElement.scrollWidth") == DESKTOP["width"]
    assert page.evaluate(LAID_OUT) == []
    check_timeline(page)
    page.evaluate("descent.session.change({ problem: { kind: 'two_layer_sigmoid' } })")
    for kind in ("random", "pca"):
        page.locator("#plane-kind").select_option(kind)
        page.locator("#center").select_option("start")
        settled(page)
        assert page.evaluate(CUT) == []
        check_timeline(page)


def check_timeline(page: Page) -> None:
    """It is in sight, and nothing has scrolled to bring it there."""
    assert page.evaluate("scrollY") == 0
    box = page.locator("#timeline").bounding_box()
    assert box
    assert box["y"] + box["height"] <= DESKTOP["height"]


def test_the_page_comes_in_the_language_of_the_browser(page: Page, server: str, complaints: Complaints) -> None:
    page.set_extra_http_headers({"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    page.goto(f"{server}/watch/unknown")
    expect(page.get_by_role("heading", name=text("watch.ended", "de"))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    complaints.expect("404")
