"""Planes of the map: which way it is cut, what stands at its axes, where the path runs on it."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.driving import MINUS, ask, click_map, number, open_descent, play, select, settled, step, until
from tests.browser.test_saving import saved, texts


def titles(page: Page) -> list[str]:
    """What stands at the axes of the map, as it is on the screen."""
    return [page.locator(f"#map-base .{axis}title").text_content() or "" for axis in ("x", "y")]


def choose(page: Page, control: str, value: str) -> None:
    page.locator(control).select_option(value)
    settled(page)


def surface(page: Page) -> dict[str, Any]:
    """The one that is drawn."""
    found: dict[str, Any] = page.evaluate("descent.store.state.surface")
    return found


def drawn_path(page: Page) -> np.ndarray[Any, Any]:
    """(N, 3) of step, x, y as the page keeps them of the first run."""
    script = "({ step, columns }) => step.map((s, i) => [s, columns.x[i], columns.y[i]])"
    return np.array(page.evaluate(f"({script})(descent.session.paths.get('run 1'))"))


def check_path(page: Page, server: str) -> None:
    """Every point stands where the parameters of its step lie on the plane that is drawn."""
    vectors = ask(page, server, f"/plane?plane={surface(page)['value']['plane']['id']}")
    origin, *directions = (np.array(vectors[name]) for name in ("origin", "d1", "d2"))
    for at, x, y in drawn_path(page)[[0, 10, step(page)]]:
        theta = np.array(ask(page, server, f"?step={int(at)}")["runs"][0]["parameters"])
        expected, *_ = np.linalg.lstsq(np.stack(directions, axis=1), theta - origin, rcond=None)
        assert np.allclose([x, y], expected, atol=1e-9)


def check_tip(page: Page, server: str) -> None:
    """Pointed at, a point of the path tells its step, its own loss and how far the slice is from it."""
    plane = surface(page)["value"]["plane"]["id"]
    known = ask(page, server, f"/trajectory?plane={plane}&since=3&max_points=300")["runs"][0]["trajectory"]
    x, y = page.evaluate(
        """([x, y]) => {
          const { xaxis, yaxis } = document.querySelector("#map-base")._fullLayout;
          const box = document.querySelector("#map-base").getBoundingClientRect();
          return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
        }""",
        [known["x"][0], known["y"][0]],
    )
    tip = page.locator(".path-tip")
    page.mouse.move(x, y)
    told = [
        float(found.replace(MINUS, "-"))
        for found in re.findall(rf"{MINUS}?\d+\.\d+(?:e[{MINUS}\d]+)?", tip.inner_text())
    ]
    loss, slice_loss, off = (known[name][0] for name in ("loss", "slice_loss", "off_plane"))
    assert tip.inner_text().startswith(f"step {known['step'][0]}: loss")
    assert np.allclose(told, [loss, slice_loss, loss - slice_loss, off], rtol=2e-3, atol=1e-3)
    page.mouse.move(x, y + 60)
    expect(tip).to_be_hidden()


def test_the_map_is_cut_along_every_kind_of_plane(page: Page, server: str) -> None:
    open_descent(page, server)
    expect(page.locator("#axes")).to_be_hidden()  # a line fit has one plane
    select(page, "Model", "two_layer_sigmoid")
    play(page, 25)
    settled(page)
    check_path(page, server)

    choose(page, "#plane-kind", "random")
    assert titles(page) == ["random direction 1", "random direction 2"]
    assert surface(page)["step"] == step(page)
    check_path(page, server)
    check_tip(page, server)
    before = surface(page)["value"]["plane"]["id"]
    page.locator("#another").click()
    settled(page)
    assert surface(page)["value"]["plane"]["id"] != before

    choose(page, "#plane-kind", "pca")
    shares = surface(page)["value"]["plane"]["explained_variance"]
    assert 0.9 < sum(shares) <= 1
    for title, share in zip(titles(page), shares, strict=True):
        assert abs(float(title.split("(")[1].split("%")[0]) - 100 * share) < 0.1
    check_path(page, server)

    choose(page, "#plane-kind", "points")
    start, (x_label, y_label) = drawn_path(page)[0], titles(page)
    assert (x_label.startswith("start → run 1@"), y_label) == (True, "towards now")
    assert np.allclose(start[1:], 0, atol=1e-9)
    check_path(page, server)


def open_random_plane(page: Page, server: str) -> None:
    """Of a small network, its directions as long as its units' weights."""
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    choose(page, "#plane-kind", "random")
    choose(page, "#normalize", "filter")


