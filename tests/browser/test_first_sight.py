"""What is there when the page is opened, before anything is touched."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.driving import ask, number, open_descent, readouts, settled, step, until
from tests.browser.pixels import places

RUN_1 = (213, 94, 0)
DEEP, HIGH = (30, 43, 83), (250, 239, 197)


def test_it_opens_paused_and_ready_to_play(page: Page, server: str) -> None:
    open_descent(page, server)
    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    assert step(page) == 0
    page.wait_for_timeout(500)
    assert step(page) == 0
    assert ask(page, server)["step"] == 0


def test_whoever_asks_to_play_before_all_is_there_is_heard(page: Page, server: str) -> None:
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/js/workbench.js", hold)
    page.goto(server)
    page.locator("#play").click()
    until(page, lambda: len(waiting) > 0)
    page.wait_for_timeout(200)
    assert page.evaluate("window.descent") is None
    waiting[0].continue_()
    until(page, lambda: page.evaluate("window.descent?.player.step > 3"))
    page.locator("#play").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_start_is_drawn_away_from_the_optimum(page: Page, server: str) -> None:
    open_descent(page, server)
    surface = ask(page, server, "/surface")
    start, optimum = (number(page, "w"), number(page, "b")), surface["optimum"]
    assert abs(start[0] - optimum["x"]) + abs(start[1] - optimum["y"]) > 1
    assert number(page, "Loss") > 5 * optimum["loss"]


def test_the_read_outs_are_the_servers_numbers(page: Page, server: str) -> None:
    open_descent(page, server)
    run = ask(page, server)["runs"][0]
    assert set(readouts(page)) == {"Loss", "‖∇L‖", "w", "b"}
    shown = [number(page, name) for name in ("Loss", "‖∇L‖", "w", "b")]
    expected = [run["loss"], run["gradient_norm"], *run["parameters"]]
    assert [abs(a - b) < 2e-3 * max(1, abs(b)) for a, b in zip(shown, expected, strict=True)] == [True] * 4


def test_contours_head_data_and_loss_are_on_the_screen(page: Page, server: str) -> None:
    open_descent(page, server)
    settled(page)
    assert len(places(page.locator("#map"), RUN_1)) > 50
    assert len(places(page.locator("#map"), DEEP, 20)) > 50
    assert len(places(page.locator("#map"), HIGH, 20)) > 50
    assert len(places(page.locator("#fit"), RUN_1)) > 50
    assert len(places(page.locator("#loss"), RUN_1)) > 10


def test_every_sign_on_the_map_is_explained(page: Page, server: str) -> None:
    open_descent(page, server)
    for words in ("start", "now", "least-squares optimum", "what generated the data"):
        expect(page.locator("#stage-key")).to_contain_text(words)


def test_the_forms_offer_what_the_catalogue_lists(page: Page, server: str) -> None:
    open_descent(page, server)
    catalogue = page.request.get(f"{server}/api/v1/catalogue").json()
    suiting = catalogue["problems"][0]["goes_with"]["datasets"]
    titles = {entry["title"] for entry in catalogue["datasets"] if entry["kind"] in suiting}
    offered = page.get_by_label("Data", exact=True).locator("option").all_inner_texts()
    assert set(offered) <= titles
    assert len(offered) > 5
    optimizers = page.get_by_label("Optimizer", exact=True).locator("option").all_inner_texts()
    assert optimizers == [entry["title"] for entry in catalogue["optimizers"]]


def test_the_formulas_of_the_model_stand_beside_its_numbers(page: Page, server: str) -> None:
    open_descent(page, server)
    catalogue = page.request.get(f"{server}/api/v1/catalogue").json()
    panel = page.get_by_role("tabpanel", name="Equations")
    panel.scroll_into_view_if_needed()
    expect(panel.locator(".formulas > div").first.locator("math")).to_have_count(
        len(catalogue["problems"][0]["mathml"])
    )
    gradient = ask(page, server, "/parameters")["gradient"]
    row = panel.get_by_role("row", name=re.compile("^w"))
    expect(row.locator("td").last).to_have_text(f"{gradient['w']:.3f}".replace("-", "−"))


def test_nothing_on_the_page_is_loaded_from_elsewhere(page: Page, server: str) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    open_descent(page, server)
    assert len(addresses) > 5
    assert [address for address in addresses if not address.startswith((server, "data:", "blob:"))] == []
