"""Servers that forget, answers that get lost, other clients, and links: the page goes on where it was."""

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import (
    LOAD,
    ask,
    learning_rate,
    mode,
    number,
    open_descent,
    play,
    readouts,
    select,
    session_id,
    set_learning_rate,
    settled,
    step,
    until,
)

STEP_CALLS = "**/api/v1/sessions/*/step"


def test_a_session_that_is_gone_is_computed_again_and_played_on(
    page: Page, server: str, complaints: Complaints
) -> None:
    open_descent(page, server)
    play(page, 10)
    set_learning_rate(page, 0.03)
    settled(page)
    play(page, 5)
    settled(page)
    gone, drawn, shown = session_id(page), step(page), readouts(page)
    recipe = ask(page, server)["recipe"]
    assert page.request.delete(f"{server}/api/v1/sessions/{gone}").status == 204
    play(page, 60)
    complaints.expect("404")
    assert session_id(page) != gone
    assert ask(page, server)["recipe"] == recipe
    page.locator("#timeline").fill(str(drawn))
    assert readouts(page) == shown
    later = ask(page, server, f"/trajectory?since={drawn}")["runs"][0]["trajectory"]
    page.locator("#timeline").fill(str(drawn + 30))
    until(page, lambda: step(page) == drawn + 30)
    expected = later["loss"][later["step"].index(drawn + 30)]
    assert abs(number(page, "Loss") - expected) < 1e-3 * max(1, expected)


def test_steps_whose_answer_is_lost_are_not_taken_twice(page: Page, server: str, complaints: Complaints) -> None:
    open_descent(page, server)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.json()["step"])
            route.abort()

    page.route(STEP_CALLS, lose_the_first)
    page.locator("#forward").click()
    expect(page.locator("#step")).to_have_text("1")
    complaints.expect("ERR_FAILED")
    assert lost == [1]
    assert ask(page, server)["step"] == 1


def test_a_server_that_does_not_answer_is_asked_again_and_said_to(
    page: Page, server: str, complaints: Complaints
) -> None:
    open_descent(page, server)
    page.route(STEP_CALLS, lambda route: route.abort())
    page.locator("#play").click()
    expect(page.locator("#trouble")).to_contain_text("No answer from the server")
    before = page.evaluate("descent.counters.requests")
    page.wait_for_timeout(1500)
    assert page.evaluate("descent.counters.requests") - before <= 4  # each time it waits longer
    page.unroute(STEP_CALLS)
    until(page, lambda: step(page) > 5)
    expect(page.locator("#trouble")).to_have_text("")
    complaints.expect("ERR_FAILED")
    assert mode(page) == "playing"


def test_steps_by_another_client_are_taken_in(page: Page, server: str) -> None:
    open_descent(page, server)
    page.request.post(f"{server}/api/v1/sessions/{session_id(page)}/step", data={"steps": 40})
    page.locator("#forward").click()
    settled(page)
    play(page, 45)
    run = ask(page, server, f"?step={step(page)}")["runs"][0]
    assert abs(number(page, "Loss") - run["loss"]) < 1e-3 * max(1, run["loss"])


def test_a_reset_by_another_client_is_followed(page: Page, server: str, complaints: Complaints) -> None:
    open_descent(page, server)
    play(page, 10)
    settled(page)
    start = {"kind": "values", "values": {"w": 0.5, "b": 0.5}}
    page.request.post(f"{server}/api/v1/sessions/{session_id(page)}/reset", data={"start": start})
    page.locator("#timeline").fill(str(page.evaluate("descent.player.computed")))
    page.locator("#forward").click()
    until(page, lambda: step(page) == 0)
    complaints.expect("409")
    complaints[:] = [each for each in complaints if "422" not in each]  # for pictures of steps that are no more
    until(page, lambda: number(page, "w") == 0.5)


def test_the_address_brings_back_what_one_saw(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    play(page, 10)
    set_learning_rate(page, 0.04)
    settled(page)
    play(page, 10)
    settled(page)
    page.wait_for_timeout(500)
    fragment = page.evaluate("location.hash")
    seen, drawn, recipe = readouts(page), step(page), ask(page, server)["recipe"]
    assert fragment.startswith("#1.")
    page.goto("about:blank")
    open_descent(page, server, fragment)
    settled(page)
    assert (readouts(page), step(page)) == (seen, drawn)
    assert ask(page, server)["recipe"] == recipe
    assert float(learning_rate(page).input_value()) == 0.04
    assert mode(page) == "paused"


def test_a_link_that_the_server_refuses_opens_the_usual_beginning(
    page: Page, server: str, complaints: Complaints
) -> None:
    open_descent(page, server)
    fragment = page.evaluate(
        "async () => {"
        + LOAD
        + """
          const { encodeLink } = await load("link");
          const recipe = { problem: { kind: "univariate_regression", dataset: { kind: "line", samples: -5 } } };
          return encodeLink({ recipe, step: 3, view: {}, version: "0" });
        }"""
    )
    page.goto("about:blank")
    open_descent(page, server, fragment)
    complaints.expect("422")
    expect(page.locator("#notices")).to_contain_text("samples")
    assert ask(page, server)["recipe"]["problem"]["dataset"]["samples"] == 50


def test_a_hidden_tab_asks_for_nothing(page: Page, server: str) -> None:
    open_descent(page, server)
    page.locator("#play").click()
    until(page, lambda: step(page) > 5)
    other = page.context.new_page()
    other.bring_to_front()
    page.wait_for_timeout(700)
    before = page.evaluate("descent.counters.requests")
    page.wait_for_timeout(1500)
    hidden = page.evaluate("document.visibilityState") == "hidden"
    assert not hidden or page.evaluate("descent.counters.requests") <= before + 1
    other.close()
