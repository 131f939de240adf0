"""The views of what is behind a step: no violation that axe finds, on a desk and on a phone, in both schemes."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.driving import open_descent, select, settled, violations

DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=375, height=760)


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["1280-dark", "375-light"])
def test_axe_finds_nothing_in_any_view_of_a_step(page: Page, server: str, size: ViewportSize, scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_descent(page, server)
    select(page, "Model", "network")
    page.locator("#equations-now").scroll_into_view_if_needed()
    settled(page)
    page.get_by_text("What each example adds").click()
    page.locator(".passes .quantity").nth(2).hover()
    settled(page)
    assert violations(page) == []
    page.get_by_label("Ψ, layer by layer").check()
    page.get_by_role("button", name="Next", exact=True).click()
    assert violations(page) == []
    for tab, content in (("Network", "#network .unit"), ("Gradient check", "#check table")):
        page.get_by_role("tab", name=tab).click()
        page.locator(content).first.scroll_into_view_if_needed()
        settled(page)
        assert violations(page) == [], tab
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESKTOP)
