"""Play, pause, step, look back, reset, and the pace of it all."""

from playwright.sync_api import Page, expect

from tests.browser.driving import ask, mode, number, open_descent, play, readouts, settled, step, until
from tests.browser.pixels import disc

RUN_1 = (213, 94, 0)


def test_play_moves_the_point_towards_the_optimum(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    stage = page.locator("#map")
    loss, (x, y) = number(page, "Loss"), disc(stage, RUN_1)
    play(page, 30)
    settled(page)
    then_x, then_y = disc(stage, RUN_1)
    assert number(page, "Loss") < loss / 2
    assert then_x > x + 40  # to the right and down: where the optimum is
    assert then_y > y + 40


def test_the_point_stands_where_its_numbers_say(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 12)
    settled(page)
    x, y = disc(page.locator("#map"), RUN_1)
    place = page.evaluate(
        """() => {
          const { xaxis, yaxis } = document.querySelector("#map-base")._fullLayout;
          const path = descent.session.paths.get("run 1");
          const { x, y } = path.point(path.indexAt(descent.player.step));
          return [xaxis._offset + xaxis.d2p(x), yaxis._offset + yaxis.d2p(y)];
        }"""
    )
    assert abs(x - place[0]) < 3
    assert abs(y - place[1]) < 3


def test_what_is_drawn_is_what_the_server_computed(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 20)
    run = ask(page, server, f"?step={step(page)}")["runs"][0]
    assert abs(number(page, "Loss") - run["loss"]) < 1e-3 * max(1, run["loss"])
    assert abs(number(page, "w") - run["parameters"][0]) < 1e-3


def test_pause_stops_at_once(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 10)
    paused_at = step(page)
    page.wait_for_timeout(600)
    assert step(page) == paused_at
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_single_step_is_one_step(page: Page, server: str) -> None:
    open_descent(page, server)
    for expected in (1, 2, 3):
        page.get_by_role("button", name="One step forward").click()
        expect(page.locator("#step")).to_have_text(str(expected))
    assert ask(page, server)["step"] == 3


def test_steps_forward_after_a_pause_show_what_is_already_computed(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 10)
    settled(page)
    drawn, computed = step(page), ask(page, server)["step"]
    assert computed > drawn
    page.get_by_role("button", name="One step forward").click()
    expect(page.locator("#step")).to_have_text(str(drawn + 1))
    assert ask(page, server)["step"] == computed


def test_looking_back_changes_nothing(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 10)
    settled(page)
    drawn, before = step(page), ask(page, server)
    page.get_by_role("button", name="One step back").click()
    expect(page.locator("#step")).to_have_text(str(drawn - 1))
    page.locator("#timeline").fill("2")
    expect(page.locator("#step")).to_have_text("2")
    run = ask(page, server, "?step=2")["runs"][0]
    assert abs(number(page, "Loss") - run["loss"]) < 1e-3 * max(1, run["loss"])
    after = ask(page, server)
    assert (after["version"], after["step"]) == (before["version"], before["step"])


def test_reset_goes_back_to_the_same_start(page: Page, server: str) -> None:
    open_descent(page, server)
    start = readouts(page)
    play(page, 15)
    assert readouts(page) != start
    page.get_by_role("button", name="Reset to the start").click()
    until(page, lambda: step(page) == 0)
    assert readouts(page) == start
    assert mode(page) == "paused"
    assert ask(page, server)["step"] == 0


def test_it_plays_on_after_a_reset(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 10)
    page.locator("#reset").click()
    until(page, lambda: step(page) == 0)
    play(page, 10)
    assert number(page, "Loss") == float(f"{ask(page, server, f'?step={step(page)}')['runs'][0]['loss']:.3f}")


def test_few_requests_carry_many_frames(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    page.locator("#play").click()
    until(page, lambda: step(page) > 15)  # past the first short answers
    before = page.evaluate("[descent.counters.requests, descent.drawn.frames, performance.now()]")
    page.wait_for_timeout(1500)
    after = page.evaluate("[descent.counters.requests, descent.drawn.frames, performance.now()]")
    page.locator("#play").click()
    requests, frames, milliseconds = (b - a for a, b in zip(before, after, strict=True))
    assert requests <= 4 * milliseconds / 1000 + 1
    assert frames > 3 * requests


def test_the_speed_is_that_of_the_slider(page: Page, server: str) -> None:
    open_descent(page, server)
    page.locator("#speed").fill("0")
    expect(page.locator("#speed-value")).to_have_text("1 step in 3 s")
    page.locator("#play").click()
    page.wait_for_timeout(1500)
    assert step(page) == 1
    page.locator("#speed").fill("100")
    expect(page.locator("#speed-value")).to_have_text("5000 steps/s")
    until(page, lambda: step(page) > 200)


def test_it_stops_by_itself_when_nothing_is_left_to_do(page: Page, server: str) -> None:
    open_descent(page, server)
    page.locator("#speed").fill("80")
    page.locator("#play").click()
    until(page, lambda: mode(page) == "paused", 40)
    expect(page.locator("#notices")).to_contain_text("Converged")
    assert ask(page, server)["runs"][0]["status"] == "converged"


def test_a_click_on_the_loss_curve_shows_that_step(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 30)
    settled(page)
    drawn = step(page)
    area = page.locator("#loss .nsewdrag").bounding_box()
    assert area
    page.mouse.move(area["x"] + 0.4 * area["width"], area["y"] + 0.5 * area["height"])
    page.wait_for_timeout(200)
    page.mouse.click(area["x"] + 0.4 * area["width"], area["y"] + 0.5 * area["height"])
    until(page, lambda: step(page) < drawn)
    low, high = page.evaluate("document.querySelector('#loss')._fullLayout.xaxis.range")
    assert abs(step(page) - (low + 0.4 * (high - low))) < 1.5