def test_a_plane_follows_the_run_and_lasts_as_long_as_the_link(page: Page, server: str) -> None:
    open_random_plane(page, server)
    choose(page, "#center", "start")
    play(page, 10)
    settled(page)
    assert surface(page)["step"] == 0
    expect(page.locator("#slice")).to_contain_text("slice through the start, now")
    choose(page, "#center", "current")
    assert surface(page)["step"] == step(page)
    first = surface(page)["value"]["plane"]["id"]
    page.locator("#play").click()
    until(page, lambda: surface(page)["value"]["plane"]["id"] != first)  # it is cut again while the run moves on
    page.locator("#play").click()
    settled(page)
    assert page.evaluate("descent.player.computed") > step(page)  # the server is ahead, and nobody has seen that
    assert surface(page)["step"] == step(page)
    expect(page.locator("#recut")).to_be_hidden()
    check_path(page, server)
    page.locator("#forward").click()
    settled(page)
    assert surface(page)["step"] == step(page)  # a step by hand turns it too
    seen = surface(page)["value"]["plane"]["id"]
    page.locator("#back").click()
    settled(page)
    assert surface(page)["value"]["plane"]["id"] == seen  # who looks back finds it as it was
    page.locator("#recut").click()
    settled(page)
    assert surface(page)["step"] == step(page)


def test_arrows_last_as_long_as_the_link_and_a_click_starts_on_the_plane(page: Page, server: str) -> None:
    open_random_plane(page, server)
    address = page.evaluate("location.hash")
    page.locator("#arrows").click()
    until(page, lambda: page.locator("#map-base .scatterlayer .trace").count() == 2)
    until(page, lambda: page.evaluate("location.hash") != address)
    page.reload()
    until(page, lambda: page.locator("#map-base .scatterlayer .trace").count() == 2)
    settled(page)
    view = page.evaluate("descent.store.state.view")
    assert {name: view[name] for name in ("plane", "normalize", "arrows", "center")} == {
        "plane": "random",
        "normalize": "filter",
        "arrows": True,
        "center": "current",
    }
    assert titles(page) == ["random direction 1", "random direction 2"]

    chosen = surface(page)["value"]
    vectors = ask(page, server, f"/plane?plane={chosen['plane']['id']}")
    lineage = page.evaluate("descent.store.state.session.lineage")
    click_map(page, 0.25, 0.75)
    until(page, lambda: page.evaluate("descent.store.state.session.lineage") > lineage)
    settled(page)
    across, up = ((grid[-1] - grid[0], grid[0]) for grid in (chosen["x"], chosen["y"]))
    wanted = (
        np.array(vectors["origin"])
        + (across[1] + 0.25 * across[0]) * np.array(vectors["d1"])
        + (up[1] + 0.75 * up[0]) * np.array(vectors["d2"])
    )
    found = np.array(ask(page, server)["runs"][0]["parameters"])
    assert np.linalg.norm(found - wanted) < 0.02 * np.linalg.norm(np.array(vectors["d1"])) * across[0]
    assert number(page, "Loss") > 0


def test_the_loss_straight_on_from_the_start_is_drawn_to_now_and_to_the_optimum(
    page: Page, server: str, tmp_path: Path
) -> None:
    open_descent(page, server)
    play(page, 10)
    page.get_by_role("radio", name="line", exact=True).check()
    settled(page)
    first, last = (ask(page, server, f"?step={at}")["runs"][0]["loss"] for at in (0, step(page)))
    best = ask(page, server, "/line?from=start&to=optimum&samples=2")["loss"][1]
    now, optimum = page.evaluate(
        "document.querySelector('#line').data.map(({ x, y }) => [x[0], y[0], x.at(-1), y.at(-1)])"
    )
    assert np.allclose(now, [0, first, 1, last], rtol=1e-4)
    assert np.allclose(optimum, [0, first, 1, best], rtol=1e-4)
    file, svg = saved(page, "Loss surface", "SVG", tmp_path)
    assert file == f"descent-univariate-regression-line-step-{step(page)}.svg"
    assert "from the start to the optimum" in texts(svg)
    page.locator("#forward").click()
    settled(page)
    assert page.evaluate("descent.store.state.lines.step") == step(page)  # it follows the run
    page.get_by_role("button", name="Compare with another run").click()
    settled(page)
    until(page, lambda: page.evaluate("document.querySelector('#line').data.length") == 3)
    looks = page.evaluate(
        "document.querySelector('#line').data.map(({ name, line, y }) => [name, line.color, line.dash, y.at(-1)])"
    )
    runs = ask(page, server, f"?step={step(page)}")["runs"]
    assert [look[0] for look in looks] == [run["name"] for run in runs] + ["from the start to the optimum"]
    assert len({look[1] for look in looks}) == len({look[2] for look in looks[:2]}) + 1 == 3
    assert np.allclose([look[3] for look in looks[:2]], [run["loss"] for run in runs], rtol=1e-4)
    page.get_by_role("radio", name="map", exact=True).check()
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("#line")).to_be_hidden()
