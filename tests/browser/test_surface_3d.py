"""The surface in three dimensions: shown when asked for, turned while it plays, and brought back when it is lost."""

from playwright.sync_api import Page, expect

from tests.browser.driving import mode, number, open_descent, play, settled, step, until
from tests.browser.pixels import places

RUN_1 = (213, 94, 0)
EYE = "document.querySelector('#surface')._fullLayout.scene.camera.eye"
NO_WEBGL = """
const original = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.includes("webgl") ? null : original.call(this, kind, ...rest);
};
"""


def show_surface(page: Page) -> None:
    page.get_by_role("radio", name="3-D").check()
    expect(page.locator("#surface canvas").first).to_be_visible()
    settled(page)
    page.wait_for_timeout(500)


def test_it_is_made_only_when_it_is_asked_for(page: Page, server: str) -> None:
    open_descent(page, server)
    assert page.locator("canvas").count() == 0
    show_surface(page)
    expect(page.locator("#map")).to_be_hidden()
    assert len(places(page.locator("#surface"), RUN_1, 40)) > 10


def test_the_path_grows_on_it(page: Page, server: str) -> None:
    open_descent(page, server)
    show_surface(page)
    before = len(places(page.locator("#surface"), RUN_1, 40))
    play(page, 25)
    settled(page)
    assert len(places(page.locator("#surface"), RUN_1, 40)) > before + 50


def test_it_can_be_turned_while_it_plays(page: Page, server: str) -> None:
    open_descent(page, server)
    show_surface(page)
    eye = page.evaluate(EYE)
    area = page.locator("#surface").bounding_box()
    assert area
    page.locator("#speed").fill("40")
    page.locator("#play").click()
    first = step(page)
    page.mouse.move(area["x"] + 200, area["y"] + 200)
    page.mouse.down()
    for moved in range(1, 11):
        page.mouse.move(area["x"] + 200 + 12 * moved, area["y"] + 200 + 4 * moved)
        page.wait_for_timeout(40)
    page.mouse.up()
    until(page, lambda: step(page) > first + 3)
    turned = page.evaluate(EYE)
    assert abs(turned["x"] - eye["x"]) + abs(turned["y"] - eye["y"]) > 0.3
    assert mode(page) == "playing"
    page.wait_for_timeout(800)
    assert page.evaluate(EYE) == turned  # drawing does not take the camera back
    page.locator("#play").click()


def test_a_lost_context_is_drawn_again_with_the_same_camera(page: Page, server: str) -> None:
    open_descent(page, server)
    show_surface(page)
    eye = page.evaluate(EYE)
    page.evaluate(
        """() => {
          const [canvas] = document.querySelectorAll("#surface canvas");
          (canvas.getContext("webgl2") ?? canvas.getContext("webgl")).getExtension("WEBGL_lose_context").loseContext();
        }"""
    )
    expect(page.locator("#notices")).to_contain_text("drawn again")
    page.wait_for_timeout(500)
    assert page.evaluate(EYE) == eye
    assert len(places(page.locator("#surface"), RUN_1, 40)) > 10


def test_without_webgl_the_map_goes_on_and_says_so(page: Page, server: str) -> None:
    page.add_init_script(NO_WEBGL)
    open_descent(page, server)
    page.get_by_role("radio", name="3-D").check()
    expect(page.locator("#notices")).to_contain_text("WebGL")
    expect(page.locator("#map")).to_be_visible()
    loss = number(page, "Loss")
    play(page, 10)
    assert number(page, "Loss") < loss


def test_its_height_can_be_linear(page: Page, server: str) -> None:
    open_descent(page, server)
    show_surface(page)
    page.locator("#surface-scale").get_by_role("radio", name="linear").check()
    settled(page)
    highest = page.evaluate("Math.max(...document.querySelector('#surface').data[0].z.flat())")
    page.locator("#surface-scale").get_by_role("radio", name="log").check()
    settled(page)
    logarithm = page.evaluate("Math.max(...document.querySelector('#surface').data[0].z.flat())")
    assert abs(10**logarithm - highest) < 1e-6 * highest
