"""What happens in a lecture room: servers die, laptops sleep, calls hang, browsers keep nothing; the page goes on."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

import tools.server
from tests.browser.conftest import Complaints
from tests.browser.driving import mode, number, open_descent, play, readouts, session_id, settled, step, until
from tools.server import running_server

STEP_CALLS = "**/api/v1/sessions/*/step"
KEEPS_NOTHING = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
"""
SHORT_PATIENCE = """
const limit = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (milliseconds) => limit(milliseconds / 40);
"""

NOTE_TROUBLE = """
() => {
  const box = document.querySelector("#trouble");
  window.troubles = [];
  const all = { childList: true, characterData: true, subtree: true };
  new MutationObserver(() => troubles.push(box.textContent)).observe(box, all);
}
"""


def test_a_server_killed_while_it_plays_and_started_again_is_played_on_with(
    page: Page, server: str, complaints: Complaints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From memory: nothing is left of the session, and what was drawn stays drawn."""
    port = tools.server.free_port()
    monkeypatch.setattr(tools.server, "free_port", lambda: port)
    with running_server(tmp_path / "first.txt") as first:
        open_descent(page, first)
        play(page, 10)
        settled(page)
        gone, drawn, shown = session_id(page), step(page), readouts(page)
        page.locator("#play").click()
    expect(page.locator("#trouble")).to_contain_text("No answer from the server")
    with running_server(tmp_path / "second.txt"):
        page.evaluate("dispatchEvent(new Event('online'))")
        until(page, lambda: session_id(page) != gone)
        expect(page.locator("#trouble")).to_have_text("")
        assert mode(page) == "playing"
        before = step(page)
        until(page, lambda: step(page) > before + 10)
        page.locator("#play").click()
        page.locator("#timeline").fill(str(drawn))
        until(page, lambda: readouts(page) == shown)
        settled(page)
        page.goto("about:blank")
    complaints[:] = [each for each in complaints if "ERR_" not in each and "404" not in each and first not in each]


def test_a_call_that_hangs_and_an_answer_that_is_torn_are_asked_for_again(
    page: Page, server: str, complaints: Complaints
) -> None:
    calls: list[Route] = []

    def play_a_trick(route: Route) -> None:
        calls.append(route)
        if len(calls) == 2:
            route.fulfill(status=200, content_type="application/json", body='{"session": "torn')
        elif len(calls) > 2:
            route.continue_()

    page.add_init_script(SHORT_PATIENCE)
    open_descent(page, server)
    page.route(STEP_CALLS, play_a_trick)
    page.evaluate(NOTE_TROUBLE)
    page.locator("#forward").click()
    until(page, lambda: "No answer from the server" in page.evaluate("troubles.join()"))
    expect(page.locator("#step")).to_have_text("1")
    expect(page.locator("#trouble")).to_have_text("")
    assert len(calls) == 3
    complaints[:] = [each for each in complaints if "ERR_" not in each]


def test_a_laptop_that_slept_goes_on_where_it_was_with_a_session_that_is_gone(
    page: Page, server: str, complaints: Complaints
) -> None:
    page.clock.install()
    open_descent(page, server)
    page.locator("#play").click()
    until(page, lambda: step(page) > 5)
    gone, before = session_id(page), step(page)
    assert page.request.delete(f"{server}/api/v1/sessions/{gone}").status == 204
    page.clock.fast_forward("10:00:00")
    after = step(page)
    assert after - before < 40, "it leapt"
    until(page, lambda: step(page) > after + 60)
    complaints.expect("404")
    assert session_id(page) != gone
    assert mode(page) == "playing"
    page.locator("#play").click()


def test_a_browser_that_keeps_nothing_shows_all_the_same(page: Page, server: str) -> None:
    page.add_init_script(KEEPS_NOTHING)
    open_descent(page, server)
    before = number(page, "Loss")
    play(page, 5)
    assert number(page, "Loss") < before
    page.locator("#theme").select_option("dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto(f"{server}/watch/{session_id(page)}")
    expect(page.locator("#opening")).to_have_count(0)
    page.goto("about:blank")
