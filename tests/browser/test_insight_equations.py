"""Equations with their numbers: what they show, what lights up, how one steps backwards, when they ask."""

import re

from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.driving import MINUS, ask, open_descent, play, select, settled, step, until


def open_equations(page: Page, server: str, model: str | None = None) -> None:
    """With the panel in sight, so that it has asked."""
    open_descent(page, server)
    if model:
        select(page, "Model", model)
    page.locator("#equations-now").scroll_into_view_if_needed()
    expect(page.locator(".passes .quantity").first).to_be_visible()
    settled(page)


def row(page: Page, quantity: str) -> Locator:
    return page.locator(f'.passes li[data-quantity="{quantity}"]')


def scalar(page: Page, quantity: str) -> float:
    return float(row(page, quantity).locator(".scalar").inner_text().replace(MINUS, "-"))


def told(page: Page, server: str, query: str = "notation=apart") -> dict[str, dict[str, object]]:
    found = ask(page, server, f"/anatomy?step={step(page)}&{query}")
    return {quantity["id"]: quantity for quantity in found["quantities"]}


def watch_anatomies(page: Page) -> list[str]:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/anatomy" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_every_symbol_has_the_numbers_of_the_step_that_is_drawn(page: Page, server: str) -> None:
    open_equations(page, server)
    for _ in range(2):
        for name in ("w", "b", "loss", "dw", "db", "learning_rate", "next[w]"):
            value = told(page, server)[name]["values"]
            assert isinstance(value, float)
            assert abs(scalar(page, name) - value) <= 1e-3 * max(1.0, abs(value))
        at = step(page)
        page.locator("#forward").click()
        until(page, lambda at=at: step(page) == at + 1)  # type: ignore[misc]  # a default binds the step
        settled(page)
    expect(page.locator("#equations .insight .about")).to_contain_text(
        f"The step from {step(page)} to {step(page) + 1}"
    )
    expect(row(page, "X")).to_contain_text("1 × 50")


def test_a_small_matrix_stands_in_brackets(page: Page, server: str) -> None:
    open_equations(page, server, "two_layer_sigmoid")
    weights = told(page, server)["w2"]["values"]
    assert isinstance(weights, list)
    shown = [float(cell.replace(MINUS, "-")) for cell in row(page, "w2").locator(".brackets > *").all_inner_texts()]
    assert [abs(a - b) < 1e-3 for a, b in zip(shown, weights[0], strict=True)] == [True] * 4


def test_what_is_pointed_at_lights_up_with_what_it_was_made_of(page: Page, server: str) -> None:
    open_equations(page, server)
    row(page, "prediction").locator('.symbol[data-quantity="prediction"]').first.hover()
    expect(row(page, "prediction")).to_have_class(re.compile(r"\blit\b"))
    for source in ("X", "w", "b"):
        expect(row(page, source)).to_have_class(re.compile(r"\bsource\b"))
    for other in ("target", "dw"):
        expect(row(page, other)).not_to_have_class(re.compile(r"\b(lit|source)\b"))
    line = "getComputedStyle(document.querySelector('#fit .js-line')).strokeWidth"
    assert page.evaluate(line) == "5px"
    page.mouse.move(5, 5)
    assert page.evaluate(line) != "5px"
    expect(page.locator(".lit")).to_have_count(0)


def test_the_same_quantity_lights_up_in_the_network_beside_the_equations(page: Page, server: str) -> None:
    open_equations(page, server, "network")
    row(page, "dW_bar0").locator('.symbol[data-quantity="psi1"]').hover()
    layers, lines = page.locator(".small .units"), page.locator(".small .lines")
    expect(layers.nth(1)).to_have_class("units lit")
    for source in (layers.nth(2), lines.nth(1)):  # Ψ of the layer above, and the weights it comes back through
        expect(source).to_have_class(re.compile("source"))
    expect(lines.nth(0)).not_to_have_class(re.compile("lit|source"))
    row(page, "next[W_bar0]").locator("button.equation").focus()
    page.mouse.move(5, 5)
    page.keyboard.press("ArrowUp")
    expect(lines.nth(0)).to_have_class(re.compile("lit"))
    page.keyboard.press("Tab")
    layers.nth(2).hover()
    expect(row(page, "prediction")).to_have_class(re.compile("lit"))


def test_a_click_holds_what_is_lit_until_escape(page: Page, server: str) -> None:
    open_equations(page, server)
    button = row(page, "loss").locator("button.equation")
    button.press("Enter")
    button.blur()
    expect(row(page, "loss")).to_have_class(re.compile(r"\blit\b"))
    expect(button).to_have_attribute("aria-pressed", "true")
    row(page, "loss").locator('.symbol[data-quantity="residual"]').click()
    page.mouse.move(5, 5)
    expect(row(page, "residual")).to_have_class(re.compile(r"\blit\b"))
    expect(row(page, "loss")).not_to_have_class(re.compile(r"\blit\b"))
    button.press("Escape")
    button.blur()
    expect(row(page, "residual")).not_to_have_class(re.compile(r"\blit\b"))


def test_either_notation_can_be_chosen(page: Page, server: str) -> None:
    open_equations(page, server)
    page.get_by_label("bias folded in").check()
    settled(page)
    matrix = told(page, server, "notation=folded")["W_bar0"]["values"]
    assert isinstance(matrix, list)
    shown = [float(cell.replace(MINUS, "-")) for cell in row(page, "W_bar0").locator(".brackets > *").all_inner_texts()]
    assert shown == [round(number, 3) for number in matrix[0]]
    expect(row(page, "w")).to_have_count(0)
    select(page, "Model", "network")
    expect(page.get_by_label("bias folded in")).to_be_checked()
    page.get_by_label("weights and bias apart").check()
    expect(row(page, "W2")).to_be_visible()


