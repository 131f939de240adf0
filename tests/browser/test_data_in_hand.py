"""Points taken in hand: by mouse, finger and keys they move, come and go, and the run follows."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.driving import ask, open_descent, play, select, set_learning_rate, settled, step, until

PIXEL = """
(index) => {
  const graph = document.querySelector("#fit");
  const { xaxis, yaxis } = graph._fullLayout;
  const { X, y } = descent.store.state.data;
  const { left, top } = graph.getBoundingClientRect();
  const up = (X[1] ?? y[0])[index];
  return [left + xaxis._offset + xaxis.l2p(X[0][index]), top + yaxis._offset + yaxis.l2p(up)];
}
"""


def data(page: Page, server: str) -> dict[str, Any]:
    settled(page)
    return ask(page, server, "/data")


def pixel(page: Page, index: int) -> tuple[float, float]:
    x, y = page.evaluate(PIXEL, index)
    return x, y


def lowest(found: dict[str, Any]) -> int:
    values = found["y"][0]
    return int(values.index(min(values)))


def least_squares(found: dict[str, Any]) -> tuple[float, float]:
    xs, ys = found["X"][0], found["y"][0]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    w = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / sum((x - x_mean) ** 2 for x in xs)
    return w, y_mean - w * x_mean


def test_a_dragged_point_takes_the_fit_with_it_at_the_same_step_and_can_be_undone(page: Page, server: str) -> None:
    open_descent(page, server)
    set_learning_rate(page, 0.1)
    play(page, 80)
    before, drawn = data(page, server), step(page)
    index = lowest(before)
    x, y = pixel(page, index)
    axes = "(({ xaxis, yaxis }) => [...xaxis.range, ...yaxis.range])(document.querySelector('#fit')._fullLayout)"
    frozen = page.evaluate(axes)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y - 60, steps=8)
    until(page, lambda: page.evaluate("descent.store.state.recipe.problem.dataset.kind") == "inline")
    assert page.evaluate(axes) == frozen
    page.mouse.up()
    after = data(page, server)
    assert (step(page), page.evaluate("descent.player.mode")) == (drawn, "paused")
    changed = [i for i in range(50) if (before["X"][0][i], before["y"][0][i]) != (after["X"][0][i], after["y"][0][i])]
    assert changed == [index]
    assert after["X"][0][index] > before["X"][0][index]
    assert after["y"][0][index] > before["y"][0][index] + 1
    w, b = least_squares(after)
    now = ask(page, server, "/parameters")["values"]
    assert abs(now["w"] - w) + abs(now["b"] - b) < 0.2
    optimum = page.evaluate("descent.store.state.surface.value.optimum")
    assert abs(optimum["x"] - w) + abs(optimum["y"] - b) < 1e-6
    page.keyboard.press("Control+z")
    until(page, lambda: page.evaluate("descent.store.state.recipe.problem.dataset.kind") == "line")
    assert data(page, server) == before


def test_points_come_and_go_by_keys_and_by_numbers(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_role("button", name="Edit data").click()
    number = page.get_by_label("Number of the point")
    number.fill("7")
    number.blur()
    ring = page.get_by_role("button", name="Point 7 of 50")
    expect(ring).to_be_visible()
    x_field = page.locator("#points").get_by_label("x", exact=True)
    x_field.fill("1.25")
    x_field.blur()
    until(page, lambda: page.evaluate("descent.store.state.data.X[0][6]") == 1.25)
    before = data(page, server)
    ring.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    after = data(page, server)
    across, up = (max(after[k][0]) - min(after[k][0]) for k in ("X", "y"))
    assert abs(after["X"][0][6] - before["X"][0][6] - 0.1 * across) < 0.01 * across
    assert abs(after["y"][0][6] - before["y"][0][6] - 0.01 * up) < 0.002 * up
    assert step(page) == 0  # arrows that move a point are not those that step
    page.keyboard.press("PageDown")
    expect(page.get_by_role("button", name="Point 8 of 50")).to_be_focused()
    page.keyboard.press("Delete")
    assert data(page, server)["X"][0] == after["X"][0][:7] + after["X"][0][8:]
    page.get_by_role("button", name="Add a point").click()
    until(page, lambda: len(data(page, server)["X"][0]) == 50)
    expect(page.get_by_role("button", name="Point 50 of 50")).to_be_visible()
    area = page.locator("#fit .nsewdrag").bounding_box()
    assert area
    page.mouse.dblclick(area["x"] + 0.4 * area["width"], area["y"] + 0.1 * area["height"])
    until(page, lambda: len(data(page, server)["X"][0]) == 51)
    page.get_by_role("button", name="Edit data").click()
    expect(page.locator("#points")).to_be_hidden()


def test_points_of_two_features_keep_their_class_and_a_class_can_be_chosen(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "network")
    select(page, "Data", "moons")
    until(page, lambda: page.evaluate("descent.store.state.data?.X.length") == 2)
    before = data(page, server)
    x, y = pixel(page, 5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 12, steps=4)
    page.mouse.up()
    after = data(page, server)
    moved = [i for i, (one, other) in enumerate(zip(before["X"][0], after["X"][0], strict=True)) if one != other]
    assert len(moved) == 1
    assert after["y"] == before["y"]
    page.get_by_role("button", name="Edit data").click()
    label = page.locator("#points select")
    other = str(1 - int(after["y"][0][moved[0]]))
    label.select_option(other)
    until(page, lambda: data(page, server)["y"][0][moved[0]] == float(other))


TOUCH = """
([x, y, kind]) => {
  const at = { clientX: x, clientY: y, pointerId: 1, pointerType: "touch", bubbles: true, cancelable: true };
  return document.querySelector("#fit .nsewdrag").dispatchEvent(new PointerEvent(kind, at));
}
"""


def test_a_finger_scrolls_until_editing_is_asked_for_and_a_lock_keeps_hands_off(page: Page, server: str) -> None:
    open_descent(page, server)
    place = list(pixel(page, 3))
    assert page.evaluate(TOUCH, [*place, "pointerdown"])  # left to the browser: it scrolls
    page.get_by_role("button", name="Edit data").click()
    assert page.locator("#fit").evaluate("(box) => getComputedStyle(box).touchAction") == "none"
    page.evaluate("Element.prototype.setPointerCapture = () => {}")  # there is no such finger
    assert not page.evaluate(TOUCH, [*place, "pointerdown"])
    page.evaluate(TOUCH, [*place, "pointerup"])
    expect(page.get_by_role("button", name="Point 4 of 50")).to_be_focused()
    page.evaluate("descent.store.set({ view: { ...descent.store.state.view, lock: ['data'] } })")
    expect(page.get_by_role("button", name="Edit data")).to_be_hidden()
    expect(page.locator("#points")).to_be_hidden()
    page.mouse.move(*place)
    page.mouse.down()
    page.mouse.move(place[0] + 30, place[1], steps=3)
    page.mouse.up()
    settled(page)
    assert ask(page, server)["recipe"]["problem"]["dataset"]["kind"] == "line"