def test_keys_walk_through_equations_and_their_cells(page: Page, server: str) -> None:
    open_equations(page, server)
    assert page.locator('.pass.forward .equation[tabindex="0"]').count() == 1
    first = row(page, "X").locator("button.equation")
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    values = told(page, server)["X"]["values"]
    assert isinstance(values, list)
    second = sorted(range(50), key=lambda i: values[0][i])[1]
    expect(row(page, "X").locator(".cell")).to_have_text(re.compile(rf"x\[0, {second}\] = {MINUS}?[\d.e{MINUS}]+"))
    page.keyboard.press("ArrowDown")
    expect(row(page, "w").locator("button.equation")).to_be_focused()
    expect(row(page, "X").locator(".cell")).to_have_text("")
    assert step(page) == 0


def test_the_cell_under_the_pointer_is_read_out(page: Page, server: str) -> None:
    open_equations(page, server, "two_layer_sigmoid")
    canvas = row(page, "A").locator("canvas.heat")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 2)
    found = told(page, server)
    inputs, values = found["X"]["values"], found["A"]["values"]
    assert isinstance(inputs, list)
    assert isinstance(values, list)
    last = max(range(100), key=lambda i: inputs[0][i])
    expect(row(page, "A").locator(".cell")).to_have_text(f"A[0, {last}] = {values[0][last]:.3f}")


def test_the_backward_pass_is_stepped_through_and_says_what_is_used_again(page: Page, server: str) -> None:
    open_equations(page, server, "network")
    page.get_by_label("Ψ, layer by layer").check()
    view = page.locator(".psi")
    level = view.locator(".level")
    expect(level).to_have_count(2)
    expect(level.nth(0).locator("li.now")).to_have_attribute("data-quantity", "psi2")
    expect(level.nth(1).locator("li.future").first).to_be_hidden()
    view.get_by_role("button", name="Next").click()
    expect(view.locator("li.now")).to_have_attribute("data-quantity", "dW_bar1")
    view.get_by_role("button", name="Next").press("ArrowRight")
    assert step(page) == 0
    expect(view.locator(".words")).to_contain_text("Ψ₂ is there already")
    assert view.locator(".levels .reused").evaluate_all("all => all.map((one) => one.dataset.quantity)") == [
        "psi2",
        "psi2",
    ]
    boxed = view.locator(".written-out .reused")
    expect(boxed).to_have_count(1)
    expect(boxed.locator('[data-quantity="residual"]')).to_have_count(1)
    view.get_by_role("button", name="Next").press("ArrowRight")
    expect(view.locator(".written-out .reused .reused")).to_have_count(1)
    expect(view.locator("li.future")).to_have_count(0)
    expect(view.get_by_role("button", name="Next")).to_have_attribute("aria-disabled", "true")


def test_a_model_of_one_layer_hands_nothing_on(page: Page, server: str) -> None:
    open_equations(page, server)
    expect(page.get_by_label("Ψ, layer by layer")).to_be_hidden()


def test_the_examples_of_an_entry_add_up_to_it(page: Page, server: str) -> None:
    open_equations(page, server)
    page.get_by_text("What each example adds").click()
    settled(page)
    page.get_by_label("Entry", exact=True).select_option("b")
    settled(page)
    found = ask(page, server, "/anatomy?entry=b")["contributions"]
    expect(page.locator(".shares .toolbar")).to_contain_text(f"∂L/∂b = {found['gradient']:.3f}, the sum of 50 examples")
    bars = page.locator(".shares .strip path").get_attribute("d") or ""
    assert bars.count("M") == 50
    page.locator(".shares .strip").focus()
    page.keyboard.press("ArrowRight")
    inputs = ask(page, server, "/data")["X"][0]
    first = min(range(50), key=lambda i: inputs[i])
    share = f"{found['shares'][first]:.3f}".replace("-", MINUS)
    expect(page.locator(".shares .cell")).to_have_text(re.compile(rf"^Example {first} \(.+\): {share}$"))


def test_a_batch_is_what_the_step_sees(page: Page, server: str) -> None:
    open_equations(page, server)
    page.get_by_label("Batch size").evaluate(
        "(slider) => { slider.value = 500; slider.dispatchEvent(new Event('input')); }"
    )
    settled(page)
    batch = ask(page, server, "/anatomy")["batch"]
    assert 1 < len(batch) < 50
    expect(page.locator("#equations .insight .about")).to_contain_text(f"a batch of {len(batch)} of 50 examples")
    expect(row(page, "X")).to_contain_text(f"1 × {len(batch)}")


def test_nothing_is_asked_for_equations_that_nobody_sees(page: Page, server: str) -> None:
    asked = watch_anatomies(page)
    open_descent(page, server)
    play(page, 10)
    settled(page)
    assert asked == []
    page.get_by_role("tab", name="Numbers").click()
    page.mouse.wheel(0, 2000)
    page.locator("#forward").click()
    settled(page)
    assert asked == []
    page.get_by_role("tab", name="Equations").click()
    settled(page)
    assert len(asked) == 1


def test_while_it_plays_equations_ask_less_than_once_a_second(page: Page, server: str) -> None:
    open_equations(page, server)
    asked = watch_anatomies(page)
    page.keyboard.press("Space")
    until(page, lambda: len(asked) > 0)
    page.wait_for_timeout(2000)
    during = len(asked)
    page.keyboard.press("Space")
    settled(page)
    assert during <= 2
    loss = told(page, server)["loss"]["values"]
    assert isinstance(loss, float)
    assert abs(scalar(page, "loss") - loss) < 1e-3 * max(1.0, loss)
